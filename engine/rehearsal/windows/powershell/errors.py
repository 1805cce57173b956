"""Errors of the emulated PowerShell: how they travel inside, and the ones that every command can give."""

from __future__ import annotations

from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord

_AUTOMATION = "System.Management.Automation."


class StatementFailed(Exception):
    """A terminating error: it ends its statement, and the next statement runs."""

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(record.message)
        self.record = record


class PipelineFailed(Exception):
    """An error that ended the whole batch: the pipeline's state is Failed, with this record as the reason.

    The record is the one that the command gave, with its own words: real hosts send it so.
    """

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(record.message)
        self.record = record


def command_not_found(name: str) -> ErrorRecord:
    """CommandNotFoundException, as the command discovery of Windows PowerShell words it."""
    return ErrorRecord(
        exception_type=_AUTOMATION + "CommandNotFoundException",
        message=(
            f"The term '{name}' is not recognized as the name of a cmdlet, function, script file, or "
            "operable program. Check the spelling of the name, or if a path was included, verify that the "
            "path is correct and try again."
        ),
        error_id="CommandNotFoundException",
        category=ErrorCategory.ObjectNotFound,
        target_name=name,
        target_type="String",
        reason="CommandNotFoundException",
        terminating=True,
    )


def not_emulated(activity: str, what: str) -> ErrorRecord:
    """A limit of the rehearsal, not of Windows: says so in full instead of doing something else."""
    return ErrorRecord(
        exception_type=_AUTOMATION + "PSNotSupportedException",
        message=f"The rehearsal does not emulate {what}.",
        error_id=f"RehearsalDoesNotEmulate,{activity}",
        category=ErrorCategory.NotImplemented,
        target_name=what,
        target_type="String",
        reason="PSNotSupportedException",
        activity=activity,
        terminating=True,
    )
