"""An open file or folder: what its holder may do, and what it does to the node (MS-FSA 2.1.5)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from enum import IntFlag

from engine.rehearsal.windows.filesystem.node import SETTABLE, Attribute, Node, filetime_now
from engine.rehearsal.windows.filesystem.sharing import READS, WRITES, ByteLock, Share, is_locked
from engine.rehearsal.windows.filesystem.tree import Tree
from engine.rehearsal.windows.ntstatus import AccessDenied, NtError, NtStatus
from engine.rehearsal.windows.security import SecurityDescriptor, Token, rights, sids

KEEP_TIME = 0  # leave this time as it is
FREEZE_TIME = 2**64 - 1  # -1: this handle's own acts no longer change it
THAW_TIME = 2**64 - 2  # -2: they do again
MAXIMUM_SIZE = 2**44 - 2**16  # bytes; NTFS with clusters of 4 KB


class Part(IntFlag):
    """Parts of a security descriptor (SECURITY_INFORMATION, MS-DTYP 2.4.7)."""

    OWNER = 1
    GROUP = 2
    DACL = 4


@dataclass(slots=True)
class NewTimes:
    """FILETIMEs to set; KEEP_TIME, FREEZE_TIME and THAW_TIME have their special meaning (MS-FSCC 2.4.7)."""

    created: int = KEEP_TIME
    accessed: int = KEEP_TIME
    written: int = KEEP_TIME
    changed: int = KEEP_TIME


@dataclass(slots=True, eq=False)
class Handle:
    """One open. `granted` are its access rights, `shared` what it lets others do."""

    tree: Tree
    node: Node
    token: Token
    granted: int
    shared: Share
    delete_on_close: bool = False
    closed: bool = False
    _dirty: bool = False
    _time_frozen: bool = False
    locks: list[ByteLock] = field(default_factory=list)

    def require(self, mask: int) -> None:
        """Raises: AccessDenied, unless the handle was opened with one of the rights in `mask`."""
        if self.closed:
            raise NtError(NtStatus.FILE_CLOSED)
        if not self.granted & mask:
            raise AccessDenied

    def _require_file(self) -> None:
        if self.node.is_directory:
            raise NtError(NtStatus.INVALID_DEVICE_REQUEST)

    def read(self, offset: int, length: int) -> bytes:
        """Bytes at `offset`, fewer at the end of the file.

        Raises:
            NtError: STATUS_END_OF_FILE behind the end, STATUS_FILE_LOCK_CONFLICT, or no right to read.
        """
        self._require_file()
        self.require(READS)
        self._refuse_locked(offset, length, writing=False)
        self.tree.was_read()
        data = self.tree.read(self.node, offset, length)
        if length and not data:
            raise NtError(NtStatus.END_OF_FILE)
        return data

    def write(self, offset: int, data: bytes | memoryview) -> None:
        """Put `data` at `offset`; with the right to append only, at the end or behind it.

        Raises:
            NtError: STATUS_DISK_FULL, STATUS_FILE_LOCK_CONFLICT, or no right to write.
        """
        self._require_file()
        self.require(WRITES)
        if not self.granted & rights.WRITE_DATA and offset < self.node.size:
            raise AccessDenied
        if offset + len(data) > MAXIMUM_SIZE:
            raise NtError(NtStatus.INVALID_PARAMETER)
        self._refuse_locked(offset, len(data), writing=True)
        if data:
            self.tree.write(self.node, offset, data)
            self._modified()
        self.tree.wrote()

    def set_end_of_file(self, size: int) -> None:
        """Cut off or extend with zeros."""
        self._require_file()
        self.require(rights.WRITE_DATA)
        if size > MAXIMUM_SIZE:
            raise NtError(NtStatus.INVALID_PARAMETER)
        low, high = sorted((size, self.node.size))
        self._refuse_locked(low, high - low, writing=True)
        self.tree.resize(self.node, size)
        self._modified()
        self.tree.wrote()

    def set_allocation(self, size: int) -> None:
        """Set space aside, or cut off where it is less than the file's size."""
        self._require_file()
        self.require(rights.WRITE_DATA)
        if size > MAXIMUM_SIZE:
            raise NtError(NtStatus.INVALID_PARAMETER)
        self.tree.reserve(self.node, size)
        self._modified()
        self.tree.wrote()

    def flush(self) -> None:
        """Keep size and times now."""
        self.require(WRITES)
        self._settle()

    def _modified(self) -> None:
        self._dirty = True
        self.node.attributes |= Attribute.ARCHIVE
        if not self._time_frozen:
            self.node.times.written = self.node.times.changed = filetime_now()

    def _settle(self) -> None:
        if self._dirty and self.node.parent is not None:
            self.tree.settle(self.node)
            self._dirty = False

    def set_basic(self, times: NewTimes, attributes: int) -> None:
        """Set times and attributes; 0 leaves the attributes, NORMAL clears them (MS-FSCC 2.4.7)."""
        self.require(rights.WRITE_ATTRIBUTES)
        for name in ("created", "accessed", "written", "changed"):
            self._set_time(name, getattr(times, name))
        if attributes:
            wrong_kind = bool(attributes & Attribute.DIRECTORY) and not self.node.is_directory
            temporary_folder = bool(attributes & Attribute.TEMPORARY) and self.node.is_directory
            if wrong_kind or temporary_folder:
                raise NtError(NtStatus.INVALID_PARAMETER)
            self.node.attributes = Attribute(attributes & SETTABLE)
        if not times.changed:
            self.node.times.changed = filetime_now()
        self.tree.settle(self.node)
        self.tree.wrote()

    def _set_time(self, name: str, value: int) -> None:
        if value in (FREEZE_TIME, THAW_TIME):
            if name == "written":
                self._time_frozen = value == FREEZE_TIME
        elif value != KEEP_TIME:
            if value >= 2**63:
                raise NtError(NtStatus.INVALID_PARAMETER)
            setattr(self.node.times, name, value)
            if name == "written":
                self._time_frozen = True

    def set_disposition(self, delete: bool) -> None:
        """Mark the node to go away when its last handle is closed, or take the mark off.

        Raises:
            NtError: STATUS_CANNOT_DELETE for what is read-only or a root, STATUS_DIRECTORY_NOT_EMPTY.
        """
        self.require(rights.DELETE)
        if delete:
            refuse_undeletable(self.node)
            if self.node.children:
                raise NtError(NtStatus.DIRECTORY_NOT_EMPTY)
        self.node.delete_pending = delete
        self.tree.wrote()

    def security(self, parts: Part) -> SecurityDescriptor:
        """Those parts of the descriptor."""
        if parts:
            self.require(rights.READ_CONTROL)
        self.tree.was_read()
        whole = self.node.security
        return SecurityDescriptor(
            owner=whole.owner if parts & Part.OWNER else None,
            group=whole.group if parts & Part.GROUP else None,
            dacl=whole.dacl if parts & Part.DACL else None,
            protected=whole.protected and bool(parts & Part.DACL),
            auto_inherited=whole.auto_inherited and bool(parts & Part.DACL),
        )

    def set_security(self, parts: Part, new: SecurityDescriptor, *, propagate: bool = False) -> None:
        """Set those parts. NTFS itself changes this object only; `propagate` does what SetNamedSecurityInfo
        does for its callers: everything below inherits anew (Microsoft's documentation of both).

        Raises:
            NtError: a right is missing, or STATUS_INVALID_OWNER for an owner that the client may not set.
        """
        if parts & (Part.OWNER | Part.GROUP):
            self.require(rights.WRITE_OWNER)
        if parts & Part.DACL:
            self.require(rights.WRITE_DAC)
        whole = self.node.security
        if parts & Part.OWNER:
            self._check_owner(new.owner)
            whole = replace(whole, owner=new.owner)
        if parts & Part.GROUP:
            if new.group is None:
                raise NtError(NtStatus.INVALID_SECURITY_DESCR)
            whole = replace(whole, group=new.group)
        if parts & Part.DACL:
            protected, computed = new.protected, new.auto_inherited
            whole = replace(whole, dacl=new.dacl, protected=protected, auto_inherited=computed)
        self.tree.secure(self.node, whole, propagate)

    def _check_owner(self, owner: str | None) -> None:
        """Only oneself or one's Administrators group can be made owner, without the restore privilege."""
        own = owner == self.token.user_sid or (owner == sids.ADMINISTRATORS and owner in self.token.sids)
        if owner is None or not (own or "SeRestorePrivilege" in self.token.privileges):
            raise NtError(NtStatus.INVALID_OWNER)

    def lock(self, requests: Iterable[ByteLock]) -> None:
        """Take byte ranges: all, or none.

        Raises:
            NtError: STATUS_LOCK_NOT_GRANTED, when another lock, of any handle, is in the way.
        """
        self._require_file()
        self.require(rights.READ_DATA | rights.WRITE_DATA)
        before = list(self.locks)
        for wanted in requests:
            if is_locked(self.node.handles, wanted):
                self.locks = before
                raise NtError(NtStatus.LOCK_NOT_GRANTED)
            self.locks.append(wanted)

    def unlock(self, offset: int, length: int) -> None:
        """Give back one range, named exactly.

        Raises:
            NtError: STATUS_RANGE_NOT_LOCKED.
        """
        found = next((lock for lock in self.locks if (lock.offset, lock.length) == (offset, length)), None)
        if found is None:
            raise NtError(NtStatus.RANGE_NOT_LOCKED)
        self.locks.remove(found)

    def _refuse_locked(self, offset: int, length: int, *, writing: bool) -> None:
        if not length:
            return
        wanted = ByteLock(offset, length, exclusive=writing)
        others = (opener for opener in self.node.handles if opener is not self)
        # Its own shared lock keeps even the holder from writing; its own exclusive one keeps it from nothing.
        own_shared = writing and any(not lock.exclusive and lock.overlaps(wanted) for lock in self.locks)
        if own_shared or is_locked(others, wanted):
            raise NtError(NtStatus.FILE_LOCK_CONFLICT)

    def close(self) -> None:
        """Give the handle back. The last one of a node that is to be deleted takes it away."""
        if self.closed:
            return
        self.closed = True
        node = self.node
        node.handles.remove(self)
        self.locks.clear()
        self._settle()
        if self.delete_on_close and not node.children:
            node.delete_pending = True
        if not node.handles:
            self.tree.forget_reserve(node)
            self.tree.contents.release(node.id)
            if node.delete_pending and not node.children:
                self.tree.remove(node)


def refuse_undeletable(node: Node) -> None:
    """Raises: NtError STATUS_CANNOT_DELETE, for the root of a volume and for what is read-only."""
    if node.parent is None or node.attributes & Attribute.READONLY:
        raise NtError(NtStatus.CANNOT_DELETE)
