"""Reads the one kind of script that the rehearsal takes: a reviewed function, alone in its text.

The parameters come from the text itself, so that a call is refused or accepted as the function's own param
block says. What the function does is emulated, and only for the text that the emulation was written for.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import MappingProxyType

from engine.rehearsal.windows.powershell import errors
from engine.rehearsal.windows.powershell.command import Command
from engine.rehearsal.windows.powershell.errors import StatementFailed
from engine.rehearsal.windows.powershell.functions.table import EMULATIONS
from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord
from engine.rehearsal.windows.powershell.signature import (
    ALL_SETS,
    Parameter,
    Signature,
    signature,
)
from engine.rehearsal.windows.powershell.validation import (
    InSet,
    LengthBetween,
    Matches,
    NotNullOrEmpty,
    RangeBetween,
    Validator,
)

_FUNCTION = re.compile(r"function\s+([A-Za-z]+-[A-Za-z0-9]+)\s*\{", re.IGNORECASE)
_PARAM = re.compile(r"\bparam\s*\(", re.IGNORECASE)
_DEFAULT_SET = re.compile(r"DefaultParameterSetName\s*=\s*'([^']+)'", re.IGNORECASE)
_SET_NAME = re.compile(r"ParameterSetName\s*=\s*'([^']+)'", re.IGNORECASE)
_POSITION = re.compile(r"Position\s*=\s*(\d+)", re.IGNORECASE)
_BY_VALUE = re.compile(r"ValueFromPipeline\s*=\s*\$true\b", re.IGNORECASE)
_MANDATORY = re.compile(r"Mandatory\s*(?:=\s*\$true\b|(?=[,)])|$)", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"\[\s*([A-Za-z][\w.]*(?:\[\])?)\s*(\(|\])")
_VARIABLE = re.compile(r"\$([A-Za-z_]\w*)")
_TYPES: Mapping[str, str] = MappingProxyType(
    {
        "string": "String",
        "int": "Int32",
        "int32": "Int32",
        "long": "Int64",
        "uint32": "UInt32",
        "uint64": "UInt64",
        "bool": "Boolean",
        "switch": "Switch",
        "object": "Object",
        "psobject": "PSObject",
        "byte": "Byte",
    }
)


class UnreadableScript(Exception):
    """The text is no single function with a param block in the form that is understood here."""


@dataclass(frozen=True, slots=True)
class _Attribute:
    name: str
    arguments: str


def digest(text: str) -> str:
    """The SHA-256 of a script, in hex, whatever line endings it arrived with."""
    return hashlib.sha256(text.replace("\r\n", "\n").strip().encode("utf-8")).hexdigest()


@lru_cache(maxsize=64)
def reviewed_function(text: str) -> Command:
    """The function that the script defines, with its emulation. Every session sends the same few texts.

    Raises:
        StatementFailed: it is anything else than a reviewed function, or its text is not the reviewed one.
    """
    try:
        read = read_function(text)
    except UnreadableScript as error:
        raise StatementFailed(_refused(f"{error}; the rehearsal runs reviewed functions only")) from None
    emulation = EMULATIONS.get(read.name.casefold())
    if emulation is None:
        raise StatementFailed(errors.not_emulated(read.name, f"the function {read.name}"))
    if emulation.sha256 != digest(text):
        raise StatementFailed(
            _refused(
                f"The text of {read.name} is not the one that its emulation was written for "
                f"(SHA-256 {digest(text)}, expected {emulation.sha256}). Review the emulation and update it."
            )
        )
    return Command(read, emulation.process, emulation.collect)


def _refused(message: str) -> ErrorRecord:
    return ErrorRecord(
        exception_type="System.Management.Automation.PSNotSupportedException",
        message=message,
        error_id="RehearsalScriptNotReviewed",
        category=ErrorCategory.SecurityError,
        reason="PSNotSupportedException",
        terminating=True,
    )


def read_function(text: str) -> Signature:
    """The name and parameters of the single function that a script defines.

    Raises:
        UnreadableScript: it is something else.
    """
    code = _without_comments(text).strip()
    start = _FUNCTION.match(code)
    if start is None:
        raise UnreadableScript("The script does not start with a function")
    end = _closing(code, start.end() - 1)
    if code[end + 1 :].strip():
        raise UnreadableScript("The script holds more than one function")
    body = code[start.end() : end]
    block = _PARAM.search(body)
    if block is None:
        raise UnreadableScript("The function has no param block")
    header = body[: block.start()]
    inner = body[block.end() : _closing(body, block.end() - 1)]
    found = _DEFAULT_SET.search(header)
    common = signature("common").parameters
    name = start.group(1)
    parameters = tuple(_parameter(declaration) for declaration in _split(inner))
    return Signature(name, name, True, parameters + common, found.group(1) if found else "")


def _without_comments(text: str) -> str:
    """The text with its comments blanked; quoted text keeps what looks like one."""
    pattern = r"'(?:[^']|'')*'|\"(?:[^\"`]|`.)*\"|<#.*?#>|#[^\n]*"
    return re.sub(pattern, lambda m: m.group(0) if m.group(0)[0] in "'\"" else " ", text, flags=re.DOTALL)


def _tokens(code: str) -> Iterator[tuple[int, str]]:
    """Position and text of brackets, commas and quoted strings."""
    for match in re.finditer(r"'(?:[^']|'')*'|\"(?:[^\"`]|`.)*\"|[(){}\[\],]", code):
        yield match.start(), match.group(0)


def _closing(code: str, opening: int) -> int:
    depth = 0
    for position, mark in _tokens(code):
        if position < opening:
            continue
        if mark in "({[":
            depth += 1
        elif mark in ")}]":
            depth -= 1
            if depth == 0:
                return position
    raise UnreadableScript("A bracket is not closed")


def _split(code: str) -> Iterator[str]:
    """The text between the commas that stand in no bracket."""
    depth = start = 0
    for position, mark in _tokens(code):
        if mark in "({[":
            depth += 1
        elif mark in ")}]":
            depth -= 1
        elif mark == "," and depth == 0:
            yield code[start:position]
            start = position + 1
    if code[start:].strip():
        yield code[start:]


def _parameter(declaration: str) -> Parameter:
    attributes: list[_Attribute] = []
    at = 0
    text = declaration.strip()
    while (match := _ATTRIBUTE.match(text, at)) is not None:
        end = _closing(text, match.start())
        arguments = text[match.end() : end].rstrip().removesuffix(")") if match.group(2) == "(" else ""
        attributes.append(_Attribute(match.group(1).casefold(), arguments))
        at = end + 1
        at += len(text[at:]) - len(text[at:].lstrip())
    variable = _VARIABLE.match(text, at)
    if variable is None:
        raise UnreadableScript(f"A parameter is not understood: {text!r}")
    return _assemble(variable.group(1), attributes)


def _assemble(name: str, attributes: list[_Attribute]) -> Parameter:
    kind = "Object"
    sets: dict[str, bool] = {}
    validators: list[Validator] = []
    position: int | None = None
    by_value = False
    for attribute in attributes:
        if attribute.name == "parameter":
            found = _SET_NAME.search(attribute.arguments)
            sets[found.group(1) if found else ALL_SETS] = bool(_MANDATORY.search(attribute.arguments))
            placed = _POSITION.search(attribute.arguments)
            position = int(placed.group(1)) if placed else position
            by_value = by_value or bool(_BY_VALUE.search(attribute.arguments))
        elif attribute.name.startswith("validate"):
            validators.append(_validator(attribute))
        elif attribute.name.removesuffix("[]") in _TYPES:
            array = "[]" if attribute.name.endswith("[]") else ""
            kind = _TYPES[attribute.name.removesuffix("[]")] + array
        elif not attribute.name.startswith("allow"):
            raise UnreadableScript(f"The attribute {attribute.name} is not understood")
    given = {attribute.name for attribute in attributes}
    return Parameter(
        name,
        kind,
        MappingProxyType(sets or {ALL_SETS: False}),
        position,
        by_value=by_value,
        validators=tuple(validators),
        allow_null="allownull" in given,
        allow_empty_string="allowemptystring" in given,
        allow_empty_array="allowemptycollection" in given,
    )


def _literals(arguments: str) -> list[str]:
    return [
        part.strip()[1:-1].replace("''", "'") if part.strip()[0] in "'\"" else part.strip()
        for part in _split(arguments)
    ]


def _validator(attribute: _Attribute) -> Validator:
    values = _literals(attribute.arguments)
    match attribute.name:
        case "validateset":
            return InSet(tuple(values))
        case "validatepattern":
            return Matches(values[0])
        case "validatelength":
            return LengthBetween(int(values[0]), int(values[1]))
        case "validaterange":
            return RangeBetween(int(values[0]), int(values[1]))
        case "validatenotnullorempty":
            return NotNullOrEmpty()
    raise UnreadableScript(f"The attribute {attribute.name} is not understood")
