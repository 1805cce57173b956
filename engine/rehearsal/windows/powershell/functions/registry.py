"""Get-, Set- and Remove-RollcallRegistryValue."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator

from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.conversion import to_base64
from engine.rehearsal.windows.powershell.functions.emulation import custom_object, written
from engine.rehearsal.windows.powershell.records import ErrorCategory, Output, Record
from engine.rehearsal.windows.powershell.registry_rights import may_read, may_write
from engine.rehearsal.windows.registry import Data, Registry, RegistryType, Value
from engine.rehearsal.windows.wow64 import View

_LIMITS = {RegistryType.DWord: 2**32, RegistryType.QWord: 2**64}
_BYTES = (RegistryType.Binary, RegistryType.None_)


def _place(call: Call) -> tuple[str, View]:
    hive, key = call.bound.text("Hive") or "", call.bound.text("Key") or ""
    return f"{hive.upper()}\\{key}", View.BITS_32 if call.bound.number("View") == 32 else View.BITS_64


def get(call: Call) -> Iterator[Record]:
    """Single values, or all of a key."""
    call.host.journal.read()
    for asked in call.bound.texts("Value"):
        key, _, name = asked.partition("\\\\")
        yield from _read(call, asked, key, name)
    whole = call.bound.text("Key")
    if whole is not None:
        yield from _read(call, whole, whole, None)


def _read(call: Call, asked: str, key: str, wanted: str | None) -> Iterator[Record]:
    """One value of a key, or all where none is wanted by name."""
    bits, _, path = key.partition(":")
    view = View.BITS_32 if bits == "32" else View.BITS_64
    hive, _, rest = path.partition("\\")
    path = f"{hive.upper()}\\{rest}"
    if not may_read(call.token, path):
        yield written(
            call,
            "RollcallRegistryAccessDenied",
            ErrorCategory.PermissionDenied,
            "Requested registry access is not allowed.",
            "System.Security.SecurityException",
            asked,
        )
        return
    found = _found(call.host.registry, path, view, wanted)
    for name, value in found:
        yield Output(
            custom_object(
                Value=f"{key}\\\\{name}",
                ValueExists=True,
                Name=name,
                Type=value.type.text,
                Data=_shown(value),
            )
        )
    if not found:
        name = wanted or ""
        yield Output(custom_object(Value=f"{key}\\\\{name}", ValueExists=False, Name=name, Type="", Data=""))


def _found(registry: Registry, path: str, view: View, wanted: str | None) -> tuple[tuple[str, Value], ...]:
    if not registry.exists(path, view):
        return ()
    if wanted is None:
        return tuple(registry.values(path, view))
    value = registry.value(path, wanted, view)
    return () if value is None else ((wanted, value),)


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
        yield written(
            call,
            "RollcallRegistryDataInvalid",
            ErrorCategory.InvalidData,
            str(error),
            exception,
            path,
        )
        return
    if not may_write(call.token, path, call.host.faults):
        yield _denied(call, path)
        return
    call.host.registry.create(path, view)
    call.host.registry.set(path, call.bound.text("Name") or "", Value(kind, data), view)


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
    if not call.host.registry.exists(path, view):
        return
    if not may_write(call.token, path, call.host.faults):
        yield _denied(call, path)
        return
    call.host.registry.remove_value(path, call.bound.text("Name") or "", view)


def _denied(call: Call, path: str) -> Record:
    return written(
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
