"""Checks districts, each in a process of its own with little memory and time, and prints what became of them.

    python -m tests.compiler.hostile.child MANIFESTS...

One line of JSON for each folder. The limits are the kernel's: a case that passes them is killed.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import sys
from pathlib import Path
from typing import TypedDict

from engine.app.project import Project
from engine.app.validating import validate

CPU_SECONDS = 20
MEMORY = 384 * 1024 * 1024  # bytes beyond those of the process that has read nothing yet
PATIENCE = 90  # seconds on the clock: for a pipe that nobody writes to


class Outcome(TypedDict):
    """What one process said, and how it ended."""

    manifests: str
    findings: list[str]
    status: int  # of the process, as `os.waitpid` gives it
    cpu_seconds: float


def check(manifests: Path) -> Outcome:
    """Check one district in a child of this process."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        _limit()
        found = [str(finding) for finding in validate(Project(manifests)).findings]
        with os.fdopen(writing, "w", encoding="utf-8") as stream:
            json.dump(found, stream)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        text = stream.read()
    _, status, used = os.wait4(child, 0)
    return Outcome(
        manifests=str(manifests),
        findings=json.loads(text) if text else [],
        status=status,
        cpu_seconds=used.ru_utime + used.ru_stime,
    )


def _limit() -> None:
    pages = int(Path("/proc/self/statm").read_text().split()[0])
    size = pages * os.sysconf("SC_PAGE_SIZE") + MEMORY
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    signal.alarm(PATIENCE)


if __name__ == "__main__":
    for argument in sys.argv[1:]:
        sys.stdout.write(json.dumps(check(Path(argument))) + "\n")
        sys.stdout.flush()
