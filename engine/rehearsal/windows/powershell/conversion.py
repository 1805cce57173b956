"""Type conversion of arguments, as PowerShell's language does it (about_Type_Conversion).

Types are named by their short .NET name, with `[]` behind it for arrays; `Switch` is SwitchParameter.
"""

from __future__ import annotations

import base64
import math
import re
from collections.abc import Callable, Mapping
from datetime import datetime
from types import MappingProxyType

from engine.rehearsal.windows.powershell import enums
from engine.rehearsal.windows.powershell.records import (
    Byte,
    Int64,
    PsEnum,
    PsObject,
    PsValue,
    UInt16,
    UInt32,
    UInt64,
)

_INTEGERS: Mapping[str, tuple[type[int], int, int]] = MappingProxyType(
    {
        "Byte": (Byte, 0, 2**8 - 1),
        "UInt16": (UInt16, 0, 2**16 - 1),
        "Int32": (int, -(2**31), 2**31 - 1),
        "UInt32": (UInt32, 0, 2**32 - 1),
        "Int64": (Int64, -(2**63), 2**63 - 1),
        "UInt64": (UInt64, 0, 2**64 - 1),
    }
)
_FULL_NAMES: Mapping[str, str] = MappingProxyType(
    {
        "Switch": "System.Management.Automation.SwitchParameter",
        "CimInstance": "Microsoft.Management.Infrastructure.CimInstance",
        "ServiceController": "System.ServiceProcess.ServiceController",
        "PSObject": "System.Management.Automation.PSObject",
        "Process": "System.Diagnostics.Process",
    }
)
_NUMBER = re.compile(r"\s*([+-]?)(0x[0-9a-f]+|\d+)\s*", re.IGNORECASE)
_REAL = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*", re.IGNORECASE)


class CannotConvert(Exception):
    """The value does not fit the type; the message is PowerShell's own."""


def full_name(short: str) -> str:
    """The full .NET name of a parameter's type."""
    if short.endswith("[]"):
        return full_name(short[:-2]) + "[]"
    if enums.is_enum(short):
        return enums.full_name(short)
    return _FULL_NAMES.get(short, f"System.{short}")


def type_of(value: PsValue) -> str:
    """The full .NET name of a value's type."""
    if isinstance(value, PsObject):
        return value.type_names[0] if value.type_names else "System.Management.Automation.PSObject"
    if isinstance(value, PsEnum):
        return value.type_name
    plain: tuple[tuple[type, str], ...] = (
        (bool, "System.Boolean"),
        (Byte, "System.Byte"),
        (UInt16, "System.UInt16"),
        (UInt32, "System.UInt32"),
        (Int64, "System.Int64"),
        (UInt64, "System.UInt64"),
        (int, "System.Int32"),
        (float, "System.Double"),
        (str, "System.String"),
        (bytes, "System.Byte[]"),
        (datetime, "System.DateTime"),
        (tuple, "System.Object[]"),
    )
    return next((name for kind, name in plain if isinstance(value, kind)), "")


def text_of(value: PsValue) -> str:
    """A value as a string, in the invariant culture: what PowerShell puts between quotes."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "True" if value else "False"
    if isinstance(value, PsEnum):
        return value.text
    if isinstance(value, PsObject):
        return value.to_string or (value.type_names[0] if value.type_names else "")
    if isinstance(value, tuple):
        return " ".join(text_of(item) for item in value)
    if isinstance(value, bytes):
        return " ".join(str(octet) for octet in value)
    if isinstance(value, datetime):
        return value.strftime("%m/%d/%Y %H:%M:%S")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return str(value)


def convert(value: PsValue, to: str) -> PsValue:
    """`value` as the type `to`.

    Raises:
        CannotConvert: PowerShell would refuse it.
    """
    if to.endswith("[]"):
        return _to_array(value, to[:-2])
    if enums.is_enum(to):
        return _to_enum(value, to)
    if to in _INTEGERS:
        return _to_integer(value, to)
    return _SCALARS[to](value) if to in _SCALARS else _to_object(value, to)


def _to_array(value: PsValue, item: str) -> PsValue:
    if value is None:
        return None
    if item == "Byte" and isinstance(value, bytes):
        return value
    items = value if isinstance(value, tuple) else (value,)
    return tuple(convert(each, item) for each in items)


def _refuse(value: PsValue, to: str, reason: str = "") -> CannotConvert:
    shown = f' "{text_of(value)}"' if not isinstance(value, tuple) else ""
    detail = f' Error: "{reason}"' if reason else ""
    ending = f'type "{full_name(to)}".' if shown else f"type {full_name(to)}."
    return CannotConvert(f"Cannot convert value{shown} to {ending}{detail}")


def _to_string(value: PsValue) -> PsValue:
    if isinstance(value, tuple):
        raise _refuse(value, "String")
    return text_of(value)


def _to_boolean(value: PsValue, to: str = "Boolean") -> PsValue:
    if isinstance(value, bool):
        return value
    if isinstance(value, (int, float)):
        return value != 0
    kind = type_of(value)
    raise CannotConvert(
        f'Cannot convert value "{kind}" to type "{full_name(to)}". Boolean parameters accept only Boolean '
        "values and numbers, such as $True, $False, 1 or 0."
    )


def _to_switch(value: PsValue) -> PsValue:
    return _to_boolean(value, "Switch")


def _to_integer(value: PsValue, to: str) -> PsValue:
    kind, least, most = _INTEGERS[to]
    number = _number(value, to)
    if not least <= number <= most:
        short = "n" if to.startswith("I") else ""
        size = f"a{short} {to}" if to != "Byte" else "an unsigned byte"
        raise _refuse(value, to, f"Value was either too large or too small for {size}.")
    return kind(number)


def _number(value: PsValue, to: str) -> int:
    if value is None:
        return 0
    if isinstance(value, PsEnum):
        return value.value
    if isinstance(value, (bool, int)):
        return int(value)
    if isinstance(value, float) and math.isfinite(value):
        return round(value)
    if isinstance(value, str):
        return _parse_number(value, to)
    raise _refuse(value, to)


def _parse_number(text: str, to: str) -> int:
    if not text.strip():
        return 0
    found = _NUMBER.fullmatch(text)
    if found is not None:
        digits = found.group(2)
        number = int(digits, 16 if digits[:2].casefold() == "0x" else 10)
        return -number if found.group(1) == "-" else number
    if _REAL.fullmatch(text):
        return round(float(text))
    raise _refuse(text, to, "Input string was not in a correct format.")


def _to_enum(value: PsValue, to: str) -> PsValue:
    if isinstance(value, PsEnum):
        value = value.value if value.type_name == enums.full_name(to) else value.text
    if isinstance(value, str) and value.strip().lstrip("+-").isdigit():
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool):
        if value not in enums.members(to).values():
            names = ",".join(enums.members(to))
            raise _refuse(
                value,
                to,
                f"Cannot convert value {value} to type {full_name(to)} due to enumeration values that are "
                f"not valid. Specify one of the following enumeration values and try again. The possible "
                f'enumeration values are "{names}".',
            )
        return enums.by_number(to, value)
    if not isinstance(value, str):
        raise _refuse(value, to)
    try:
        return enums.by_name(to, value.strip())
    except KeyError:
        names = ", ".join(enums.members(to))
        reason = (
            f"Unable to match the identifier name {value} to a valid enumerator name. Specify one of the "
            f"following enumerator names and try again:\r\n{names}"
        )
        raise _refuse(value, to, reason) from None


def _to_datetime(value: PsValue) -> PsValue:
    if isinstance(value, datetime):
        return value
    try:
        return datetime.fromisoformat(text_of(value))
    except ValueError:
        raise _refuse(value, "DateTime", "String was not recognized as a valid DateTime.") from None


def _as_is(value: PsValue) -> PsValue:
    return value


def _to_object(value: PsValue, to: str) -> PsValue:
    wanted = full_name(to)
    if isinstance(value, PsObject) and any(
        name == wanted or name.startswith(wanted + "#") for name in value.type_names
    ):
        return value
    raise CannotConvert(
        f'Cannot convert the "{text_of(value)}" value of type "{type_of(value)}" to type "{wanted}".'
    )


def to_base64(data: bytes) -> str:
    """[Convert]::ToBase64String."""
    return base64.b64encode(data).decode("ascii")


_SCALARS: Mapping[str, Callable[[PsValue], PsValue]] = MappingProxyType(
    {
        "String": _to_string,
        "Boolean": _to_boolean,
        "Switch": _to_switch,
        "DateTime": _to_datetime,
        "Object": _as_is,
        "PSObject": _as_is,
    }
)
