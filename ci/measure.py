"""Runs a program on one core and says what it took."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path


class Failed(Exception):
    """The program ended with a code that says it could not do its work."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one run of a program took, with its start."""

    cpu_seconds: float  # of user and system
    seconds: float  # on the clock
    peak_bytes: int  # resident memory at its highest
    output: str


def run_measured(command: Sequence[str], folder: Path, core: int | None) -> Taken:
    """Run a program to its end in `folder`. Its output is kept, its errors are passed on.

    `core` is the only one that it may use; None leaves it free.

    Raises:
        Failed: it ended with another code than 0.
        OSError: it cannot be started.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8") as output:
        begun = time.monotonic()
        process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=output)  # noqa: S603  the caller's program
        if core is not None:
            os.sched_setaffinity(process.pid, {core})
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.monotonic() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        text = output.read()
    if process.returncode != 0:
        raise Failed(f"{' '.join(command)} ended with {process.returncode}: {text[-2000:]}")
    return Taken(used.ru_utime + used.ru_stime, seconds, used.ru_maxrss * 1024, text)  # KiB: getrusage(2)
