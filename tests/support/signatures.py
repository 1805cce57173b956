"""Do commands bind? Against Microsoft's documented signatures, and against a function's own param block.

A reading of "about_Parameters" and "about_Parameter_Sets", made for these checks alone: the binder of the
rehearsal is not used, so that a mistake of one of them shows.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from engine.model.command import Argument, Command

ALL = "(All)"
_RANGES = {
    "int32": (-(2**31), 2**31 - 1),
    "int": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "uint64": (0, 2**64 - 1),
}


class Parameter(BaseModel):
    """One parameter. `sets` and `required_in` name parameter sets, or "(All)"."""

    type: str
    sets: tuple[str, ...] = (ALL,)
    required_in: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    pattern: str = ""


class Signature(BaseModel):
    """What a command can be given."""

    syntax: dict[str, str] = {}
    parameters: dict[str, Parameter]


@dataclass(frozen=True, slots=True)
class Signatures:
    """All documented commands."""

    commands: Mapping[str, Signature]
    common: frozenset[str]


def documented(root: Path) -> Signatures | None:
    """Microsoft's signatures, from a `shared/` folder in a folder above `root`; None where there is none."""
    for folder in root.resolve().parents:
        file = folder / "shared" / "windows" / "powershell-cmdlets.json"
        if file.is_file():
            data = json.loads(file.read_text(encoding="utf-8"))
            commands = {name: Signature.model_validate(each) for name, each in data["cmdlets"].items()}
            return Signatures(commands, frozenset(data["common_parameters"]))
    return None


def problems(command: Command, signature: Signature, common: frozenset[str] = frozenset()) -> list[str]:
    """Why PowerShell would refuse the command; nothing if it binds."""
    found: list[str] = []
    possible = set(signature.syntax) or {ALL}
    bound: set[str] = set()
    for name, value in command.parameters:
        parameter = signature.parameters.get(name)
        if name in common:
            continue
        if parameter is None:
            found.append(f"no parameter {name}")
            continue
        if name in bound:
            found.append(f"{name} is given twice")
        bound.add(name)
        if not _fits(value, parameter):
            found.append(f"{name} is no {parameter.type}: {value!r}")
        if ALL not in parameter.sets:
            possible &= set(parameter.sets)
    complete = [each for each in possible if _mandatory(signature, each) <= bound]
    if not possible:
        found.append("no parameter set has all these parameters")
    elif not complete:
        missing = {each: sorted(_mandatory(signature, each) - bound) for each in possible}
        found.append(f"mandatory parameters are missing: {missing}")
    return found


def _mandatory(signature: Signature, chosen: str) -> set[str]:
    return {
        name
        for name, parameter in signature.parameters.items()
        if chosen in parameter.required_in or ALL in parameter.required_in
    }


def _fits(value: Argument, parameter: Parameter) -> bool:
    base = parameter.type.rpartition(".")[2].lower()
    if base.endswith("[]"):
        items: tuple[Argument, ...] = value if isinstance(value, tuple) else (value,)
        return all(_fits_one(item, base[:-2], parameter) for item in items)
    return _fits_one(value, base, parameter)


def _fits_one(value: Argument, base: str, parameter: Parameter) -> bool:
    if base in {"switchparameter", "switch", "boolean", "bool"}:
        return isinstance(value, bool)
    if base in _RANGES:
        low, high = _RANGES[base]
        listed = not parameter.values or str(value) in parameter.values
        return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high and listed
    if not isinstance(value, str):
        return False
    if parameter.pattern and not re.search(parameter.pattern, value, re.IGNORECASE):
        return False
    return not parameter.values or value.casefold() in {each.casefold() for each in parameter.values}


_PARAMETER = re.compile(
    r"(?P<attributes>(?:\[[A-Z]\w+\((?:[^()]|\([^()]*\))*\)\]\s*)*)\[(?P<type>[\w\[\]]+?)\]\s*\$(?P<name>\w+)"
)


def of_function(text: str) -> Signature:
    """The signature that a reviewed function's own param block gives."""
    block = text[text.index("param(") : text.index("Set-StrictMode")]
    parameters: dict[str, Parameter] = {}
    for found in _PARAMETER.finditer(block):
        attributes = found["attributes"]
        named = re.search(r"ParameterSetName\s*=\s*'(\w+)'", attributes)
        sets = (named[1],) if named else (ALL,)
        mandatory = re.search(r"Mandatory\s*=\s*\$true", attributes) is not None
        allowed = re.search(r"ValidateSet\(([^)]*)\)", attributes)
        pattern = re.search(r"ValidatePattern\('(.*)'\)\]", attributes)
        parameters[found["name"]] = Parameter(
            type=found["type"],
            sets=sets,
            required_in=sets if mandatory else (),
            values=tuple(each.strip(" '") for each in allowed[1].split(",")) if allowed else (),
            pattern=pattern[1] if pattern else "",
        )
    names = {each for parameter in parameters.values() for each in parameter.sets if each != ALL}
    return Signature(syntax=dict.fromkeys(names, ""), parameters=parameters)
