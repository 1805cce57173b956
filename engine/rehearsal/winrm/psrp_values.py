"""Values that clients send: from psrpcore's CLIXML types to the emulated PowerShell's neutral ones."""

from __future__ import annotations

from datetime import datetime

from psrpcore import types as ps

from engine.rehearsal.windows.powershell import records
from engine.rehearsal.windows.powershell.records import PsObject, PsValue


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
