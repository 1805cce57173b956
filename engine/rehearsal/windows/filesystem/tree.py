"""The nodes of all volumes, with their contents and space. Knows nothing of clients and rights."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.rehearsal.windows.filesystem.contents import Contents
from engine.rehearsal.windows.filesystem.names import fold
from engine.rehearsal.windows.filesystem.node import CLUSTER, Attribute, Node, Times, filetime_now
from engine.rehearsal.windows.filesystem.store import Store, StoredNode
from engine.rehearsal.windows.journal import Journal, Part
from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.security import SecurityDescriptor
from engine.rehearsal.windows.security.defaults import (
    DATA_VOLUME,
    SYSTEM_FOLDERS,
    SYSTEM_VOLUME,
    VOLUME_RECORDS,
)
from engine.rehearsal.windows.security.inheritance import reinherit

_RESERVED = 64 * 2**20  # bytes that NTFS itself takes on a fresh volume


@dataclass(frozen=True, slots=True)
class VolumeSpec:
    """A volume to simulate; `size` in bytes. `occupied` bytes are taken by files that are not simulated."""

    letter: str
    size: int
    label: str = ""
    occupied: int = 0


@dataclass(slots=True, eq=False)
class Volume:
    """A volume in use."""

    spec: VolumeSpec
    root: Node
    used: int  # bytes

    @property
    def free(self) -> int:
        """Bytes that can still be given out."""
        return max(0, self.spec.size - self.used)

    @property
    def serial(self) -> int:
        """The 32-bit serial number; the same at each start."""
        return (ord(self.spec.letter) * 0x01000193 ^ self.spec.size) & 0xFFFFFFFF


class Tree:
    """Nodes in memory, written through to the store. Opened by `load`."""

    def __init__(self, folder: Path, journal: Journal, is_full: Callable[[], bool]) -> None:
        self.store = Store(folder / "nodes.sqlite")
        self.contents = Contents(folder / "contents")
        self.volumes: dict[str, Volume] = {}
        self._journal = journal
        self._is_full = is_full
        self._next_id = 0
        self._unsettled: set[int] = set()

    def load(self, specs: Iterable[VolumeSpec]) -> None:
        """Read what was kept, and format the volumes that are new."""
        self.contents.prepare()
        rows = self.store.all()
        nodes = self._link(rows)
        self._next_id = self.store.next_id()
        for spec in specs:
            root = next((n for n in nodes.values() if n.parent is None and n.drive == spec.letter), None)
            used = _RESERVED + spec.occupied + sum(n.allocation for n in root.below()) if root else 0
            if root is not None:
                self.volumes[spec.letter] = Volume(spec, root, used)
            else:
                self._format(spec)
        for orphan in set(self.contents.ids()) - nodes.keys():
            self.contents.remove(orphan)  # deleted, or never finished, when the process died

    def _link(self, rows: list[StoredNode]) -> dict[int, Node]:
        descriptors: dict[bytes, SecurityDescriptor] = {}
        nodes: dict[int, Node] = {}
        for row in rows:
            security = descriptors.setdefault(row.security, SecurityDescriptor.from_bytes(row.security))
            times = Times(row.created, row.accessed, row.written, row.changed)
            size = self.contents.size(row.id) if row.unsettled else row.size
            kind = bool(row.directory)
            attributes = Attribute(row.attributes)
            nodes[row.id] = Node(row.id, row.drive, None, row.name, kind, attributes, times, size, security)
        for row in rows:
            # A folder may be younger than what was moved into it, so relations come after all nodes.
            if row.parent is not None:
                node, parent = nodes[row.id], nodes[row.parent]
                node.parent = parent
                parent.children[fold(node.name)] = node
        return nodes

    def _format(self, spec: VolumeSpec) -> None:
        system = spec.letter == "C"
        security = SYSTEM_VOLUME if system else DATA_VOLUME
        with self.store.transaction():
            root = self._new(spec.letter, None, "", True, security)
            records = self._new(spec.letter, root, "System Volume Information", True, VOLUME_RECORDS)
            for node in (root, records):
                node.attributes = Attribute.HIDDEN | Attribute.SYSTEM
                self.store.put(node)
            self.volumes[spec.letter] = Volume(spec, root, _RESERVED + spec.occupied)
            for path, own in (SYSTEM_FOLDERS if system else {}).items():
                *above, name = path.strip("\\").split("\\")
                parent = root
                for part in above:
                    parent = parent.children[fold(part)]
                plain = SecurityDescriptor(root.security.owner, root.security.group, ())
                self._new(spec.letter, parent, name, True, own or reinherit(parent.security, plain, True))

    def _new(
        self, drive: str, parent: Node | None, name: str, is_directory: bool, security: SecurityDescriptor
    ) -> Node:
        times = Times.at(filetime_now())
        attributes = Attribute.NONE if is_directory else Attribute.ARCHIVE
        node = Node(self._next_id, drive, parent, name, is_directory, attributes, times, 0, security)
        self._next_id += 1
        self.store.put(node)
        if parent is not None:
            parent.children[fold(name)] = node
        return node

    def add(
        self,
        parent: Node,
        name: str,
        is_directory: bool,
        security: SecurityDescriptor,
        attributes: Attribute = Attribute.NONE,
    ) -> Node:
        """Make an empty file or folder.

        Raises:
            NtError: STATUS_DISK_FULL.
        """
        if self._is_full():
            raise NtError(NtStatus.DISK_FULL)
        with self.store.transaction():
            node = self._new(parent.drive, parent, name, is_directory, security)
            node.attributes |= attributes
            self.store.put(node)
            self.touch(parent)
        self.wrote()
        return node

    def remove(self, node: Node) -> None:
        """Forget a node that has no children."""
        parent = node.parent
        if parent is None or node.children:
            raise NtError(NtStatus.DIRECTORY_NOT_EMPTY)
        with self.store.transaction():
            self.store.remove(node)
            self.touch(parent)
        del parent.children[fold(node.name)]
        self.volumes[node.drive].used -= node.allocation
        self._unsettled.discard(node.id)
        self.contents.remove(node.id)
        node.parent = None
        self.wrote()

    def move(self, node: Node, parent: Node, name: str, replaced: Node | None) -> None:
        """Give a node another name or folder of the same volume, in one step with removing `replaced`."""
        before = node.parent
        if before is None:
            raise NtError(NtStatus.INVALID_PARAMETER)
        with self.store.transaction():
            if replaced is not None and replaced is not node:
                self.remove(replaced)
            del before.children[fold(node.name)]
            node.parent, node.name = parent, name
            parent.children[fold(name)] = node
            node.times.changed = filetime_now()
            self.store.put(node)
            self.touch(before)
            self.touch(parent)
        self.wrote()

    def touch(self, folder: Node) -> None:
        """The entries of a folder changed."""
        folder.times.written = folder.times.changed = filetime_now()
        self.store.put(folder)

    def read(self, node: Node, offset: int, length: int) -> bytes:
        """Bytes of a file; fewer at its end, none behind it."""
        length = min(length, node.size - offset)
        if length <= 0:
            return b""
        data = self.contents.read(node.id, offset, length)
        # What was extended without being written is not on the controller's disk: it reads as zeros.
        return data + bytes(length - len(data))

    def write(self, node: Node, offset: int, data: bytes | memoryview) -> None:
        """Put bytes into a file, extending it where needed.

        Raises:
            NtError: STATUS_DISK_FULL, and nothing was written.
        """
        end = offset + len(data)
        self._fill(node, max(end, node.size), len(data))
        self._unsettle(node)
        self.contents.write(node.id, offset, data)
        node.size = max(end, node.size)

    def resize(self, node: Node, size: int) -> None:
        """Cut off or extend with zeros.

        Raises:
            NtError: STATUS_DISK_FULL, and nothing was changed.
        """
        if size == node.size and not node.reserved:
            return
        self._fill(node, size, size - node.size)
        self._unsettle(node)
        self.contents.resize(node.id, size)
        node.size = size

    def reserve(self, node: Node, size: int) -> None:
        """Set aside space for a file to grow; less than its size cuts it off (MS-FSCC 2.4.4)."""
        if size < node.size:
            self.resize(node, size)
            return
        clusters = -(-size // CLUSTER) * CLUSTER
        self._fill(node, node.size, 0, reserved=clusters)

    def _fill(self, node: Node, size: int, growth: int, reserved: int | None = None) -> None:
        """Account for a new size of a file, or refuse it."""
        volume = self.volumes[node.drive]
        keep = reserved if reserved is not None else (node.reserved if size >= node.size else 0)
        needed = max(-(-size // CLUSTER) * CLUSTER, keep) - node.allocation
        if needed > volume.free or (growth > 0 and self._is_full()):
            raise NtError(NtStatus.DISK_FULL)
        volume.used += needed
        node.reserved = keep

    def _unsettle(self, node: Node) -> None:
        if node.id not in self._unsettled:
            self._unsettled.add(node.id)
            self.store.unsettle(node)

    def settle(self, node: Node) -> None:
        """Keep a node as it is now."""
        self._unsettled.discard(node.id)
        self.store.put(node)

    def forget_reserve(self, node: Node) -> None:
        """The last handle is closed: space beyond the end of the file is given back."""
        if node.reserved:
            before = node.allocation
            node.reserved = 0
            self.volumes[node.drive].used -= before - node.allocation

    def secure(self, node: Node, security: SecurityDescriptor, propagate: bool) -> None:
        """Set a descriptor; with `propagate`, everything below inherits anew, in one transaction."""
        changed = {node: security}
        if propagate and node.is_directory:
            # `below` gives a folder before what is in it.
            for child in node.below():
                parent = child.parent
                above = changed.get(parent) if parent else None
                if parent is not None and above is not None:
                    again = reinherit(above, child.security, child.is_directory)
                    if again != child.security:
                        changed[child] = again
        with self.store.transaction():
            node.times.changed = filetime_now()
            self.store.put(node)
            self.store.put_security(changed.items())
        for target, descriptor in changed.items():
            target.security = descriptor
        self.wrote()

    def was_read(self) -> None:
        """Count a client's read."""
        self._journal.read()

    def wrote(self) -> None:
        """Count a change. It is on disk already, so nothing is left for the host to save."""
        self._journal.wrote(Part.FILES)
        self._journal.saved(Part.FILES)

    def close(self) -> None:
        """Give back files and descriptors."""
        self.contents.close()
        self.store.close()


def find(volumes: Mapping[str, Volume], drive: str, parts: Iterable[str]) -> Node | None:
    """The node of a path, or None."""
    volume = volumes.get(drive)
    node = volume.root if volume else None
    for part in parts:
        node = node.child(part) if node else None
    return node
