"""The time that one step may take, in all or without progress.

Neither library keeps one: a server that drips bytes resets every read time limit, and a send that blocks
has no limit at all. What ends both is shutting the TCP connection down underneath them.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress

_SLACK = 0.05  # seconds


class Cord:
    """A second handle on a connection's socket, to cut the connection with.

    The library may close its own socket at any time and the system then gives the number to somebody else's
    file. Shutting down through a duplicate handle can only ever hit this connection. Used by the thread
    that talks to the host and by the watchdog's timer.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._handle: socket.socket | None = None
        self._cut = False
        self.held = 0  # connections held so far

    def hold(self, connection: socket.socket) -> None:
        """Hold this connection instead of the one before; cut it at once if time is already up."""
        with self._lock:
            self._close()
            self._handle = connection.dup()
            self.held += 1
            if self._cut:
                self._shut()

    def cut(self) -> None:
        """End whatever the connection is doing; later connections are cut too until `renew`."""
        with self._lock:
            self._cut = True
            self._shut()

    def renew(self) -> None:
        """Let connections live again: the next step begins."""
        with self._lock:
            self._cut = False

    def release(self) -> None:
        """Give the duplicate handle back. Without this the connection would stay open."""
        with self._lock:
            self._close()

    def _shut(self) -> None:
        if self._handle is not None:
            with suppress(OSError):  # the other side may have been faster
                self._handle.shutdown(socket.SHUT_RDWR)

    def _close(self) -> None:
        if self._handle is not None:
            self._handle.close()
            self._handle = None


class Watchdog:
    """Cuts a connection when a step has taken too long. One per connection."""

    def __init__(self, cord: Cord) -> None:
        self.cord = cord
        self.seconds = 0.0
        self.received = 0  # bytes, in the step that runs now; whoever reads them counts them
        self._ends = float("inf")
        self._expired = threading.Event()

    @property
    def expired(self) -> bool:
        """Whether the step that runs now, or ran last, took too long."""
        return self._expired.is_set()

    @property
    def remaining(self) -> float:
        """Seconds left for the step that runs now; never negative, infinite between steps."""
        return max(0.0, self._ends - time.monotonic())

    def touch(self) -> None:
        """The step has come on: its time begins anew. Too late once it has run out."""
        if self._ends != float("inf"):
            self._ends = time.monotonic() + self.seconds

    @contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Guard one step. The thread that waits has ended when the block is left."""
        self.cord.renew()
        self._expired.clear()
        self.seconds = seconds
        self.received = 0
        self._ends = time.monotonic() + seconds
        over = threading.Event()
        waiting = threading.Thread(target=self._wait, args=(over,), daemon=True)
        waiting.start()
        try:
            yield
        finally:
            over.set()
            waiting.join()
            if self.remaining < _SLACK:
                # A time limit that was set to what remained ran out a moment before the timer did.
                self._expired.set()
            self._ends = float("inf")

    def _wait(self, over: threading.Event) -> None:
        while (left := self.remaining) > 0:
            if over.wait(left):
                return
        self._expired.set()
        self.cord.cut()
