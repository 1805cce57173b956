"""The file system as installers use it: with the rights of the system, in folders that exist."""

from __future__ import annotations

from ntpath import dirname

from engine.rehearsal.windows.filesystem.system import FileSystem
from engine.rehearsal.windows.ntstatus import NtError, NtStatus


class HostFiles:
    """A `FileStore` on a simulated NTFS."""

    def __init__(self, system: FileSystem) -> None:
        self._system = system

    def exists(self, path: str) -> bool:
        return self._system.exists(path)

    def read_file(self, path: str) -> bytes:
        return self._system.read_file(path)

    def write_file(self, path: str, content: bytes) -> None:
        folder = self._system.lookup(dirname(path))
        if folder is None or not folder.is_directory:
            raise NtError(NtStatus.OBJECT_PATH_NOT_FOUND)
        self._system.write_file(path, content)

    def make_directory(self, path: str) -> None:
        self._system.make_directory(path)

    def remove(self, path: str) -> None:
        if self.names_in(path):
            raise NtError(NtStatus.DIRECTORY_NOT_EMPTY)
        self._system.remove(path)

    def names_in(self, path: str) -> tuple[str, ...]:
        node = self._system.lookup(path)
        return () if node is None else tuple(child.name for child in node.children.values())
