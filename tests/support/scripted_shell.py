"""Scripts for a `ScriptedHost`: what each statement of a batch gives, with markers as PowerShell would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from engine.rehearsal.windows.powershell.records import (
    CommandCall,
    ErrorCategory,
    ErrorRecord,
    Output,
    Record,
)
from engine.rehearsal.winrm.seam import BatchEnded

Given = Mapping[str, Callable[[CommandCall], Iterator[Record]]]


def script(given: Given) -> Callable[[Sequence[Sequence[CommandCall]]], Iterator[Record]]:
    """Run batches: `Write-Output` gives its input, other commands what `given` says of their name.

    An error marked as terminating ends its batch where the command has `-ErrorAction Stop`.
    """

    def run(statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        for statement in statements:
            for call in statement:
                if not call.is_script:
                    yield from _run(call, given)

    return run


def _run(call: CommandCall, given: Given) -> Iterator[Record]:
    arguments = dict(call.arguments)
    if call.text == "Write-Output":
        yield Output(arguments["InputObject"])
        return
    for record in given[call.text](call):
        if isinstance(record, ErrorRecord) and arguments.get("ErrorAction") == "Stop":
            raise BatchEnded(record)
        if isinstance(record, ErrorRecord) and not record.terminating and call.merge_error_to_output:
            yield Output(record)
        else:
            yield record


def error(command: str, message: str = "No such thing.", *, terminating: bool = False) -> ErrorRecord:
    """An error that `command` writes."""
    return ErrorRecord(
        exception_type="System.Management.Automation.ItemNotFoundException",
        message=message,
        error_id=f"NotFound,{command}",
        category=ErrorCategory.ObjectNotFound,
        target_name="X",
        target_type="String",
        reason="ItemNotFoundException",
        activity=command,
        terminating=terminating,
    )
