"""Whether Windows waits for a restart."""

from __future__ import annotations

from dataclasses import dataclass

from engine.kinds.replies import flag, single, texts, unknown_if_unreadable
from engine.model.command import Statement
from engine.model.query import Answers, Ask

PENDING_REBOOT_QUERY: Ask = Ask(statement=Statement.of("Get-RollcallPendingReboot"))


@dataclass(frozen=True, slots=True)
class PendingReboot:
    """If a restart is due, and what waits for it: `servicing`, `update`, `rename`, `files`."""

    pending: bool
    reasons: tuple[str, ...]


@unknown_if_unreadable
def parse_pending_reboot(answers: Answers) -> PendingReboot:
    """What the host says; `Unknown` if it could not be read."""
    found = single(answers, PENDING_REBOOT_QUERY)
    return PendingReboot(pending=flag(found, "Pending"), reasons=texts(found, "Reasons"))
