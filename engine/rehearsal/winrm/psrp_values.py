"""Values between psrpcore's CLIXML types and the emulated PowerShell's neutral ones."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from types import new_class

from psrpcore import types as ps

from engine.rehearsal.windows.powershell import records
from engine.rehearsal.windows.powershell.records import PsEnum, PsObject, PsValue

_OBJECT = "System.Object"
_CUSTOM_OBJECT = "System.Management.Automation.PSCustomObject"
_ARRAY_TYPES = ["System.Object[]", "System.Array", "System.Object"]


class UnsupportedValue(Exception):
    """A CLIXML value of a kind that the emulated PowerShell has no place for."""


def from_wire(value: object) -> PsValue:
    """A value that a client sent.

    Raises:
        UnsupportedValue: script blocks, XML documents, queues and the like.
    """
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, ps.PSSecureString):
        return str(value.decrypt())
    if isinstance(value, int):
        return _integer(value)
    return _other(value)


def _integer(value: int) -> PsValue:
    for wire_type, make in _INTEGERS.items():
        if isinstance(value, wire_type):
            return make(value)
    return int(value) if abs(value) < 2**31 else records.Int64(value)


_INTEGERS: dict[type, type[int]] = {
    ps.PSByte: records.Byte,
    ps.PSUInt16: records.UInt16,
    ps.PSUInt: records.UInt32,
    ps.PSUInt64: records.UInt64,
    ps.PSInt64: records.Int64,
}


def _other(value: object) -> PsValue:
    match value:
        case ps.PSScriptBlock() | ps.PSXml():
            raise UnsupportedValue(type(value).__name__)
        case str():
            return str(value)
        case float():
            return float(value)
        case bytes():
            return bytes(value)
        case datetime():
            return value
        case list():
            return tuple(from_wire(item) for item in value)
        case dict():
            entries = {str(key): from_wire(item) for key, item in value.items()}
            return PsObject(("System.Collections.Hashtable", "System.Object"), entries)
        case ps.PSGuid() | ps.PSVersion() | ps.PSUri():
            return str(value)
        case ps.PSObject():
            return _object_from_wire(value)
    raise UnsupportedValue(type(value).__name__)


def _object_from_wire(value: ps.PSObject) -> PsObject:
    meta = value.PSObject
    properties = {
        prop.name: from_wire(prop.get_value(value))
        for prop in (*meta.adapted_properties, *meta.extended_properties)
    }
    return PsObject(tuple(meta.type_names), properties, meta.to_string or "")


def to_wire(value: PsValue) -> object:
    """A value as psrpcore serialises it: typed numbers, enums, objects with type names."""
    match value:
        case None | bool() | bytes() | datetime():
            return value
        case PsEnum():
            return _enum_member(value.type_name, value.text, value.value)
        case PsObject():
            return _object_to_wire(value)
        case tuple():
            array = ps.PSList([to_wire(item) for item in value])
            array.PSObject.type_names = list(_ARRAY_TYPES)
            return array
        case str():
            return ps.PSString(value)
        case float():
            return ps.PSDouble(value)
        case int():
            return _INTEGERS_TO_WIRE.get(type(value), ps.PSInt)(value)


_INTEGERS_TO_WIRE: dict[type[int], type[ps.PSObject]] = {mine: wire for wire, mine in _INTEGERS.items()}


@lru_cache(maxsize=4_096)
def _enum_member(type_name: str, text: str, number: int) -> object:
    """A member of a .NET enum that psrpcore has no class for."""

    def body(namespace: dict[str, object]) -> None:
        namespace[text] = number

    enum_class = new_class(type_name.rpartition(".")[2] or "Enum", (ps.PSEnumBase,), {}, body)
    ps.PSType([type_name], rehydrate=False)(enum_class)
    return enum_class(number)


def _object_to_wire(value: PsObject) -> ps.PSObject:
    result = ps.PSObject()
    meta = result.PSObject
    # Every .NET type derives from System.Object, and clients look for it.
    base = [name for name in (_OBJECT,) if name not in value.type_names]
    meta.type_names = [*value.type_names, *base]
    if value.to_string:
        meta.to_string = value.to_string
    # PowerShell keeps .NET and CIM properties under Props, those of a custom object under MS.
    custom = _CUSTOM_OBJECT in value.type_names
    target = meta.extended_properties if custom else meta.adapted_properties
    for name, item in value.properties.items():
        target.append(ps.PSNoteProperty(name, value=to_wire(item)))
    return result
