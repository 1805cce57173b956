"""What a pipeline says, as PSRP messages; and what a client asked, as calls of the emulated PowerShell."""

from __future__ import annotations

from psrpcore import Command, PowerShell
from psrpcore import types as ps

from engine.rehearsal.windows.powershell.records import CommandCall, ErrorRecord
from engine.rehearsal.winrm.psrp_values import from_wire

_COR_E_EXCEPTION = -2146233087  # HResult that most PowerShell exceptions carry
_EXCEPTION_BASES = ("System.SystemException", "System.Exception", "System.Object")


def statements(pipeline: PowerShell) -> list[list[CommandCall]]:
    """The statements of a pipeline, each a pipe of commands.

    Raises:
        UnsupportedValue: an argument is of a kind that the emulated PowerShell does not take.
    """
    result: list[list[CommandCall]] = [[]]
    for command in pipeline.commands:
        result[-1].append(_call(command))
        if command.end_of_statement:
            result.append([])
    return [statement for statement in result if statement]


def _call(command: Command) -> CommandCall:
    output, error = ps.PipelineResultTypes.Output, ps.PipelineResultTypes.Error
    merges = command.merge_error == output or (command.merge_my == error and command.merge_to == output)
    return CommandCall(
        text=str(command.command_text),
        is_script=bool(command.is_script),
        arguments=tuple((_parameter_name(name), from_wire(value)) for name, value in command.parameters),
        merge_error_to_output=merges,
    )


def _parameter_name(name: object) -> str | None:
    """Clients may send `Name`, `-Name` or `-Name:`; an empty name is a position."""
    text = "" if name is None else str(name).removeprefix("-").removesuffix(":")
    return text or None


def error_record(error: ErrorRecord, command: str) -> ps.ErrorRecord:
    """An error as psrpcore serialises it. `command` is what InvocationInfo names as MyCommand."""
    exception = ps.NETException(Message=error.message, HResult=_COR_E_EXCEPTION)
    bases = [name for name in _EXCEPTION_BASES if name != error.exception_type]
    exception.PSObject.type_names = [error.exception_type, *bases]
    exception.PSObject.to_string = f"{error.exception_type}: {error.message}"
    category = ps.ErrorCategoryInfo(
        Category=ps.ErrorCategory(int(error.category)),
        Activity=error.activity,
        Reason=error.reason,
        TargetName=error.target_name,
        TargetType=error.target_type,
    )
    return ps.ErrorRecord(
        Exception=exception,
        CategoryInfo=category,
        TargetObject=error.target_name or None,
        FullyQualifiedErrorId=error.error_id,
        InvocationInfo=ps.InvocationInfo(MyCommand=command, InvocationName=error.activity),
        ScriptStackTrace="at <ScriptBlock>, <No file>: line 1",
    )
