"""Acts on a host's file system, each over an open `SmbConnection`. Errors are the library's own here."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress

from smbprotocol.exceptions import SMBResponseException
from smbprotocol.file_info import FileAttributes
from smbprotocol.open import CreateDisposition, CreateOptions, Open
from smbprotocol.open import FilePipePrinterAccessMask as Access

from engine.model.query import Content, Missing, Security
from engine.transport.ntstatus import NO_SUCH_OBJECT, Status
from engine.transport.refusals import NotAsSent, UnsafePath
from engine.transport.smb import info
from engine.transport.smb.connection import DIRECTORY, FILE, SHARE_NONE, SmbConnection
from engine.transport.smb.descriptors import decode, keep_inherited_mark
from engine.transport.smb.paths import HostPath
from engine.transport.smb.text import decode_tail
from engine.transport.smb.transfer import chunks, measure, write_all

_READ = Access.FILE_READ_DATA | Access.FILE_READ_ATTRIBUTES | Access.SYNCHRONIZE
_REMOVE = Access.DELETE | Access.FILE_READ_ATTRIBUTES | Access.SYNCHRONIZE
_STAGE = (
    _READ
    | Access.FILE_WRITE_DATA
    | Access.FILE_WRITE_ATTRIBUTES
    | Access.DELETE
    | Access.READ_CONTROL
    | Access.WRITE_DAC
    | Access.WRITE_OWNER
)
# What a rename over a file that is open gives (MS-FSA 2.1.5.15.11); the first may also mean what it says.
_TARGET_OPEN = frozenset({Status.ACCESS_DENIED, Status.SHARING_VIOLATION})
_ATTEMPTS = 8
_PAUSE = 0.25  # seconds
_KEPT = info.OWNER | info.GROUP | info.DACL


def read_file(connection: SmbConnection, path: HostPath, limit: int) -> Content | Missing:
    """Size and SHA-256 of a whole file, with its first `limit` bytes."""
    try:
        with connection.opened(path, _READ, options=FILE) as handle:
            size, digest, head = measure(handle, connection.largest_read, limit)
    except SMBResponseException as error:
        if error.status in NO_SUCH_OBJECT:
            return Missing()
        raise
    return Content(size, digest, head)


def read_tail(connection: SmbConnection, path: HostPath, limit: int) -> str:
    """The last `limit` bytes of a file as text."""
    with connection.opened(path, _READ, options=FILE) as handle:
        start = max(0, handle.end_of_file - limit)
        head = handle.read(0, 3) if handle.end_of_file >= 3 else b""
        tail = _at_most(chunks(handle, connection.largest_read, start), limit)
    return decode_tail(head, tail, start)


def _at_most(pieces: Iterable[bytes], limit: int) -> bytes:
    """What the file held when it was opened; a log may grow faster than it is read."""
    kept = bytearray()
    for piece in pieces:
        kept += piece[: limit - len(kept)]
        if len(kept) >= limit:
            break
    return bytes(kept)


def read_security(connection: SmbConnection, path: HostPath) -> Security | Missing:
    """Owner, group and DACL of a file or folder.

    Opened with the intent to back up, so that an administrator can also read what shuts administrators out.

    Raises:
        UnreadableDescriptor: see `descriptors.decode`.
    """
    options = CreateOptions.FILE_OPEN_FOR_BACKUP_INTENT
    try:
        with connection.opened(path, Access.READ_CONTROL, options=options) as handle:
            data = info.query_security(handle, _KEPT)
            return Security(decode(data), is_directory(handle))
    except SMBResponseException as error:
        if error.status in NO_SUCH_OBJECT:
            return Missing()
        raise


def put_file(
    connection: SmbConnection, path: HostPath, content: Callable[[], Iterable[bytes]], sha256: str
) -> None:
    """Write a file so that nobody ever sees half of it, keeping the permissions of the one it replaces.

    The staged file is marked for deletion while it is written, so the server removes it when the handle is
    closed or the connection ends, however that comes about.

    Raises:
        NotAsSent: the digest of what was sent, or of what the host stored, is not `sha256`.
    """
    if path.is_root:
        raise UnsafePath(f"{path} is a drive, not a file")
    kept = _security_to_keep(connection, path)
    with _staged(connection, path) as handle:
        _, sent = write_all(handle, content(), connection.largest_write)
        handle.flush()
        _, stored, _ = measure(handle, connection.largest_read)
        if not sha256 == sent == stored:
            where = "the source" if sent != sha256 else "the host"
            raise NotAsSent(f"the content of {path} is not what was planned: {where} has another SHA-256")
        if kept is not None:
            info.set_security(handle, keep_inherited_mark(kept), _KEPT)
        info.set_deletion(handle, pending=False)
        try:
            _move_into_place(handle, path)
        except BaseException:
            with suppress(Exception):  # the refusal to rename is what to tell
                info.set_deletion(handle, pending=True)
            raise


def _move_into_place(handle: Open, path: HostPath) -> None:
    """Rename over the target; Windows refuses that while somebody reads it, so try for a while."""
    for _ in range(_ATTEMPTS - 1):
        try:
            info.rename(handle, path.inner, replace=True)
            return
        except SMBResponseException as error:
            if error.status not in _TARGET_OPEN:
                raise
            time.sleep(_PAUSE)
    info.rename(handle, path.inner, replace=True)


@contextmanager
def _staged(connection: SmbConnection, path: HostPath) -> Iterator[Open]:
    stage = path.parent.child(f"~rollcall-{secrets.token_hex(8)}.tmp")
    with connection.opened(
        stage, _STAGE, disposition=CreateDisposition.FILE_CREATE, options=FILE, share=SHARE_NONE
    ) as handle:
        info.set_deletion(handle, pending=True)
        yield handle


def _security_to_keep(connection: SmbConnection, path: HostPath) -> bytes | None:
    try:
        with connection.opened(path, Access.READ_CONTROL, options=FILE) as handle:
            return info.query_security(handle, _KEPT)
    except SMBResponseException as error:
        if error.status in NO_SUCH_OBJECT:
            return None
        raise


def make_directory(connection: SmbConnection, path: HostPath) -> None:
    """Create a folder and those above it; one that exists stays as it is."""
    if path.is_root:
        return
    try:
        _make_one(connection, path)
    except SMBResponseException as error:
        if error.status != Status.OBJECT_PATH_NOT_FOUND or path.parent.is_root:
            raise
        make_directory(connection, path.parent)
        _make_one(connection, path)


def _make_one(connection: SmbConnection, path: HostPath) -> None:
    with connection.opened(
        path,
        Access.FILE_READ_ATTRIBUTES | Access.SYNCHRONIZE,
        disposition=CreateDisposition.FILE_OPEN_IF,
        options=DIRECTORY,
    ):
        return


def remove_file(connection: SmbConnection, path: HostPath) -> None:
    """Delete one file, or a link rather than what it leads to; one that is gone is no error."""
    _remove(connection, path, FILE)


def remove_directory(connection: SmbConnection, path: HostPath) -> None:
    """Delete a folder if it is empty; the server refuses otherwise. One that is gone is no error."""
    if path.is_root:
        raise UnsafePath(f"{path} is a drive, not a folder")
    _remove(connection, path, DIRECTORY)


def _remove(connection: SmbConnection, path: HostPath, kind: int) -> None:
    options = kind | CreateOptions.FILE_OPEN_REPARSE_POINT
    try:
        with connection.opened(path, _REMOVE, options=options) as handle:
            # Not "delete on close": that would pass over a folder with something in it in silence.
            info.set_deletion(handle, pending=True)
    except SMBResponseException as error:
        if error.status not in NO_SUCH_OBJECT:
            raise


def is_directory(handle: Open) -> bool:
    """Whether an open handle is a folder's."""
    return bool(handle.file_attributes & FileAttributes.FILE_ATTRIBUTE_DIRECTORY)
