"""The form of an emulated function, and what the emulations share."""

from __future__ import annotations

from dataclasses import dataclass

from engine.rehearsal.windows.powershell.command import Call, Process
from engine.rehearsal.windows.powershell.errors import StatementFailed
from engine.rehearsal.windows.powershell.records import ErrorCategory, PsObject, PsValue

_CUSTOM = ("System.Management.Automation.PSCustomObject", "System.Object")


@dataclass(frozen=True, slots=True)
class Emulation:
    """What a function does; `sha256` is of the reviewed text, with line feeds and without outer blanks."""

    sha256: str
    process: Process


def custom_object(**properties: PsValue) -> PsObject:
    """A [pscustomobject] with these properties, in this order."""
    return PsObject(_CUSTOM, properties)


def thrown(
    call: Call,
    error_id: str,
    category: ErrorCategory,
    message: str,
    exception: str,
    target: str = "",
) -> StatementFailed:
    """What $PSCmdlet.ThrowTerminatingError makes of an exception."""
    return StatementFailed(call.error(message, error_id, category, target, exception=exception))
