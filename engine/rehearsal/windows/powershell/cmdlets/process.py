"""Get-Process (Microsoft.PowerShell.Management 5.1), for the native programs that were started here."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.installers.processes import RunningProcess
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.records import (
    ErrorCategory,
    ErrorRecord,
    Output,
    PsObject,
    PsValue,
    Record,
)
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.powershell.wildcard import has_wildcard, matches

_TYPE = "System.Diagnostics.Process"
_NAMES = (_TYPE, "System.ComponentModel.Component", "System.MarshalByRefObject", "System.Object")
_EXCEPTION = "Microsoft.PowerShell.Commands.ProcessCommandException"

_GET = signature(
    "Get-Process default=Name class=Microsoft.PowerShell.Commands.GetProcessCommand",
    """
    Name String[] @0 Name NameWithUserName =ProcessName property
    Id Int32[] Id! IdWithUserName! =PID property
    InputObject Process[] InputObject! InputObjectWithUserName! value ~
    IncludeUserName Switch NameWithUserName! IdWithUserName! InputObjectWithUserName! ~
    ComputerName String[] Name Id InputObject =Cn property ~
    Module Switch Name Id InputObject ~
    FileVersionInfo Switch Name Id InputObject =FV =FVI ~
    """,
)


def _get(call: Call) -> Iterator[Record]:
    call.host.journal.read()
    running = sorted(call.host.processes.running, key=lambda process: (process.name.casefold(), process.id))
    if call.bound.given("Id"):
        for identifier in call.bound.items("Id"):
            found = [process for process in running if process.id == identifier]
            yield from _shown(found) or [_missing(call, "process identifier", "Id", str(identifier))]
        return
    for name in call.bound.texts("Name") or ("*",):
        found = [process for process in running if matches(name, process.name)]
        if not found and not has_wildcard(name):
            yield _missing(call, "name", "Name", name)
        yield from _shown(found)


def _shown(found: list[RunningProcess]) -> list[Record]:
    return [Output(_object(process)) for process in found]


def _object(process: RunningProcess) -> PsObject:
    properties: dict[str, PsValue] = {
        "Id": process.id,
        "ProcessName": process.name,
        "Name": process.name,
        "Path": process.path,
        "SessionId": 0,
        "StartTime": process.started,
        "HasExited": False,
    }
    return PsObject(_NAMES, properties, f"{_TYPE} ({process.name})")


def _missing(call: Call, what: str, parameter: str, target: str) -> ErrorRecord:
    advice = f"Verify the process {parameter.lower()} and call the cmdlet again."
    quoted = f'"{target}"' if parameter == "Name" else target
    return call.error(
        f"Cannot find a process with the {what} {quoted}. {advice}",
        f"NoProcessFoundForGiven{parameter}",
        ErrorCategory.ObjectNotFound,
        target,
        exception=_EXCEPTION,
    )


COMMANDS = (Command(_GET, process=_get),)
