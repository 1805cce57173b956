"""Get-, Set- and Remove-RollcallRegistryValue."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.conversion import to_base64
from engine.rehearsal.windows.powershell.functions.emulation import custom_object, thrown
from engine.rehearsal.windows.powershell.records import ErrorCategory, Output, Record
from engine.rehearsal.windows.powershell.registry_rights import may_read, may_write
from engine.rehearsal.windows.registry import Data, RegistryType, Value
from engine.rehearsal.windows.wow64 import View

_LIMITS = {RegistryType.DWord: 2**32, RegistryType.QWord: 2**64}
_BYTES = (RegistryType.Binary, RegistryType.None_)


def _place(call: Call) -> tuple[str, View]:
    hive, key = call.bound.text("Hive") or "", call.bound.text("Key") or ""
    return f"{hive.upper()}\\{key}", View.BITS_32 if call.bound.number("View") == 32 else View.BITS_64


def get(call: Call) -> Iterator[Record]:
    """One value, or all of a key."""
    path, view = _place(call)
    if not may_read(call.token, path):
        raise thrown(
            call,
            "RollcallRegistryAccessDenied",
            ErrorCategory.PermissionDenied,
            "Requested registry access is not allowed.",
            "System.Security.SecurityException",
            path,
        )
    registry = call.host.registry
    call.host.journal.read()
    exists = registry.exists(path, view)
    found = registry.values(path, view) if exists else ()
    if call.bound.given("Name"):
        wanted = (call.bound.text("Name") or "").casefold()
        found = tuple((name, value) for name, value in found if name.casefold() == wanted)
    for name, value in found:
        yield Output(
            custom_object(
                KeyExists=True, ValueExists=True, Name=name, Type=value.type.text, Data=_shown(value)
            )
        )
    if not found:
        name = call.bound.text("Name") or ""
        yield Output(custom_object(KeyExists=exists, ValueExists=False, Name=name, Type="", Data=""))


def _shown(value: Value) -> str | tuple[str, ...]:
    if value.type is RegistryType.Unknown or value.data is None:
        return ""
    if isinstance(value.data, bytes):
        return to_base64(value.data)
    return value.data if isinstance(value.data, tuple) else str(value.data)


def set_value(call: Call) -> Iterator[Record]:
    """Write one value, with its key."""
    path, view = _place(call)
    kind = RegistryType.named(call.bound.text("Type") or "") or RegistryType.String
    try:
        data = _parsed(kind, call.bound.texts("Data"))
    except ValueError as error:
        exception = "System.OverflowException" if isinstance(error, _TooBig) else "System.FormatException"
        raise thrown(
            call,
            "RollcallRegistryDataInvalid",
            ErrorCategory.InvalidData,
            str(error),
            exception,
            path,
        ) from None
    _require_write(call, path)
    call.host.registry.create(path, view)
    call.host.registry.set(path, call.bound.text("Name") or "", Value(kind, data), view)
    return
    yield


class _TooBig(ValueError):
    """A number that the type cannot hold."""


def _parsed(kind: RegistryType, lines: tuple[str, ...]) -> Data:
    """Raises ValueError with .NET's words where the data does not fit the type."""
    if kind is RegistryType.MultiString:
        return lines
    if len(lines) != 1:
        raise ValueError(f"A value of type {kind.text} takes exactly one string.")
    text = lines[0]
    if kind in _LIMITS:
        if not (text.isascii() and text.isdigit()):
            raise ValueError("Input string was not in a correct format.")
        if int(text) >= _LIMITS[kind]:
            size = "UInt32" if kind is RegistryType.DWord else "UInt64"
            raise _TooBig(f"Value was either too large or too small for a {size}.")
        return int(text)
    if kind in _BYTES:
        try:
            return base64.b64decode("".join(text.split()), validate=True)
        except binascii.Error:
            raise ValueError(
                "The input is not a valid Base-64 string as it contains a non-base 64 character, more than "
                "two padding characters, or an illegal character among the padding characters. "
            ) from None
    return text


def remove(call: Call) -> Iterator[Record]:
    """Delete one value; what does not exist is no error."""
    path, view = _place(call)
    if call.host.registry.exists(path, view):
        _require_write(call, path)
        call.host.registry.remove_value(path, call.bound.text("Name") or "", view)
    return
    yield


def _require_write(call: Call, path: str) -> None:
    if not may_write(call.token, path, call.host.faults):
        raise thrown(
            call,
            "RollcallRegistryAccessDenied",
            ErrorCategory.PermissionDenied,
            f"Access to the registry key '{_long(path)}' is denied.",
            "System.UnauthorizedAccessException",
            path,
        )


def _long(path: str) -> str:
    hive, _, key = path.partition("\\")
    return {"HKLM": "HKEY_LOCAL_MACHINE", "HKU": "HKEY_USERS"}[hive] + f"\\{key}"
