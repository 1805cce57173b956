"""Files and folders as they are kept in memory."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntFlag

from engine.rehearsal.windows.filesystem.names import fold
from engine.rehearsal.windows.filesystem.sharing import Opener
from engine.rehearsal.windows.security import SecurityDescriptor

CLUSTER = 4096  # bytes; what space is given out in

_EPOCH = 116_444_736_000_000_000  # 1970-01-01 as FILETIME


class Attribute(IntFlag):
    """File attributes that can be set or seen here (MS-FSCC 2.6)."""

    NONE = 0
    READONLY = 0x0001
    HIDDEN = 0x0002
    SYSTEM = 0x0004
    DIRECTORY = 0x0010
    ARCHIVE = 0x0020
    NORMAL = 0x0080
    TEMPORARY = 0x0100
    OFFLINE = 0x1000
    NOT_CONTENT_INDEXED = 0x2000


SETTABLE = (
    Attribute.READONLY
    | Attribute.HIDDEN
    | Attribute.SYSTEM
    | Attribute.ARCHIVE
    | Attribute.TEMPORARY
    | Attribute.OFFLINE
    | Attribute.NOT_CONTENT_INDEXED
)


def filetime_now() -> int:
    """The time as FILETIME: units of 100 ns since 1601-01-01 UTC (MS-DTYP 2.3.3)."""
    return time.time_ns() // 100 + _EPOCH


@dataclass(slots=True)
class Times:
    """FILETIMEs of a node."""

    created: int
    accessed: int
    written: int
    changed: int

    @classmethod
    def at(cls, moment: int) -> Times:
        """All four at one moment."""
        return cls(moment, moment, moment, moment)


@dataclass(slots=True, eq=False)
class Node:
    """A file or folder. `drive` is its volume's letter; a root has no parent and an empty name."""

    id: int
    drive: str
    parent: Node | None
    name: str
    is_directory: bool
    attributes: Attribute
    times: Times
    size: int
    security: SecurityDescriptor
    children: dict[str, Node] = field(default_factory=dict)
    handles: list[Opener] = field(default_factory=list)
    delete_pending: bool = False
    reserved: int = 0  # bytes given out beyond the end of the file (set allocation)

    @property
    def allocation(self) -> int:
        """Bytes of the volume that the contents take: whole clusters."""
        if self.is_directory:
            return 0
        return max(-(-self.size // CLUSTER) * CLUSTER, self.reserved)

    @property
    def visible_attributes(self) -> Attribute:
        """The attributes as Windows reports them: NORMAL where there is no other."""
        kind = Attribute.DIRECTORY if self.is_directory else Attribute.NONE
        return self.attributes | kind or Attribute.NORMAL

    @property
    def path(self) -> str:
        """The full path: `D:\\Shares\\Staff`, and `D:\\` for a root."""
        names: list[str] = []
        node: Node | None = self
        while node is not None and node.parent is not None:
            names.append(node.name)
            node = node.parent
        return f"{self.drive}:\\" + "\\".join(reversed(names))

    def child(self, name: str) -> Node | None:
        """The entry of this name, without case."""
        return self.children.get(fold(name))

    def below(self) -> Iterator[Node]:
        """Everything under this folder, each folder before what is in it."""
        for node in self.children.values():
            yield node
            yield from node.below()

    def is_within(self, other: Node) -> bool:
        """If this is `other` or lies below it."""
        node: Node | None = self
        while node is not None:
            if node is other:
                return True
            node = node.parent
        return False
