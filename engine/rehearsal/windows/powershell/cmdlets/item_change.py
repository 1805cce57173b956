"""New-Item, Remove-Item and Rename-Item over files and the registry."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.filesystem.opening import Disposition, Option
from engine.rehearsal.windows.filesystem.renaming import rename
from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.powershell.cmdlets.item_objects import item_object
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.conversion import text_of
from engine.rehearsal.windows.powershell.items import (
    children,
    delete_file,
    exists,
    file_error,
    found,
    place,
    refused_writing,
)
from engine.rehearsal.windows.powershell.locations import Location
from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord, Output, Record
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.registry import RegistryType, Value
from engine.rehearsal.windows.security import rights

_NEW = signature(
    "New-Item default=pathSet process class=Microsoft.PowerShell.Commands.NewItemCommand",
    """
    Path String[] @0 pathSet nameSet property
    Name String nameSet! property
    ItemType String =Type property
    Value Object =Target value property
    Force Switch
    Credential PSCredential property ~
    UseTransaction Switch =usetx ~
    """,
)
_REMOVE = signature(
    "Remove-Item default=Path process class=Microsoft.PowerShell.Commands.RemoveItemCommand",
    """
    Path String[] @0 Path! value property
    LiteralPath String[] LiteralPath! =PSPath property
    Filter String ~
    Include String[] ~
    Exclude String[] ~
    Recurse Switch
    Force Switch
    Credential PSCredential property ~
    UseTransaction Switch =usetx ~
    Stream String[] ~
    """,
)
_RENAME = signature(
    "Rename-Item default=ByPath process class=Microsoft.PowerShell.Commands.RenameItemCommand",
    """
    Path String @0 ByPath! value property
    LiteralPath String ByLiteralPath! =PSPath =LP property
    NewName String @1 ! property
    Force Switch
    PassThru Switch
    Credential PSCredential property ~
    UseTransaction Switch =usetx ~
    """,
)


def _new(call: Call) -> Iterator[Record]:
    name = call.bound.text("Name")
    for text in call.bound.texts("Path"):
        location = place(call, text)
        location = location if name is None else location.child(name)
        if not call.proceeds("New Item", f"Destination: {location.shown}"):
            continue
        make = _new_key if location.provider == "Registry" else _new_file
        problem = make(call, location)
        yield Output(item_object(call, location)) if problem is None else problem


def _new_key(call: Call, location: Location) -> ErrorRecord | None:
    """-Force on a key that exists removes it with all its values and subkeys, and makes it anew."""
    registry, force = call.host.registry, call.bound.switch("Force")
    denied = refused_writing(call, location)
    if denied is not None:
        return denied
    if registry.exists(location.path):
        if not force:
            return _exists(call, location, "A key in this path already exists.", "System.IO.IOException")
        registry.remove(location.path, recurse=True)
    elif not force and not registry.exists(location.parent.path):
        return call.error(
            "The registry key at the specified path does not exist.",
            "System.ArgumentException",
            ErrorCategory.InvalidArgument,
            location.shown,
            exception="System.ArgumentException",
        )
    registry.create(location.path)
    if call.bound.given("Value"):
        registry.set(location.path, "", Value(RegistryType.String, text_of(call.bound.value("Value"))))
    return None


def _exists(call: Call, location: Location, message: str, error_id: str) -> ErrorRecord:
    return call.error(
        message,
        error_id,
        ErrorCategory.ResourceExists,
        location.shown,
        exception="System.IO.IOException",
    )


def _new_file(call: Call, location: Location) -> ErrorRecord | None:
    kind = (call.bound.text("ItemType") or "File").casefold()
    if kind in ("directory", "container"):
        return _new_folder(call, location)
    if kind not in ("file", "leaf"):
        return call.error(
            f'The type \'{kind}\' is not a known type for the file system. Only "file", "directory" or '
            '"symboliclink" can be specified.',
            "Argument",
            ErrorCategory.InvalidArgument,
            location.path,
            exception="System.Management.Automation.PSArgumentException",
        )
    force = call.bound.switch("Force")
    if call.host.files.exists(location.path) and not force:
        return call.error(
            f"The file '{location.path}' already exists.",
            "NewItemIOError",
            ErrorCategory.WriteError,
            location.path,
            exception="System.IO.IOException",
        )
    try:
        if force:
            _make_folders(call, location.parent)
        disposition = Disposition.OVERWRITE_IF if force else Disposition.CREATE
        handle = call.host.files.open(
            location.path,
            call.token,
            rights.WRITE_DATA,
            disposition=disposition,
            options=Option.NON_DIRECTORY,
        )
        content = text_of(call.bound.value("Value")).encode("utf-8")
        if content:
            handle.write(0, content)
        handle.close()
    except NtError as error:
        return file_error(call, error, location, "NewItem")
    return None


def _new_folder(call: Call, location: Location) -> ErrorRecord | None:
    node = call.host.files.lookup(location.path)
    if node is not None and not (node.is_directory and call.bound.switch("Force")):
        message = f"An item with the specified name {location.path} already exists."
        return _exists(call, location, message, "DirectoryExist")
    try:
        _make_folders(call, location)
    except NtError as error:
        return file_error(call, error, location, "CreateDirectory")
    return None


def _make_folders(call: Call, location: Location) -> None:
    """Make a folder and those above it, with this user's rights."""
    if call.host.files.exists(location.path):
        return
    if location.parent.path == location.path:
        raise NtError(NtStatus.OBJECT_PATH_NOT_FOUND)
    _make_folders(call, location.parent)
    handle = call.host.files.open(
        location.path,
        call.token,
        rights.READ_ATTRIBUTES,
        disposition=Disposition.CREATE,
        options=Option.DIRECTORY,
    )
    handle.close()


def _remove(call: Call) -> Iterator[Record]:
    for location in found(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        below = children(call, location)
        if below and not call.bound.switch("Recurse"):
            yield call.nobody_to_ask(
                f"The item at {location.shown} has children and the Recurse parameter was not specified. "
                "If you continue, all children will be removed with the item. Are you sure you want to "
                "continue?"
            )
        elif call.proceeds("Remove Item", location.shown):
            problem = _remove_one(call, location)
            if problem is not None:
                yield problem


def _remove_one(call: Call, location: Location) -> ErrorRecord | None:
    if location.provider == "Registry":
        denied = refused_writing(call, location)
        if denied is None:
            call.host.registry.remove(location.path, recurse=True)
        return denied
    for child in children(call, location):
        problem = _remove_one(call, child)
        if problem is not None:
            return problem
    try:
        delete_file(call, location)
    except NtError as error:
        problem = file_error(call, error, location, "RemoveFileSystemItem")
        words = f"Cannot remove item {location.path}: {problem.message}"
        act = "UnAuthorizedAccess" if error.status == NtStatus.ACCESS_DENIED else "IOError"
        return call.error(
            words,
            f"RemoveFileSystemItem{act}",
            problem.category,
            location.path,
            exception=problem.exception_type,
        )
    return None


def _rename(call: Call) -> Iterator[Record]:
    new_name = call.bound.text("NewName") or ""
    for location in found(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        target = location.parent.child(new_name)
        if not call.proceeds("Rename Item", f"Item: {location.shown} Destination: {target.shown}"):
            continue
        problem = _rename_one(call, location, target, new_name)
        if problem is not None:
            yield problem
        elif call.bound.switch("PassThru"):
            yield Output(item_object(call, target))


def _rename_one(call: Call, location: Location, target: Location, new_name: str) -> ErrorRecord | None:
    if "\\" in new_name or ":" in new_name:
        return call.error(
            "Cannot rename the specified target, because it represents a path or device name.",
            "Argument",
            ErrorCategory.InvalidArgument,
            new_name,
            exception="System.Management.Automation.PSArgumentException",
        )
    if location.provider == "Registry":
        denied = refused_writing(call, location)
        if denied is not None:
            return denied
        if exists(call, target):
            return _exists(call, target, "A key in this path already exists.", "System.IO.IOException")
        call.host.registry.rename(location.path, new_name)
        return None
    try:
        handle = call.host.files.open(location.path, call.token, rights.DELETE)
        try:
            root = call.host.files.drives[location.path[0]].root
            rename(handle, root, target.path.split("\\")[1:], False, rights.FULL_CONTROL)
        finally:
            handle.close()
    except NtError as error:
        if error.status == NtStatus.OBJECT_NAME_COLLISION:
            message = "Cannot create a file when that file already exists.\r\n"
            return call.error(
                message,
                "RenameItemIOError",
                ErrorCategory.WriteError,
                location.path,
                exception="System.IO.IOException",
            )
        return file_error(call, error, location, "RenameItem")
    return None


COMMANDS = (Command(_NEW, _new), Command(_REMOVE, _remove), Command(_RENAME, _rename))
