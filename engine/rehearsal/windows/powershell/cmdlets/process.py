"""Get-, Start- and Stop-Process (Microsoft.PowerShell.Management 5.1), for the programs of this computer."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.installers.exits import LaunchFailed
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
_START = signature(
    "Start-Process default=Default class=Microsoft.PowerShell.Commands.StartProcessCommand",
    """
    FilePath String @0 ! =PSPath
    ArgumentList String[] @1 =Args
    Credential PSCredential Default =RunAs ~
    LoadUserProfile Switch Default =Lup ~
    NoNewWindow Switch Default =nnw
    RedirectStandardError String Default =RSE ~
    RedirectStandardInput String Default =RSI ~
    RedirectStandardOutput String Default =RSO ~
    UseNewEnvironment Switch Default ~
    PassThru Switch
    Verb String UseShellExecute ~
    Wait Switch ~
    WindowStyle ProcessWindowStyle ~
    WorkingDirectory String ~
    """,
)
_STOP = signature(
    "Stop-Process default=Id process class=Microsoft.PowerShell.Commands.StopProcessCommand",
    """
    Name String[] Name! =ProcessName property
    Id Int32[] @0 Id! property
    InputObject Process[] @0 InputObject! value
    PassThru Switch
    Force Switch
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


def _start(call: Call) -> Iterator[Record]:
    """Start a program and leave it running."""
    path = call.bound.text("FilePath") or ""
    try:
        process = call.host.processes.start(path, call.bound.texts("ArgumentList"), call.token)
    except LaunchFailed as failure:
        yield call.error(
            f"This command cannot be run due to the error: {failure}",
            "InvalidOperationException",
            ErrorCategory.InvalidOperation,
            "",
            exception="System.InvalidOperationException",
        )
        return
    if call.bound.switch("PassThru"):
        yield Output(_object(process))


def _stop(call: Call) -> Iterator[Record]:
    """End programs at once; those of others only for administrators."""
    for process in _to_stop(call):
        if isinstance(process, ErrorRecord):
            yield process
            continue
        shown = f"{process.name} ({process.id})"
        if not call.proceeds("Stop-Process", shown):
            continue
        own = process.user.casefold() == call.token.user_name.casefold()
        if not (own or call.token.is_administrator):
            yield call.error(
                f'Cannot stop process "{shown}" because of the following error: Access is denied',
                "CouldNotStopProcess",
                ErrorCategory.CloseError,
                f"{_TYPE} ({process.name})",
                exception=_EXCEPTION,
                target_type="Process",
            )
            continue
        process.terminate()
        if call.bound.switch("PassThru"):
            yield Output(_object(process))


def _to_stop(call: Call) -> Iterator[RunningProcess | ErrorRecord]:
    running = call.host.processes.running
    objects = tuple(item.prop("Id") for item in call.bound.objects("InputObject"))
    for identifier in objects or call.bound.items("Id"):
        found = [process for process in running if process.id == identifier]
        yield from found
        if not found:
            yield _missing(call, "process identifier", "Id", str(identifier))
    for name in call.bound.texts("Name"):
        matching = [process for process in running if matches(name, process.name)]
        yield from matching
        if not matching and not has_wildcard(name):
            yield _missing(call, "name", "Name", name)


COMMANDS = (
    Command(_GET, process=_get),
    Command(_START, process=_start),
    Command(_STOP, process=_stop),
)
