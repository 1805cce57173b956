"""The registry: types and data in canonical form, and the commands that read and write values.

The wire forms are those of the functions `Get-` and `Set-RollcallRegistryValue`.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Literal

from engine.kinds.replies import Unreadable, flag, text, texts
from engine.model.command import Argument, Statement
from engine.model.query import Ask, PsObject
from engine.model.words import quoted

RegistryType = Literal["string", "expand_string", "multi_string", "dword", "qword", "binary", "none"]
Data = int | str | tuple[str, ...]

# RegistryValueKind's names (Microsoft, "RegistryValueKind Enum"), which the functions use.
_WIRE_TYPES: dict[RegistryType, str] = {
    "string": "String",
    "expand_string": "ExpandString",
    "multi_string": "MultiString",
    "dword": "DWord",
    "qword": "QWord",
    "binary": "Binary",
    "none": "None",
}
_TYPES = {wire.casefold(): name for name, wire in _WIRE_TYPES.items()}
_FOREIGN = {"unknown": "unknown", "malformed": "malformed"}
_BITS: dict[RegistryType, int] = {"dword": 32, "qword": 64}
_SIZE_LIMIT = 1024 * 1024  # bytes; Microsoft advises to keep larger data in files


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value stands. `name` is '' for the key's default value."""

    hive: str  # HKLM or HKU
    subkey: str
    name: str
    view: Literal["64", "32"] = "64"


@dataclass(frozen=True, slots=True)
class Stored:
    """What a value holds. `type` is a RegistryType, or says that no such type was found."""

    type: str
    data: Data


def _number(type_: RegistryType, data: Data) -> int:
    if isinstance(data, str):
        try:
            data = int(data, 16) if data.lower().startswith("0x") else int(data, 10)
        except ValueError:
            raise ValueError(f"not a number: {quoted(str(data))}") from None
    if not isinstance(data, int):
        raise ValueError(f"{type_} holds one number")
    if not 0 <= data < 1 << _BITS[type_]:
        raise ValueError(f"{data} does not fit a {type_}: 0 to {(1 << _BITS[type_]) - 1}")
    return data


def _bytes(data: Data) -> str:
    if not isinstance(data, str):
        raise ValueError("bytes are written as text of hexadecimal digits, two for a byte")
    digits = re.sub(r"[\s,]", "", data).lower()
    if re.fullmatch(r"(?:[0-9a-f]{2})*", digits) is None:
        raise ValueError(f"not hexadecimal digits, two for a byte: {quoted(data[:60])}")
    return digits


def _lines(data: Data) -> tuple[str, ...]:
    if isinstance(data, int):
        raise ValueError("multi_string holds a list of texts")
    lines: tuple[str, ...] = (data,) if isinstance(data, str) else data
    if not all(lines):
        raise ValueError("a multi_string cannot hold an empty text: it would end the list")
    return lines


def check_data(type_: RegistryType, data: Data) -> Data:
    """`data` in canonical form: a number, a text, a tuple of texts, or hexadecimal digits.

    Raises:
        ValueError: it does not fit the type.
    """
    if type_ in _BITS:
        return _number(type_, data)
    if type_ in {"binary", "none"}:
        canonical: str | tuple[str, ...] = _bytes(data)
    elif type_ == "multi_string":
        canonical = _lines(data)
    elif isinstance(data, str):
        canonical = data
    else:
        raise ValueError(f"{type_} holds one text; put it in quotes")
    pieces: tuple[str, ...] = (canonical,) if isinstance(canonical, str) else canonical
    if any("\x00" in piece for piece in pieces):
        raise ValueError("a text in the registry cannot hold a zero character")
    if sum(map(len, pieces)) > _SIZE_LIMIT:
        raise ValueError("more than 1 MB does not belong into the registry")
    return canonical


def _where(place: Place) -> dict[str, Argument]:
    return {"Hive": place.hive, "Key": place.subkey, "View": int(place.view), "Name": place.name}


def value_query(place: Place) -> Ask:
    """The question for one value."""
    asked = f"{place.view}:{place.hive}\\{place.subkey}\\\\{place.name}"
    return Ask(
        statement=Statement.of("Get-RollcallRegistryValue", {"Value": asked}),
        properties=("Value", "ValueExists", "Type", "Data"),
        together="Value",
    )


def key_query(hive: str, subkey: str, view: Literal["64", "32"] = "64") -> Ask:
    """The question for all values of a key."""
    return Ask(
        statement=Statement.of("Get-RollcallRegistryValue", {"Key": f"{view}:{hive}\\{subkey}"}),
        properties=("Name", "ValueExists", "Type", "Data"),
    )


def set_statement(place: Place, type_: RegistryType, data: Data) -> Statement:
    """Write one value. `data` is canonical."""
    if isinstance(data, tuple):
        pieces = data
    elif type_ in {"binary", "none"}:
        pieces = (base64.b64encode(bytes.fromhex(str(data))).decode("ascii"),)
    else:
        pieces = (str(data),)
    return Statement.of(
        "Set-RollcallRegistryValue",
        {**_where(place), "Type": _WIRE_TYPES[type_], "Data": pieces},
    )


def remove_statement(place: Place) -> Statement:
    """Delete one value; the key stays."""
    return Statement.of("Remove-RollcallRegistryValue", _where(place))


def stored(found: PsObject) -> Stored | None:
    """What one object of the function says; None where there is no such value.

    Raises:
        Unreadable: it makes no sense.
    """
    if not flag(found, "ValueExists"):
        return None
    wire = text(found, "Type")
    folded = wire.casefold()
    if folded in _FOREIGN:
        return Stored(type=_FOREIGN[folded], data="")
    type_ = _TYPES.get(folded)
    if type_ is None:
        raise Unreadable(f"a registry value of type {quoted(wire[:60])}")
    if type_ == "multi_string":
        return Stored(type=type_, data=texts(found, "Data"))
    data = text(found, "Data")
    try:
        if type_ in {"binary", "none"}:
            return Stored(type=type_, data=base64.b64decode(data, validate=True).hex())
        if type_ in _BITS:
            return Stored(type=type_, data=_number(type_, data))
    except (ValueError, binascii.Error):
        raise Unreadable(f"a registry value whose data is no {type_}: {quoted(data[:60])}") from None
    return Stored(type=type_, data=data)
