"""What open handles keep others from: share modes and byte-range locks (MS-FSA 2.1.4.10, 2.1.5.1.2.2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntFlag
from typing import Protocol

from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.security import rights

READS = rights.READ_DATA | rights.EXECUTE
WRITES = rights.WRITE_DATA | rights.APPEND_DATA


class Share(IntFlag):
    """What others may do while a handle is open (MS-SMB2 2.2.13 ShareAccess)."""

    NONE = 0
    READ = 1
    WRITE = 2
    DELETE = 4
    ALL = 7


@dataclass(frozen=True, slots=True)
class ByteLock:
    """A range of bytes of a file; shared, or for one handle alone."""

    offset: int
    length: int
    exclusive: bool

    def overlaps(self, other: ByteLock) -> bool:
        """If both ranges have a byte in common."""
        return self.offset < other.offset + other.length and other.offset < self.offset + self.length


class Opener(Protocol):
    """What others need to know of an open handle."""

    @property
    def granted(self) -> int: ...

    @property
    def shared(self) -> Share: ...

    @property
    def locks(self) -> Sequence[ByteLock]: ...


def check_sharing(openers: Iterable[Opener], wanted: int, shared: Share) -> None:
    """Compare with every other handle, both ways. Handles that only look at attributes never conflict.

    Raises:
        NtError: STATUS_SHARING_VIOLATION.
    """
    mine = _uses(wanted)
    if not mine:
        return
    for other in openers:
        theirs = _uses(other.granted)
        if theirs and (mine & ~other.shared or theirs & ~shared):
            raise NtError(NtStatus.SHARING_VIOLATION)


def _uses(granted: int) -> Share:
    """What a handle with these rights does that others must share."""
    used = Share.READ if granted & READS else Share.NONE
    used |= Share.WRITE if granted & WRITES else Share.NONE
    return used | (Share.DELETE if granted & rights.DELETE else Share.NONE)


def is_locked(openers: Iterable[Opener], wanted: ByteLock) -> bool:
    """If a lock of one of `openers` keeps a range from being used as `wanted` says."""
    return any(
        lock.overlaps(wanted) and (lock.exclusive or wanted.exclusive)
        for opener in openers
        for lock in opener.locks
    )
