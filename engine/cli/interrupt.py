"""Ctrl-C while hosts are being changed: once finishes the running steps, twice stops now."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event
from types import FrameType

from engine.app.exits import ExitCode
from engine.cli.screen import Screen, say

_STOPPED = b"\nStopped now. Some changes may be half done; rollcall plan shows what is left.\n"


@contextmanager
def cancellation(screen: Screen) -> Iterator[Event]:
    """An event that the first Ctrl-C (or SIGTERM) sets.

    The second ends the process at once. Hosts are free again all the same: a lease is a file that a server
    deletes when the connection that opened it is gone.
    """
    cancel = Event()

    def interrupted(_number: int, _frame: FrameType | None) -> None:
        if cancel.is_set():
            screen.err.show_cursor()
            with suppress(OSError):  # not through the console: its lock may be held by what was interrupted
                os.write(sys.stderr.fileno(), _STOPPED)
            os._exit(ExitCode.CANCELLED)  # threads that wait for a host would hold up any gentler end
        cancel.set()
        with suppress(RuntimeError):  # the signal came in the middle of a write to the same stream
            say(screen, "Stopping: running steps are finished first. Ctrl-C again stops now.")

    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.signal(number, interrupted) for number in signals]
    try:
        yield cancel
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


@contextmanager
def gentle_end() -> Iterator[None]:
    """Let SIGTERM end the work as Ctrl-C does, so that what was written for the time being is removed."""

    def terminated(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, terminated)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
