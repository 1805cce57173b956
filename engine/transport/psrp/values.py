"""What pypsrp makes of an answer, as plain data of the model. Pure."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import datetime
from queue import Queue
from xml.etree.ElementTree import Element

from pypsrp.complex_objects import ComplexObject, ErrorRecord, GenericComplexObject

from engine.model.query import CommandError, EnumValue, PsObject, PsValue
from engine.transport.words import one_line

_ENUM = "System.Enum"
_DESERIALIZED = "Deserialized."
_PLAIN = (bool, int, float, bytes, datetime)
LONGEST_MESSAGE = 2000  # characters; a script's error may hold a whole log

# System.Management.Automation.ErrorCategory, by number (Microsoft's documentation of the enum).
_CATEGORIES = (
    *("NotSpecified", "OpenError", "CloseError", "DeviceError", "DeadlockDetected", "InvalidArgument"),
    *("InvalidData", "InvalidOperation", "InvalidResult", "InvalidType", "MetadataError", "NotImplemented"),
    *("NotInstalled", "ObjectNotFound", "OperationStopped", "OperationTimeout", "SyntaxError"),
    *("ParserError", "PermissionDenied", "ResourceBusy", "ResourceExists", "ResourceUnavailable"),
    *("ReadError", "WriteError", "FromStdErr", "SecurityError", "ProtocolError", "ConnectionError"),
    *("AuthenticationError", "LimitsExceeded", "QuotaExceeded", "NotEnabled"),
)


def plain(value: object) -> PsValue:
    """The value as the model has it. A secure string, which only this host could read, is left empty."""
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, _PLAIN):
        return value
    if isinstance(value, uuid.UUID):
        return str(value)
    if isinstance(value, Queue):
        value = list(value.queue)
    if isinstance(value, list | tuple):
        return tuple(plain(item) for item in value)
    if isinstance(value, Mapping):
        return PsObject(
            "System.Collections.Hashtable", {_text(key): plain(item) for key, item in value.items()}
        )
    if isinstance(value, GenericComplexObject):
        return _generic(value)
    if isinstance(value, Element):
        return ""
    if isinstance(value, ComplexObject):
        return PsObject(type(value).__name__, {}, _text(value))
    return _text(value)


def _generic(value: GenericComplexObject) -> PsValue:
    types = tuple(name.removeprefix(_DESERIALIZED) for name in value.types)
    if _ENUM in types and value.property_sets and isinstance(value.property_sets[0], int):
        return EnumValue(_text(value.to_string), value.property_sets[0])
    properties = {**value.adapted_properties, **value.extended_properties}
    if len(value.property_sets) == 1:
        # A list or a dictionary, or a simple value that carries notes, such as a line of a file.
        inner = plain(value.property_sets[0])
        if not isinstance(inner, PsObject) or not properties:
            return inner
    return PsObject(
        type_name=types[0] if types else "System.Object",
        properties={_text(name): plain(item) for name, item in properties.items()},
        text=_text(value.to_string),
    )


def command_error(record: ErrorRecord) -> CommandError:
    """An error record, with the message that PowerShell would show."""
    category = record.category if isinstance(record.category, int) else 0
    return CommandError(
        error_id=_text(record.fq_error),
        category=_CATEGORIES[category] if 0 <= category < len(_CATEGORIES) else _CATEGORIES[0],
        message=one_line(_message(record), LONGEST_MESSAGE),
        target=_text(record.target_name),
        command=_text(record.activity) or _invoked(record),
    )


def command_names(record: ErrorRecord) -> frozenset[str]:
    """Every command name that a record mentions as its origin, in lower case."""
    names = (_text(record.activity), _invoked(record), _text(record.invocation_name))
    return frozenset(name.casefold() for name in names if name)


def _message(record: ErrorRecord) -> str:
    details = _text(record.details_message)
    if details:
        return details
    exception = record.exception
    if isinstance(exception, GenericComplexObject):
        for properties in (exception.adapted_properties, exception.extended_properties):
            if properties.get("Message"):
                return _text(properties["Message"])
        return _text(exception.to_string)
    return _text(exception) or _text(record)


def _invoked(record: ErrorRecord) -> str:
    info = getattr(record, "invocation_info", None)  # set by the deserialiser only
    if not isinstance(info, GenericComplexObject):
        return ""
    command = {**info.adapted_properties, **info.extended_properties}.get("MyCommand")
    return _text(command)


def _text(value: object) -> str:
    """As a text. CLIXML escapes UTF-16 code units (MS-PSRP 2.2.5.3.2), so half a character can come alone."""
    text = "" if value is None else str(value)
    return text if text.isascii() else text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
