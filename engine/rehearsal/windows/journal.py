"""Where every state object of a host reports what happened to it, so that reads and writes can be counted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


@dataclass
class Counters:
    """What a simulated host was asked since it started."""

    http_requests: int = 0
    logons: int = 0
    reads: int = 0
    writes: int = 0
    process_starts: int = 0


class Part(StrEnum):
    """The parts of a host's state; each is one file in the host's folder."""

    REGISTRY = "registry"
    SHARES = "shares"
    SERVICES = "services"
    PRINTING = "printing"
    FILES = "files"
    PRODUCTS = "products"


class Journal:
    """Counts reads and writes, and remembers which parts changed since they were saved."""

    def __init__(self, counters: Counters) -> None:
        self.counters = counters
        self.on_change: Callable[[], None] | None = None  # who saves the host wants to know
        self._unsaved: set[Part] = set()

    def read(self) -> None:
        """Something was read on behalf of a client."""
        self.counters.reads += 1

    def wrote(self, part: Part) -> None:
        """A part of the host's state changed; call it once per change, after it was made."""
        self.counters.writes += 1
        self._unsaved.add(part)
        if self.on_change is not None:
            self.on_change()

    def also_changed(self, part: Part) -> None:
        """A part changed along with another whose write is counted."""
        self._unsaved.add(part)

    @property
    def unsaved(self) -> frozenset[Part]:
        """The parts that changed since they were saved."""
        return frozenset(self._unsaved)

    def saved(self, part: Part) -> None:
        """The part's present state is on disk."""
        self._unsaved.discard(part)
