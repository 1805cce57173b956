"""Where commands go: to the district's computers, or to their rehearsal."""

from __future__ import annotations

from enum import StrEnum


class Target(StrEnum):
    """The value is what a plan's `target` holds."""

    LIVE = "live"
    REHEARSAL = "rehearsal"
