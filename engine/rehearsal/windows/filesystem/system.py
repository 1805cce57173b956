"""The file system of one simulated host: opens for clients, and short cuts for the host's own code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

from engine.rehearsal.windows.filesystem.handle import Handle
from engine.rehearsal.windows.filesystem.names import split_absolute
from engine.rehearsal.windows.filesystem.node import Node
from engine.rehearsal.windows.filesystem.opening import (
    Action,
    Disposition,
    OpenRequest,
    Option,
    open_below,
)
from engine.rehearsal.windows.filesystem.sharing import Share, check_sharing
from engine.rehearsal.windows.filesystem.tree import Tree, Volume, VolumeSpec, find
from engine.rehearsal.windows.journal import Journal
from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.security import SecurityDescriptor, Token, rights, sids
from engine.rehearsal.windows.security.inheritance import reinherit


def _never() -> bool:
    return False


class FileSystem:
    """All volumes of a host. Nothing is read or made on the controller's disk before the first use.

    The short cuts (`make_directory`, `write_file`, ...) act as the system itself: no rights are checked,
    but names, sharing and space are.
    """

    def __init__(
        self,
        folder: Path,
        volumes: Iterable[VolumeSpec],
        journal: Journal,
        is_full: Callable[[], bool] = _never,
    ) -> None:
        """`folder` is where everything is kept; while `is_full` says so, no volume grows."""
        self._folder = folder
        self._specs = tuple(volumes)
        self._journal = journal
        self._is_full = is_full

    @cached_property
    def tree(self) -> Tree:
        """The nodes, read at the first use."""
        tree = Tree(self._folder, self._journal, self._is_full)
        tree.load(self._specs)
        return tree

    @property
    def drives(self) -> Mapping[str, Volume]:
        """Volumes by letter."""
        return self.tree.volumes

    def lookup(self, path: str) -> Node | None:
        """The node of a full path; None where there is none, or where the path makes no sense."""
        try:
            drive, parts = split_absolute(path)
        except NtError:
            return None
        return find(self.drives, drive, parts)

    def exists(self, path: str) -> bool:
        """If there is a file or folder of this path."""
        return self.lookup(path) is not None

    def open(
        self,
        path: str,
        token: Token,
        desired_access: int,
        share_access: Share = Share.ALL,
        disposition: Disposition = Disposition.OPEN,
        options: Option = Option.NONE,
        sd: SecurityDescriptor | None = None,
    ) -> Handle:
        """Open or create, as NtCreateFile does for a client.

        Raises:
            NtError: as Windows refuses it.
        """
        request = OpenRequest(token, desired_access, share_access, disposition, options, security=sd)
        return self.open_request(path, request)[0]

    def open_request(self, path: str, request: OpenRequest) -> tuple[Handle, Action]:
        """Open or create; says also which of both it was."""
        drive, parts = split_absolute(path)
        volume = self.drives.get(drive)
        if volume is None:
            raise NtError(NtStatus.OBJECT_PATH_NOT_FOUND)
        return open_below(self.tree, volume.root, parts, request)

    def make_directory(self, path: str, sd: SecurityDescriptor | None = None) -> Node:
        """Make a folder and those above it; nothing happens where it exists. `sd` is for the last one.

        Raises:
            NtError: STATUS_NOT_A_DIRECTORY where a file is in the way.
        """
        drive, parts = split_absolute(path)
        node = self._volume(drive).root
        for depth, part in enumerate(parts):
            last = depth + 1 == len(parts)
            below = node.child(part) or self._add(node, part, True, sd if last else None)
            if not below.is_directory:
                raise NtError(NtStatus.NOT_A_DIRECTORY)
            node = below
        return node

    def write_file(self, path: str, data: bytes, sd: SecurityDescriptor | None = None) -> Node:
        """Make a file, with its folders, or overwrite one.

        Raises:
            NtError: STATUS_SHARING_VIOLATION while somebody has it open, STATUS_DISK_FULL.
        """
        drive, parts = split_absolute(path)
        if not parts:
            raise NtError(NtStatus.FILE_IS_A_DIRECTORY)
        folder = self.make_directory("\\".join((f"{drive}:", *parts[:-1])) + "\\")
        found = folder.child(parts[-1])
        node = found or self._add(folder, parts[-1], False, sd)
        if node.is_directory:
            raise NtError(NtStatus.FILE_IS_A_DIRECTORY)
        check_sharing(node.handles, rights.WRITE_DATA, Share.NONE)
        self.tree.resize(node, 0)
        if data:
            self.tree.write(node, 0, data)
        self.tree.touch(node)
        self.tree.settle(node)
        self._release(node)
        self.tree.wrote()
        return node

    def read_file(self, path: str) -> bytes:
        """The whole contents.

        Raises:
            NtError: STATUS_OBJECT_NAME_NOT_FOUND, or STATUS_FILE_IS_A_DIRECTORY.
        """
        node = self._existing(path)
        if node.is_directory:
            raise NtError(NtStatus.FILE_IS_A_DIRECTORY)
        data = self.tree.read(node, 0, node.size)
        self._release(node)
        self.tree.was_read()
        return data

    def remove(self, path: str) -> None:
        """Delete a file, or a folder with everything in it; nothing happens where there is none.

        Raises:
            NtError: STATUS_SHARING_VIOLATION while something in it is open; then nothing is deleted.
        """
        node = self.lookup(path)
        if node is None:
            return
        doomed = [node, *node.below()]
        if node.parent is None:
            raise NtError(NtStatus.CANNOT_DELETE)
        if any(each.handles for each in doomed):
            raise NtError(NtStatus.SHARING_VIOLATION)
        with self.tree.store.transaction():
            for each in reversed(doomed):
                self.tree.remove(each)

    def security(self, path: str) -> SecurityDescriptor:
        """A node's whole descriptor.

        Raises:
            NtError: STATUS_OBJECT_NAME_NOT_FOUND.
        """
        self.tree.was_read()
        return self._existing(path).security

    def set_security(self, path: str, sd: SecurityDescriptor) -> None:
        """Set a descriptor as SetNamedSecurityInfo, Set-Acl and icacls do: what the object inherits is
        computed anew, and so is everything below it.

        Raises:
            NtError: STATUS_OBJECT_NAME_NOT_FOUND.
        """
        node = self._existing(path)
        whole = sd if node.parent is None else reinherit(node.parent.security, sd, node.is_directory)
        self.tree.secure(node, whole, propagate=True)

    def close(self) -> None:
        """Give back files and descriptors; what was stored stays."""
        if "tree" in self.__dict__:
            self.tree.close()
            del self.__dict__["tree"]

    def _volume(self, drive: str) -> Volume:
        volume = self.drives.get(drive)
        if volume is None:
            raise NtError(NtStatus.OBJECT_PATH_NOT_FOUND)
        return volume

    def _existing(self, path: str) -> Node:
        node = self.lookup(path)
        if node is None:
            raise NtError(NtStatus.OBJECT_NAME_NOT_FOUND)
        return node

    def _add(self, parent: Node, name: str, is_directory: bool, sd: SecurityDescriptor | None) -> Node:
        asked = sd or SecurityDescriptor(sids.ADMINISTRATORS, sids.SYSTEM, ())
        return self.tree.add(parent, name, is_directory, reinherit(parent.security, asked, is_directory))

    def _release(self, node: Node) -> None:
        if not node.handles:
            self.tree.contents.release(node.id)
