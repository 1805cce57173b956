"""Files from file servers, read only: signed and encrypted as every other conversation over SMB."""

from __future__ import annotations

from collections.abc import Generator, Iterator

from smbprotocol.open import FilePipePrinterAccessMask as Access

from engine.model.source import SharedFile
from engine.transport.classify import boundary
from engine.transport.credentials import resolve
from engine.transport.refusals import UnexpectedFile
from engine.transport.smb.connection import FILE, SmbConnection
from engine.transport.smb.paths import SharePath
from engine.transport.smb.transfer import chunks
from engine.transport.target import Target

STEP = "copy"
_READ = Access.FILE_READ_DATA | Access.FILE_READ_ATTRIBUTES | Access.SYNCHRONIZE


def copy_from_share(file: SharedFile, size: int, target: Target) -> Generator[bytes, None, None]:
    """The file's bytes as they come; closing the iterator ends the connection.

    No more than `size` bytes are given, and none where the file has another number of them. All of it may
    take the time of a step and what so many bytes need at the target's slowest speed.

    Args:
        target: the file server and who logs on to it.

    Raises:
        HostError: it cannot be had; the cause is one line.
    """
    connection = SmbConnection(target, lambda: resolve(target.login))
    seconds = target.timeouts.step + size / target.timeouts.bytes_per_second
    path = SharePath(file.share, "\\".join(file.names))
    with boundary(target.host, STEP, connection.watchdog), connection.watchdog.limit(seconds):
        try:
            with connection.opened(path, _READ, options=FILE) as handle:
                if handle.end_of_file != size:
                    raise UnexpectedFile(f"the file has {handle.end_of_file} bytes, and {size} are declared")
                yield from _at_most(chunks(handle, connection.largest_read), size)
        finally:
            connection.drop()


def _at_most(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    """What the file held when it was opened; somebody may be writing to it."""
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > size:
            raise UnexpectedFile("the file grew while it was read")
        yield piece
