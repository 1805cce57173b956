"""Setting permissions over SMB the way Windows' own tools do: what is inherited is worked out here."""

from __future__ import annotations

from collections.abc import Iterator

from smbprotocol.exceptions import SMBResponseException
from smbprotocol.file_info import FileAttributes, FileInformationClass
from smbprotocol.open import CreateOptions, DirectoryAccessMask, Open
from smbprotocol.open import FilePipePrinterAccessMask as Access

from engine.model.security import SecurityDescriptor
from engine.transport.ntstatus import NO_SUCH_OBJECT, Status
from engine.transport.smb import info
from engine.transport.smb.connection import DIRECTORY, SmbConnection
from engine.transport.smb.descriptors import canonical, decode, encode
from engine.transport.smb.files import is_directory
from engine.transport.smb.inheritance import complete
from engine.transport.smb.paths import HostPath

_ALL = info.OWNER | info.GROUP | info.DACL
_BACKUP = CreateOptions.FILE_OPEN_FOR_BACKUP_INTENT | CreateOptions.FILE_OPEN_REPARSE_POINT
_NO_MORE_FILES = 0x80000006


def set_security(connection: SmbConnection, path: HostPath, wanted: SecurityDescriptor) -> None:
    """Write owner, group and DACL of a file or folder, and pass on to what is in it what it inherits.

    Entries of `wanted` that are marked as inherited are left out; what the parent folder gives is added
    unless `wanted` is protected. Owner and group stay where `wanted` has none, and are only sent where they
    differ: setting an owner needs a privilege. The SACL is not touched.
    """
    parent = None if path.is_root else _read(connection, path.parent)
    access = Access.READ_CONTROL | Access.WRITE_DAC | Access.FILE_READ_ATTRIBUTES
    with connection.opened(path, access, options=_BACKUP) as handle:
        before = decode(info.query_security(handle, _ALL))
        folder = is_directory(handle)
        target = wanted.model_copy(
            update={"owner": wanted.owner or before.owner, "group": wanted.group or before.group}
        )
        after = complete(target, parent, is_directory=folder)
    _write(connection, path, before, after)
    if folder:
        _pass_on(connection, path, after)


def _read(connection: SmbConnection, path: HostPath) -> SecurityDescriptor:
    with connection.opened(path, Access.READ_CONTROL, options=_BACKUP) as handle:
        return decode(info.query_security(handle, _ALL))


def _write(
    connection: SmbConnection, path: HostPath, before: SecurityDescriptor, after: SecurityDescriptor
) -> None:
    parts, access = info.DACL, Access.WRITE_DAC
    if after.owner != before.owner:
        parts |= info.OWNER
        access |= Access.WRITE_OWNER
    if after.group != before.group:
        parts |= info.GROUP
        access |= Access.WRITE_OWNER
    with connection.opened(path, access, options=_BACKUP) as handle:
        info.set_security(handle, encode(after), parts)


def _pass_on(connection: SmbConnection, folder: HostPath, parent: SecurityDescriptor) -> None:
    """Give every child its inherited entries anew; a child that is protected keeps its own.

    A child that is right already ends the walk there: what is below it follows from it.
    """
    pending = [(folder, parent)]
    while pending:
        above, given = pending.pop()
        for child, child_is_folder in children(connection, above):
            try:
                before = _read(connection, child)
                if before.protected:
                    continue
                after = complete(before, given, is_directory=child_is_folder)
                if canonical(after.entries) == before.entries:
                    continue
                _write(connection, child, before, after)
            except SMBResponseException as error:
                if error.status in NO_SUCH_OBJECT or error.status == Status.DELETE_PENDING:
                    continue  # deleted meanwhile, by whoever works there
                raise
            if child_is_folder:
                pending.append((child, after))


def children(connection: SmbConnection, folder: HostPath) -> list[tuple[HostPath, bool]]:
    """What is in a folder, and whether each is a folder itself; a link to one is not."""
    access = DirectoryAccessMask.FILE_LIST_DIRECTORY | Access.SYNCHRONIZE
    options = DIRECTORY | CreateOptions.FILE_OPEN_FOR_BACKUP_INTENT
    with connection.opened(folder, access, options=options) as handle:
        return [
            (folder.child(name), is_folder) for name, is_folder in _entries(handle) if name not in {".", ".."}
        ]


def _entries(handle: Open) -> Iterator[tuple[str, bool]]:
    """Names in a folder; links are given as files, so that nobody walks through them."""
    while True:
        try:
            page = handle.query_directory("*", FileInformationClass.FILE_DIRECTORY_INFORMATION)
        except SMBResponseException as error:
            if error.status in {_NO_MORE_FILES, Status.NO_SUCH_FILE}:
                return
            raise
        for entry in page:
            attributes = entry["file_attributes"]
            is_folder = attributes.has_flag(FileAttributes.FILE_ATTRIBUTE_DIRECTORY)
            is_link = attributes.has_flag(FileAttributes.FILE_ATTRIBUTE_REPARSE_POINT)
            name: bytes = entry["file_name"].get_value()
            yield name.decode("utf-16-le"), is_folder and not is_link
