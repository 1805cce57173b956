"""Write-Output (Microsoft.PowerShell.Utility): its input, as output."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.powershell.command import Call, Command, Output, Record
from engine.rehearsal.windows.powershell.signature import signature

_WRITE_OUTPUT = signature(
    "Write-Output class=Microsoft.PowerShell.Commands.WriteOutputCommand",
    """
    InputObject PSObject[] @0 ! value
    NoEnumerate Switch ~
    """,
)


def _write_output(call: Call) -> Iterator[Record]:
    given = call.bound.value("InputObject")
    for value in given if isinstance(given, tuple) else (given,):
        yield Output(value)


COMMANDS = (Command(_WRITE_OUTPUT, _write_output),)
