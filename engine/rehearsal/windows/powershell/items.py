"""What the item commands share: finding things by path, and refusing as the providers do."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.filesystem.opening import Option
from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.powershell import errors
from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.errors import StatementFailed
from engine.rehearsal.windows.powershell.locations import Location, NoSuchDrive, NotEmulated, locate
from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord
from engine.rehearsal.windows.powershell.registry_rights import may_read, may_write
from engine.rehearsal.windows.powershell.wildcard import has_wildcard, matches
from engine.rehearsal.windows.security import rights

_MESSAGES = {
    NtStatus.SHARING_VIOLATION: (
        "The process cannot access the file '{path}' because it is being used by another process."
    ),
    NtStatus.DISK_FULL: "There is not enough space on the disk.\r\n",
    NtStatus.OBJECT_NAME_INVALID: "The filename, directory name, or volume label syntax is incorrect.",
}


def place(call: Call, text: str) -> Location:
    """Read a path.

    Raises:
        StatementFailed: the drive does not exist, or the provider is not emulated.
    """
    try:
        return locate(text, call.token.user_sid)
    except NoSuchDrive as error:
        raise StatementFailed(
            call.error(
                f"Cannot find drive. A drive with the name '{error}' does not exist.",
                "DriveNotFound",
                ErrorCategory.ObjectNotFound,
                str(error),
                exception="System.Management.Automation.DriveNotFoundException",
            )
        ) from None
    except NotEmulated as error:
        raise StatementFailed(errors.not_emulated(call.signature.name, str(error))) from None


def exists(call: Call, location: Location) -> bool:
    """Whether there is something at this place."""
    if location.provider == "Registry":
        return call.host.registry.exists(location.path)
    return call.host.files.exists(location.path)


def children(call: Call, location: Location) -> tuple[Location, ...]:
    """What lies directly below, by name."""
    if location.provider == "Registry":
        names = call.host.registry.subkeys(location.path)
    else:
        node = call.host.files.lookup(location.path)
        found = () if node is None else node.children.values()
        names = tuple(sorted((child.name for child in found), key=str.casefold))
    return tuple(location.child(name) for name in names)


def found(call: Call) -> Iterator[Location | ErrorRecord]:
    """The existing places that -Path (with wildcards) or -LiteralPath (without) name."""
    for text in call.bound.texts("LiteralPath") or _one(call, "LiteralPath"):
        yield from _literal(call, text)
    for text in call.bound.texts("Path") or _one(call, "Path"):
        if has_wildcard(text):
            yield from _matching(call, text)
        else:
            yield from _literal(call, text.replace("`", ""))


def _one(call: Call, name: str) -> tuple[str, ...]:
    text = call.bound.text(name)
    return () if text is None else (text,)


def _literal(call: Call, text: str) -> Iterator[Location | ErrorRecord]:
    location = place(call, text)
    yield location if exists(call, location) else path_not_found(call, text)


def _matching(call: Call, text: str) -> Iterator[Location]:
    """Resolve a pattern level by level; what is not there matches nothing."""
    parts = text.replace("/", "\\").split("\\")
    fixed = next(at for at, part in enumerate(parts) if has_wildcard(part))
    level = [place(call, "\\".join(parts[:fixed]) + "\\")]
    for part in parts[fixed:]:
        below = [child for here in level if exists(call, here) for child in children(call, here)]
        level = [child for child in below if matches(part, child.name)]
    yield from level


def path_not_found(call: Call, text: str) -> ErrorRecord:
    """PathNotFound."""
    return call.error(
        f"Cannot find path '{text}' because it does not exist.",
        "PathNotFound",
        ErrorCategory.ObjectNotFound,
        text,
        exception="System.Management.Automation.ItemNotFoundException",
    )


def refused_reading(call: Call, location: Location) -> ErrorRecord | None:
    """The refusal for a place that this user may not read; None where it may."""
    if location.provider == "Registry":
        return None if may_read(call.token, location.path) else registry_denied(call, location)
    try:
        call.host.files.open(location.path, call.token, rights.READ_ATTRIBUTES).close()
    except NtError as error:
        return file_error(call, error, location, "GetItem")
    return None


def refused_writing(call: Call, location: Location) -> ErrorRecord | None:
    """The refusal for a registry key that this user may not write; None where it may."""
    if may_write(call.token, location.path, call.host.faults):
        return None
    return registry_denied(call, location)


def registry_denied(call: Call, location: Location) -> ErrorRecord:
    return call.error(
        "Requested registry access is not allowed.",
        "System.Security.SecurityException",
        ErrorCategory.PermissionDenied,
        location.shown,
        exception="System.Security.SecurityException",
    )


def file_error(call: Call, error: NtError, location: Location, act: str) -> ErrorRecord:
    """What the file system provider makes of a refusal; `act` starts the error's id."""
    if error.status == NtStatus.ACCESS_DENIED:
        return call.error(
            f"Access to the path '{location.path}' is denied.",
            f"{act}UnauthorizedAccessError",
            ErrorCategory.PermissionDenied,
            location.path,
            exception="System.UnauthorizedAccessException",
        )
    missing = (NtStatus.OBJECT_PATH_NOT_FOUND, NtStatus.OBJECT_NAME_NOT_FOUND)
    if error.status in missing:
        return call.error(
            f"Could not find a part of the path '{location.path}'.",
            f"{act}IOError",
            ErrorCategory.WriteError,
            location.path,
            exception="System.IO.DirectoryNotFoundException",
        )
    message = _MESSAGES.get(error.status, f"The operation failed: {error}.")
    return call.error(
        message.format(path=location.path),
        f"{act}IOError",
        ErrorCategory.WriteError,
        location.path,
        exception="System.IO.IOException",
    )


def delete_file(call: Call, location: Location) -> None:
    """Delete a file, or an empty folder, with this user's rights.

    Raises:
        NtError: as the open refuses it.
    """
    options = Option.DELETE_ON_CLOSE
    call.host.files.open(location.path, call.token, rights.DELETE, options=options).close()
