"""Rollcall's own folder on a host, which nobody but administrators and the system may enter.

Staged installers are run from there, logs of installations hold every property that was passed, and the
lease lies there: whoever could write to it could run programs as an administrator, and whoever could hold
the lease's file open could keep every controller away.
"""

from __future__ import annotations

from smbprotocol.exceptions import SMBResponseException
from smbprotocol.file_info import FileAttributes
from smbprotocol.open import CreateDisposition, CreateOptions
from smbprotocol.open import FilePipePrinterAccessMask as Access

from engine.kinds.paths import OWN_FOLDER
from engine.model.security import AccessEntry, SecurityDescriptor
from engine.transport.ntstatus import Status
from engine.transport.refusals import UntrustedFolder
from engine.transport.smb import files, info
from engine.transport.smb.connection import DIRECTORY, SmbConnection
from engine.transport.smb.descriptors import FULL_CONTROL, decode, encode
from engine.transport.smb.paths import HostPath
from engine.transport.smb.permissions import set_security

ROOT = HostPath.parse(OWN_FOLDER)

# Microsoft, "Well-known SIDs".
_ADMINISTRATORS, _SYSTEM = "S-1-5-32-544", "S-1-5-18"
_TRUSTED_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
_TRUSTED = frozenset({_ADMINISTRATORS, _SYSTEM, _TRUSTED_INSTALLER})
# They stand for whoever creates or owns: where only the trusted can write, the trusted.
_CREATORS = frozenset({"S-1-3-0", "S-1-3-1", "S-1-3-4"})

# FILE_WRITE_DATA, _APPEND_DATA, _WRITE_EA, _DELETE_CHILD, _WRITE_ATTRIBUTES, DELETE, WRITE_DAC, WRITE_OWNER
# (MS-SMB2 2.2.13.1.2).
_WRITING = 0x2 | 0x4 | 0x10 | 0x40 | 0x100 | 0x10000 | 0x40000 | 0x80000


def _full(sid: str) -> AccessEntry:
    return AccessEntry(sid=sid, type="allow", mask=FULL_CONTROL, object_inherit=True, container_inherit=True)


SHUT = SecurityDescriptor(
    owner=_ADMINISTRATORS, protected=True, entries=(_full(_SYSTEM), _full(_ADMINISTRATORS))
)


def make_directory(connection: SmbConnection, path: HostPath) -> None:
    """Create a folder and those above it; Rollcall's own folder and those in it are shut to all others.

    One of them that exists is not trusted for its name. Where others may read it, as after a run that ended
    between its creation and the next request, it is shut.

    Raises:
        UntrustedFolder: one of Rollcall's own exists and others may write to it, or own it.
    """
    if not _is_own(path):
        files.make_directory(connection, path)
        return
    files.make_directory(connection, ROOT.parent)
    for depth in range(len(ROOT.names), len(path.names) + 1):
        folder = HostPath(path.drive, path.names[:depth])
        if not _create(connection, folder):
            _check(connection, folder)


def _is_own(path: HostPath) -> bool:
    start = path.names[: len(ROOT.names)]
    return path.drive == ROOT.drive and [n.casefold() for n in start] == [n.casefold() for n in ROOT.names]


def _create(connection: SmbConnection, folder: HostPath) -> bool:
    """Create one folder and shut it before anything is put in; whether it was not there before.

    Between the two requests users may look into the empty folder: that is what Program Files gives them.
    """
    access = Access.FILE_READ_ATTRIBUTES | Access.READ_CONTROL | Access.WRITE_DAC | Access.WRITE_OWNER
    try:
        with connection.opened(
            folder, access, disposition=CreateDisposition.FILE_CREATE, options=DIRECTORY
        ) as handle:
            info.set_security(handle, encode(SHUT), info.OWNER | info.DACL)
    except SMBResponseException as error:
        if error.status != Status.OBJECT_NAME_COLLISION:
            raise
        return False
    return True


def _check(connection: SmbConnection, folder: HostPath) -> None:
    options = CreateOptions.FILE_OPEN_FOR_BACKUP_INTENT | CreateOptions.FILE_OPEN_REPARSE_POINT
    with connection.opened(
        folder, Access.READ_CONTROL | Access.FILE_READ_ATTRIBUTES, options=options
    ) as handle:
        found = decode(info.query_security(handle, info.OWNER | info.GROUP | info.DACL))
        is_link = bool(handle.file_attributes & FileAttributes.FILE_ATTRIBUTE_REPARSE_POINT)
        is_folder = files.is_directory(handle)
    problem = "it is no folder" if is_link or not is_folder else fault(found)
    if problem:
        raise UntrustedFolder(
            f"{folder} cannot be used: {problem}. Look at what is in it, and delete it; it is made anew"
        )
    if not (found.protected and set(found.entries) == set(SHUT.entries)):
        set_security(connection, folder, SHUT)


def fault(found: SecurityDescriptor) -> str | None:
    """Why nothing in a folder with this descriptor can be trusted; None where nobody else could write."""
    if found.owner not in _TRUSTED:
        return f"its owner is {found.owner}, not Administrators"
    for entry in found.entries:
        others = entry.sid not in _TRUSTED | _CREATORS
        if others and entry.type == "allow" and entry.mask & _WRITING:
            return f"{entry.sid} may write to it"
    return None
