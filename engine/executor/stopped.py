"""How a change can end, and what ends it early."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.errors import HostRefused
from engine.model.query import Answers
from engine.model.result import Outcome


@dataclass(frozen=True, slots=True)
class Ending:
    """How one change ended. `following`: fresh answers to the next change's questions, if any were got."""

    outcome: Outcome
    message: str = ""
    detail: str = ""
    reboot_required: bool = False
    following: Answers | None = None


class Stopped(Exception):
    """The change ends here; the host's other changes go on."""

    def __init__(
        self, outcome: Outcome, message: str, *, detail: str = "", following: Answers | None = None
    ) -> None:
        super().__init__(message)
        self.ending = Ending(outcome, message, detail, following=following)


class LeaseLost(HostRefused):
    """Another controller may be at work: nothing more may be changed on this host."""
