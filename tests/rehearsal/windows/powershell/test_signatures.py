"""Every emulated cmdlet's signature against Microsoft's documentation, where that is at hand."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

import pytest

from engine.rehearsal.windows.powershell import enums
from engine.rehearsal.windows.powershell.cmdlets.table import CMDLETS
from engine.rehearsal.windows.powershell.signature import ALL_SETS, Parameter, common_names
from engine.rehearsal.windows.powershell.validation import InSet

# What the documentation has no word for, or not in this form: dynamic parameters of the providers.
OWN = frozenset({"WhatIf", "Confirm"}) | frozenset(common_names())


class _Documented(TypedDict, total=False):
    type: str
    sets: list[str]
    required_in: list[str]
    position: int
    aliases: list[str]
    values: list[str]
    pipeline: str


def _reference() -> dict[str, dict[str, _Documented]]:
    for folder in Path(__file__).resolve().parents:
        file = folder.parent / "shared" / "windows" / "powershell-cmdlets.json"
        if file.is_file():
            cmdlets = json.loads(file.read_text(encoding="utf-8"))["cmdlets"]
            return {name: cmdlet["parameters"] for name, cmdlet in cmdlets.items()}
    return {}


REFERENCE = _reference()
NAMES = sorted(command.signature.name for command in CMDLETS.values())

NOT_HERE = {
    # Parameters of other providers than the file system's and the registry's.
    "CodeSigningCert",
    "DnsName",
    "DocumentEncryptionCert",
    "Eku",
    "ExpiringInDays",
    "SSLServerAuthentication",
    "DeleteKey",
    "ApplicationName",
    "Authentication",
    "CertificateThumbprint",
    "ConnectionURI",
    "OptionSet",
    "Options",
    "Port",
    "SessionOption",
    "UseSSL",
}


def _short(name: str) -> str:
    array = "[]" if name.endswith("[]") else ""
    bare = name.removesuffix("[]").rpartition(".")[2]
    return {"SwitchParameter": "Switch"}.get(bare, bare) + array


def _is_garbled(name: str) -> bool:
    """A generic type lost a part on its way: `System.Nullable[DateTime]` is `DateTime]` there."""
    return "]" in name.removesuffix("[]")


def _set_name(name: str) -> str:
    """Without what the documentation adds: ` (cdxml)`, ` - All providers`."""
    return name.partition(" (")[0].partition(" - ")[0]


def _sets(documented: _Documented) -> dict[str, bool]:
    required = {_set_name(name) for name in documented.get("required_in", [])}
    everywhere = "(All)" in documented.get("required_in", [])
    return {
        ALL_SETS if name == "(All)" else _set_name(name): everywhere or _set_name(name) in required
        for name in documented["sets"]
    }


pytestmark = pytest.mark.skipif(not REFERENCE, reason="needs shared/windows/powershell-cmdlets.json")


@pytest.mark.parametrize("name", NAMES)
def test_the_cmdlet_has_the_documented_parameters(name: str) -> None:
    mine = {parameter.name for parameter in CMDLETS[name.casefold()].signature.parameters}
    documented = set(REFERENCE[name]) - NOT_HERE
    assert mine - OWN == documented - OWN


@pytest.mark.parametrize("name", NAMES)
def test_each_parameter_is_as_documented(name: str) -> None:
    problems = []
    for parameter in CMDLETS[name.casefold()].signature.parameters:
        documented = REFERENCE[name].get(parameter.name)
        if documented is not None:
            problems += [f"{parameter.name}: {problem}" for problem in _differences(parameter, documented)]
    assert not problems


def _differences(parameter: Parameter, documented: _Documented) -> list[str]:
    wanted_sets = _sets(documented)
    documented_type = _short(documented["type"])
    checks = {
        "type": (parameter.type, parameter.type if _is_garbled(documented["type"]) else documented_type),
        "position": (parameter.position, documented.get("position")),
        "aliases": (set(parameter.aliases), set(documented.get("aliases", []))),
        "sets": (dict(parameter.sets), wanted_sets),
        "by value": (parameter.by_value, "ByValue" in documented.get("pipeline", "")),
        "by property": (parameter.by_property, "ByPropertyName" in documented.get("pipeline", "")),
    }
    found = [
        f"{what}: {mine!r}, documented {theirs!r}"
        for what, (mine, theirs) in checks.items()
        if mine != theirs
    ]
    values = documented.get("values")
    if (
        values
        and _accepted(parameter) is not None
        and not set(map(str.casefold, values)) <= set(map(str.casefold, _accepted(parameter) or ()))
    ):
        found.append(f"values: {_accepted(parameter)!r}, documented {values!r}")
    return found


def _accepted(parameter: Parameter) -> tuple[str, ...] | None:
    bare = parameter.type.removesuffix("[]")
    if enums.is_enum(bare):
        return tuple(enums.members(bare))
    return next((v.values for v in parameter.validators if isinstance(v, InSet)), None)
