"""Directory queries: a snapshot of a folder's entries that a handle walks through (MS-FSA 2.1.5.6.3)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engine.rehearsal.windows.filesystem.handle import Handle
from engine.rehearsal.windows.filesystem.names import matches
from engine.rehearsal.windows.filesystem.node import Node
from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.security import rights
from engine.rehearsal.windows.security.check import maximum_access


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing; `name` is `.` or `..` for the folder itself and the one above."""

    name: str
    node: Node


@dataclass(slots=True, eq=False)
class Listing:
    """A walk through a folder. `readable_only`: what the client may not read is left out, as a share with
    access-based enumeration shows it."""

    handle: Handle
    readable_only: bool = False
    pattern: str = ""
    _entries: list[Entry] = field(default_factory=list)
    _position: int = 0
    _started: bool = False

    def start(self, pattern: str) -> None:
        """Begin, or begin anew. Another pattern than the first is used only by an explicit restart."""
        self.handle.require(rights.LIST_DIRECTORY)
        if not self.handle.node.is_directory:
            raise NtError(NtStatus.INVALID_PARAMETER)
        self.handle.tree.was_read()
        self.pattern = pattern or self.pattern or "*"
        self._entries = list(self._matching())
        self._position = 0
        self._started = True
        if not self._entries:
            raise NtError(NtStatus.NO_SUCH_FILE)

    @property
    def started(self) -> bool:
        """If the first query was asked."""
        return self._started

    def peek(self) -> Entry | None:
        """The entry whose turn it is, or None at the end."""
        return self._entries[self._position] if self._position < len(self._entries) else None

    def advance(self) -> None:
        """The present entry was given out."""
        self._position += 1

    def _matching(self) -> Iterator[Entry]:
        folder = self.handle.node
        if folder.parent is not None:
            for name, node in ((".", folder), ("..", folder.parent)):
                if matches(self.pattern, name):
                    yield Entry(name, node)
        # NTFS keeps a folder's index in the order of the folded names.
        for _, node in sorted(folder.children.items()):
            if matches(self.pattern, node.name) and self._visible(node):
                yield Entry(node.name, node)

    def _visible(self, node: Node) -> bool:
        if not self.readable_only:
            return True
        return bool(maximum_access(node.security, self.handle.token) & rights.READ_DATA)
