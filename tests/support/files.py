"""Simulated file systems without a host around them, and clients with given rights."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.rehearsal.windows.filesystem import FileSystem, NtError, NtStatus, VolumeSpec
from engine.rehearsal.windows.journal import Counters, Journal
from engine.rehearsal.windows.security import sids

USER = "S-1-5-21-1-2-3-1001"
ADMIN = "S-1-5-21-1-2-3-1002"
VOLUME = 128 * 2**20  # bytes; 64 MiB of it belong to NTFS itself


@dataclass(frozen=True)
class Client:
    """An access token."""

    user_sid: str = USER
    sids: frozenset[str] = frozenset({USER, sids.EVERYONE, sids.AUTHENTICATED_USERS, sids.USERS})
    is_administrator: bool = False
    privileges: frozenset[str] = frozenset()

    @classmethod
    def administrator(cls) -> Client:
        everything = frozenset({ADMIN, sids.EVERYONE, sids.AUTHENTICATED_USERS, sids.ADMINISTRATORS})
        return cls(ADMIN, everything, True, frozenset({"SeBackupPrivilege", "SeRestorePrivilege"}))


def system(folder: Path, is_full: Callable[[], bool] = lambda: False, size: int = VOLUME) -> FileSystem:
    """A file system with the drives C and D of `size` bytes."""
    volumes = (VolumeSpec("C", size), VolumeSpec("D", size))
    return FileSystem(folder / "files", volumes, Journal(Counters()), is_full)


@contextmanager
def fails(status: NtStatus) -> Iterator[None]:
    """The block must raise this status."""
    with pytest.raises(NtError) as caught:
        yield
    assert caught.value.status is status, str(caught.value)
