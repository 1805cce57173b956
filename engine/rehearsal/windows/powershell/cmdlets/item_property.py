"""Get-, New-, Set- and Remove-ItemProperty over the registry."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.powershell import errors
from engine.rehearsal.windows.powershell.cmdlets.item_objects import (
    item_object,
    property_value,
    provider_properties,
)
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.conversion import CannotConvert, convert, text_of
from engine.rehearsal.windows.powershell.items import found, refused_reading, refused_writing
from engine.rehearsal.windows.powershell.locations import Location
from engine.rehearsal.windows.powershell.records import (
    ErrorCategory,
    ErrorRecord,
    Int64,
    Output,
    PsObject,
    PsValue,
    Record,
)
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.powershell.wildcard import has_wildcard, matches
from engine.rehearsal.windows.registry import Data, RegistryType, Value

_PLACE = """
    Filter String ~
    Include String[] ~
    Exclude String[] ~
    Credential PSCredential property ~
    UseTransaction Switch =usetx ~
"""
_GET = signature(
    "Get-ItemProperty default=Path class=Microsoft.PowerShell.Commands.GetItemPropertyCommand",
    """
    Path String[] @0 Path! value property
    LiteralPath String[] LiteralPath! =PSPath property
    Name String[] @1 =PSProperty
    """
    + _PLACE,
)
_NEW = signature(
    "New-ItemProperty default=Path process class=Microsoft.PowerShell.Commands.NewItemPropertyCommand",
    """
    Path String[] @0 Path!
    LiteralPath String[] LiteralPath! =PSPath property
    Name String @1 ! =PSProperty property
    PropertyType String =Type property
    Value Object property
    Force Switch
    """
    + _PLACE,
)
_SET = signature(
    "Set-ItemProperty default=propertyValuePathSet process "
    "class=Microsoft.PowerShell.Commands.SetItemPropertyCommand",
    """
    Path String[] @0 propertyValuePathSet! propertyPSObjectPathSet! property
    LiteralPath String[] propertyValueLiteralPathSet! propertyPSObjectLiteralPathSet! =PSPath property
    Name String @1 propertyValuePathSet! propertyValueLiteralPathSet! =PSProperty property
    Value Object @2 propertyValuePathSet! propertyValueLiteralPathSet! property null
    InputObject PSObject propertyPSObjectPathSet! propertyPSObjectLiteralPathSet! value property ~
    PassThru Switch
    Force Switch
    Type RegistryValueKind property
    """
    + _PLACE,
)
_REMOVE = signature(
    "Remove-ItemProperty default=Path process class=Microsoft.PowerShell.Commands.RemoveItemPropertyCommand",
    """
    Path String[] @0 Path! value property
    LiteralPath String[] LiteralPath! =PSPath property
    Name String[] @1 ! =PSProperty property
    Force Switch
    """
    + _PLACE,
)
_ARGUMENT_EXCEPTION = "System.Management.Automation.PSArgumentException"
_DEFAULT_NAMES = ("", "(default)")


def _stored_name(name: str) -> str:
    return "" if name.casefold() in _DEFAULT_NAMES else name


def _missing(call: Call, location: Location, name: str) -> ErrorRecord:
    return call.error(
        f"Property {name} does not exist at path {location.shown}.",
        _ARGUMENT_EXCEPTION,
        ErrorCategory.InvalidArgument,
        name,
        exception=_ARGUMENT_EXCEPTION,
    )


def _keys(call: Call) -> Iterator[Location | ErrorRecord]:
    """The registry keys that are meant; files have no properties to change here."""
    for location in found(call):
        if isinstance(location, ErrorRecord) or location.provider == "Registry":
            yield location
        else:
            yield errors.not_emulated(call.signature.name, "properties of files")


def _get(call: Call) -> Iterator[Record]:
    call.host.journal.read()
    for location in found(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        problem = refused_reading(call, location)
        if problem is not None:
            yield problem
        elif location.provider == "FileSystem":
            yield Output(item_object(call, location))
        else:
            yield from _values(call, location)


def _values(call: Call, location: Location) -> Iterator[Record]:
    values = call.host.registry.values(location.path)
    wanted = call.bound.texts("Name")
    shown: dict[str, PsValue] = {}
    for name, value in values:
        known_as = name or "(default)"
        if not wanted or any(matches(pattern, known_as) for pattern in wanted):
            shown[known_as] = property_value(call, value)
    found_names = {name.casefold() for name in shown}
    for name in wanted:
        if not has_wildcard(name) and name.casefold() not in found_names:
            yield _missing(call, location, name)
    if shown:
        names = ("System.Management.Automation.PSCustomObject", "System.Object")
        yield Output(PsObject(names, {**shown, **provider_properties(location)}))


def _data(kind: RegistryType, value: PsValue) -> Data:
    """The data as the registry keeps it.

    Raises:
        CannotConvert: it does not fit the type.
    """
    if kind in (RegistryType.DWord, RegistryType.QWord):
        return _number(kind, value)
    if kind in (RegistryType.Binary, RegistryType.None_):
        converted = convert(value, "Byte[]") if value is not None else b""
        return converted if isinstance(converted, bytes) else bytes(_numbers(converted))
    if kind is RegistryType.MultiString:
        converted = convert(value, "String[]")
        return tuple(text_of(item) for item in converted) if isinstance(converted, tuple) else ()
    return text_of(convert(value, "String"))


def _numbers(value: PsValue) -> list[int]:
    return [item for item in value if isinstance(item, int)] if isinstance(value, tuple) else []


def _number(kind: RegistryType, value: PsValue) -> int:
    """With or without a sign, as PowerShell takes both."""
    signed, unsigned, size = (
        ("Int32", "UInt32", 2**32) if kind is RegistryType.DWord else ("Int64", "UInt64", 2**64)
    )
    try:
        converted = convert(value, signed)
    except CannotConvert as refused:
        try:
            converted = convert(value, unsigned)
        except CannotConvert:
            raise refused from None
    return converted % size if isinstance(converted, int) else 0


def _guessed(value: PsValue) -> RegistryType:
    """The type that a value gets where none is asked for."""
    if isinstance(value, bytes):
        return RegistryType.Binary
    if isinstance(value, tuple):
        return RegistryType.MultiString
    if isinstance(value, Int64):
        return RegistryType.QWord
    if isinstance(value, int) and not isinstance(value, bool):
        return RegistryType.DWord
    return RegistryType.String


def _write(call: Call, location: Location, name: str, kind: RegistryType) -> ErrorRecord | None:
    denied = refused_writing(call, location)
    if denied is not None:
        return denied
    try:
        data = _data(kind, call.bound.value("Value"))
    except CannotConvert as error:
        exception = "System.Management.Automation.PSInvalidCastException"
        return call.error(
            str(error), exception, ErrorCategory.WriteError, location.shown, exception=exception
        )
    call.host.registry.set(location.path, _stored_name(name), Value(kind, data))
    return None


def _shown(call: Call, location: Location, name: str) -> Record:
    value = call.host.registry.value(location.path, _stored_name(name))
    data = None if value is None else property_value(call, value)
    names = ("System.Management.Automation.PSCustomObject", "System.Object")
    return Output(PsObject(names, {name: data, **provider_properties(location)}))


def _new(call: Call) -> Iterator[Record]:
    name, asked = call.bound.text("Name") or "", call.bound.text("PropertyType")
    value = call.bound.value("Value")
    for location in _keys(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        kind = RegistryType.named(asked) if asked else _guessed(value)
        problem = _new_refusal(call, location, name, kind)
        if problem is None and not call.proceeds("New Property", f"Item: {location.shown} Property: {name}"):
            continue
        if problem is None and kind is not None:
            problem = _write(call, location, name, kind)
        yield _shown(call, location, name) if problem is None else problem


def _new_refusal(call: Call, location: Location, name: str, kind: RegistryType | None) -> ErrorRecord | None:
    if kind is None:
        asked = call.bound.text("PropertyType") or ""
        return call.error(
            f"The type is not a known registry type: {asked}.",
            _ARGUMENT_EXCEPTION,
            ErrorCategory.InvalidArgument,
            location.shown,
            exception=_ARGUMENT_EXCEPTION,
        )
    there = call.host.registry.value(location.path, _stored_name(name)) is not None
    if there and not call.bound.switch("Force"):
        return call.error(
            "The property already exists.",
            "System.IO.IOException",
            ErrorCategory.ResourceExists,
            location.shown,
            exception="System.IO.IOException",
        )
    return None


def _set(call: Call) -> Iterator[Record]:
    name = call.bound.text("Name") or ""
    for location in _keys(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        if not call.proceeds("Set Property", f"Item: {location.shown} Property: {name}"):
            continue
        before = call.host.registry.value(location.path, _stored_name(name))
        asked = call.bound.enum("Type")
        kind = before.type if before is not None else _guessed(call.bound.value("Value"))
        problem = _write(call, location, name, kind if asked is None else RegistryType(asked.value))
        if problem is not None:
            yield problem
        elif call.bound.switch("PassThru"):
            yield _shown(call, location, name)


def _remove(call: Call) -> Iterator[Record]:
    for location in _keys(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        for pattern in call.bound.texts("Name"):
            yield from _remove_one(call, location, pattern)


def _remove_one(call: Call, location: Location, pattern: str) -> Iterator[Record]:
    there = [name for name, _ in call.host.registry.values(location.path)]
    matching = [name for name in there if matches(pattern, name or "(default)")]
    if not matching and not has_wildcard(pattern):
        yield _missing(call, location, pattern)
    for name in matching:
        denied = refused_writing(call, location)
        if denied is not None:
            yield denied
        elif call.proceeds("Remove Property", f"Item: {location.shown} Property: {name}"):
            call.host.registry.remove_value(location.path, name)


COMMANDS = (Command(_GET, _get), Command(_NEW, _new), Command(_SET, _set), Command(_REMOVE, _remove))
