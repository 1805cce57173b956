"""The form of an emulated function, and what the emulations share."""

from __future__ import annotations

from dataclasses import dataclass

from engine.rehearsal.windows.powershell.command import Call, Collect, Process
from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord, PsObject, PsValue

_CUSTOM = ("System.Management.Automation.PSCustomObject", "System.Object")


@dataclass(frozen=True, slots=True)
class Emulation:
    """What a function does; `sha256` is of the reviewed text, with line feeds and without outer blanks.

    Exactly one of `process` and `collect` is there; the second is for functions that read the pipeline.
    """

    sha256: str
    process: Process | None = None
    collect: Collect | None = None


def custom_object(**properties: PsValue) -> PsObject:
    """A [pscustomobject] with these properties, in this order."""
    return PsObject(_CUSTOM, properties)


def written(
    call: Call,
    error_id: str,
    category: ErrorCategory,
    message: str,
    exception: str,
    target: str = "",
) -> ErrorRecord:
    """What $PSCmdlet.WriteError makes of an exception."""
    return call.error(message, error_id, category, target, exception=exception)
