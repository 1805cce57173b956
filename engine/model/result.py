"""What an apply did, resource by resource, and what it says while it works."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Protocol

from engine.model.address import Address
from engine.model.base import Frozen
from engine.model.plan import Action, Change


class Outcome(StrEnum):
    """Result classes are never mixed: an offline laptop is not a failure."""

    CHANGED = "changed"  # the steps ran and the object was read again as wanted
    UNCHANGED = "unchanged"
    FAILED = "failed"
    UNREACHABLE = "unreachable"
    DEFERRED = "deferred"  # to be done later, for example after a restart
    SKIPPED = "skipped"  # something it needs was not done
    REFUSED = "refused"  # precondition, lease, protection
    NOT_STARTED = "not started"  # cancelled before its turn


class ChangeResult(Frozen):
    """How one change ended. `message` is one line; `detail` may hold a log's tail."""

    address: Address
    action: Action
    outcome: Outcome
    message: str = ""
    detail: str = ""
    seconds: float = 0.0
    reboot_required: bool = False


class RunResult(Frozen):
    """How a whole apply ended."""

    run: str
    started: datetime
    finished: datetime
    results: tuple[ChangeResult, ...]
    cancelled: bool = False


class Listener(Protocol):
    """Hears what an apply does. Called from worker threads; implementations must be safe for that."""

    def host_started(self, host: str, changes: int) -> None:
        """The host's lease is held and its first change is about to start."""

    def change_started(self, change: Change) -> None:
        """The change's precondition held; its steps run now."""

    def change_finished(self, result: ChangeResult) -> None:
        """Heard exactly once per change of the plan, whatever became of it."""

    def host_finished(self, host: str) -> None:
        """The host's lease is given back and its sessions are closed."""
