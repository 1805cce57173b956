"""File contents on the controller's disk: one file per simulated file, named by its id."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from engine.rehearsal.windows.ntstatus import NtError, NtStatus


@contextmanager
def _as_nt_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        raise NtError(NtStatus.DISK_FULL if full else NtStatus.UNEXPECTED_IO_ERROR) from error


class Contents:
    """The bytes of files. A file that never held any has none on disk either."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._open: dict[int, int] = {}  # node id -> file descriptor

    def path(self, node_id: int) -> Path:
        """Where the contents of a node are; nothing is there while it is empty."""
        return self._folder / f"{node_id:x}"

    def _descriptor(self, node_id: int) -> int:
        found = self._open.get(node_id)
        if found is None:
            found = os.open(self.path(node_id), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._open[node_id] = found
        return found

    def read(self, node_id: int, offset: int, length: int) -> bytes:
        """Up to `length` bytes; fewer at the end.

        Raises:
            NtError: the controller's disk failed.
        """
        with _as_nt_errors():
            return os.pread(self._descriptor(node_id), length, offset)

    def write(self, node_id: int, offset: int, data: bytes | memoryview) -> None:
        """Put `data` at `offset`, all of it.

        Raises:
            NtError: STATUS_DISK_FULL, when the controller's disk is.
        """
        with _as_nt_errors():
            descriptor = self._descriptor(node_id)
            view = memoryview(data)
            while view:
                written = os.pwrite(descriptor, view, offset)
                view = view[written:]
                offset += written

    def resize(self, node_id: int, size: int) -> None:
        """Cut off or extend with zeros; the extension takes no space on the controller."""
        with _as_nt_errors():
            os.ftruncate(self._descriptor(node_id), size)

    def size(self, node_id: int) -> int:
        """Bytes on disk."""
        try:
            return self.path(node_id).stat().st_size
        except FileNotFoundError:
            return 0

    def release(self, node_id: int) -> None:
        """Nobody has the file open any more."""
        descriptor = self._open.pop(node_id, None)
        if descriptor is not None:
            os.close(descriptor)

    def remove(self, node_id: int) -> None:
        """Forget the contents."""
        self.release(node_id)
        self.path(node_id).unlink(missing_ok=True)

    def ids(self) -> Iterator[int]:
        """The ids of all files that have contents."""
        for path in self._folder.iterdir():
            yield int(path.name, 16)

    def prepare(self) -> None:
        """Make the folder."""
        self._folder.mkdir(parents=True, exist_ok=True)

    def close(self) -> None:
        """Give back every descriptor."""
        for node_id in list(self._open):
            self.release(node_id)
