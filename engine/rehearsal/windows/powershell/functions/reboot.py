"""Get-RollcallPendingReboot."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows import reboot
from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.functions.emulation import custom_object
from engine.rehearsal.windows.powershell.records import Output, Record


def get(call: Call) -> Iterator[Record]:
    """If Windows waits for a restart, and why."""
    registry = call.host.registry
    call.host.journal.read()
    reasons = (
        ("servicing", registry.exists(reboot.SERVICING)),
        ("update", registry.exists(reboot.UPDATE)),
        ("rename", reboot.is_renamed(registry)),
        ("files", any(reboot.pending_renames(registry))),
    )
    found = tuple(name for name, applies in reasons if applies)
    yield Output(custom_object(Pending=bool(found), Reasons=found))
