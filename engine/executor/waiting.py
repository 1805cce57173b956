"""What a host's work waits for, instead of blocking a thread."""

from __future__ import annotations

from collections.abc import Generator
from dataclasses import dataclass

from engine.model.address import Address


@dataclass(frozen=True, slots=True)
class UntilEnded:
    """Go on when these changes have ended, however they ended."""

    changes: frozenset[Address]


@dataclass(frozen=True, slots=True)
class Pause:
    """Go on after this many seconds, or at once when the run is cancelled."""

    seconds: float


Wait = UntilEnded | Pause

# Work on one host. It runs in whatever thread has room, one at a time, and gives the thread back to wait.
Work = Generator[Wait, None, None]
