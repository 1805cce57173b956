"""Hosts that have said nothing for a while: who waits must see that something is still being waited for."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock, Thread
from time import monotonic

from engine.report.ranges import host_range

EVERY = 15.0  # seconds between two lines, and of silence before the first


class Waiting:
    """Which hosts are being talked to, and since when each was last heard of. Used by many threads."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._heard: dict[str, float] = {}
        self._lock = Lock()

    def hear(self, host: str) -> None:
        """The host's turn has come, or it got on."""
        with self._lock:
            self._heard[host] = self._clock()

    def end(self, host: str) -> None:
        """Nothing more is expected of the host."""
        with self._lock:
            self._heard.pop(host, None)

    def text(self, silence: float = EVERY) -> str:
        """Such as `still waiting for DHS-L114-[01-03] (45 s)`; empty if none was silent for so long."""
        with self._lock:
            now = self._clock()
            silent = {host: now - since for host, since in self._heard.items() if now - since >= silence}
        if not silent:
            return ""
        return f"still waiting for {host_range(silent)} ({max(silent.values()):.0f} s)"

    @contextmanager
    def told(self, tell: Callable[[str], None], every: float = EVERY) -> Iterator[None]:
        """Call `tell` with the text every so many seconds; with an empty one only after one that was not."""
        over = Event()

        def watch() -> None:
            said = ""
            while not over.wait(every):
                text = self.text(every)
                if text or said:
                    tell(text)
                said = text

        thread = Thread(target=watch, name="rollcall-waiting", daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()
