"""Which process a number means: a process id together with the time at which it started."""

from __future__ import annotations

import fcntl
import os
import time
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

RUN_FILE = "run.json"
_LOCK_FILE = "run.lock"
_LOCK_POLL = 0.05  # seconds


class ProcessIdentity(BaseModel):
    """`started` is in clock ticks since the machine booted (proc(5), field 22 of stat); 0 where unknown."""

    model_config = ConfigDict(frozen=True)

    pid: int
    started: int

    @classmethod
    def of(cls, pid: int) -> ProcessIdentity:
        """The process that has this number now."""
        return cls(pid=pid, started=_start_time(pid))

    @property
    def is_alive(self) -> bool:
        """Whether this very process still runs, not another that got its number."""
        return self.started != 0 and _start_time(self.pid) == self.started


def _start_time(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return 0
    # The command, in parentheses, may hold anything; the state comes first after it.
    fields = stat.rpartition(")")[2].split()
    return 0 if fields[0] in ("Z", "X") else int(fields[19])


class AlreadyRunning(Exception):
    """Another fleet is served from this folder."""


class RunLock:
    """Held by a fleet's processes as long as one of them lives; the kernel lets go of it when they die.

    The shards inherit the descriptor, so a new fleet waits for those that a killed supervisor left behind.
    """

    def __init__(self, folder: Path, wait_seconds: float) -> None:
        """Take the lock. Raises AlreadyRunning after waiting."""
        self._run_file = folder / RUN_FILE
        self.descriptor = os.open(folder / _LOCK_FILE, os.O_RDWR | os.O_CREAT, 0o600)
        os.set_inheritable(self.descriptor, True)
        deadline = time.monotonic() + wait_seconds
        while not self._taken():
            owner = running_supervisor(folder)
            if owner is not None or time.monotonic() > deadline:
                os.close(self.descriptor)
                who = f"process {owner.pid}" if owner else "another process"
                raise AlreadyRunning(f"a rehearsal is already served from {folder} by {who}")
            time.sleep(_LOCK_POLL)
        self._run_file.write_text(ProcessIdentity.of(os.getpid()).model_dump_json(), encoding="utf-8")

    def _taken(self) -> bool:
        try:
            fcntl.flock(self.descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def release(self) -> None:
        """Give the folder free."""
        self._run_file.unlink(missing_ok=True)
        os.close(self.descriptor)


def running_supervisor(folder: Path) -> ProcessIdentity | None:
    """The process that serves the folder; None where its file is missing or left from a crash."""
    try:
        identity = ProcessIdentity.model_validate_json((folder / RUN_FILE).read_bytes())
    except (OSError, ValidationError):
        return None
    return identity if identity.is_alive else None
