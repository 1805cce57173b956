"""Get-, Set-, Start-, Stop- and Restart-Service (Microsoft.PowerShell.Management 5.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.powershell.cmdlets.service_objects import (
    PAUSABLE,
    find_services,
    no_such_service,
    service_error,
    service_object,
)
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord, Output, Record
from engine.rehearsal.windows.powershell.signature import Signature, signature
from engine.rehearsal.windows.services import (
    Service,
    ServiceCannotStop,
    ServiceDisabled,
    StartType,
    Status,
)

_CLASS = "class=Microsoft.PowerShell.Commands."
_DENIED = {
    "Start": ("started", "CouldNotStartService"),
    "Stop": ("stopped", "CouldNotStopService"),
    "Restart": ("stopped", "CouldNotStopService"),
    "Suspend": ("suspended", "CouldNotSuspendService"),
    "Resume": ("resumed", "CouldNotResumeService"),
}
_OPEN_REASON = "Cannot open {name} service on computer '.'."


def _switching(verb: str, extra: str = "") -> Signature:
    return signature(
        f"{verb}-Service default=InputObject process {_CLASS}{verb}ServiceCommand",
        f"""
        InputObject ServiceController[] @0 InputObject! value
        Name String[] @0 Default! =ServiceName value property
        DisplayName String[] DisplayName!
        Include String[]
        Exclude String[]
        PassThru Switch
        {extra}
        """,
    )


_GET = signature(
    f"Get-Service default=Default {_CLASS}GetServiceCommand",
    """
    Name String[] @0 Default =ServiceName value property
    DisplayName String[] DisplayName!
    InputObject ServiceController[] InputObject value
    ComputerName String[] =Cn property ~
    DependentServices Switch =DS
    RequiredServices Switch =SDO =ServicesDependedOn
    Include String[]
    Exclude String[]
    """,
)
_SET = signature(
    f"Set-Service default=Name process {_CLASS}SetServiceCommand",
    """
    Name String @0 Name! =ServiceName =SN value property
    InputObject ServiceController InputObject value
    ComputerName String[] =cn property ~
    DisplayName String =DN
    Description String
    StartupType ServiceStartMode =StartMode =SM =ST
    Status String {Running,Stopped,Paused}
    PassThru Switch
    """,
)
_START = _switching("Start")
_STOP = _switching("Stop", "Force Switch\nNoWait Switch")
_RESTART = _switching("Restart", "Force Switch")
_SUSPEND = _switching("Suspend")
_RESUME = _switching("Resume")


def _get(call: Call) -> Iterator[Record]:
    call.host.journal.read()
    for service in find_services(call):
        if isinstance(service, ErrorRecord):
            yield service
            continue
        for found in _around(call, service):
            yield Output(service_object(call, found))


def _around(call: Call, service: Service) -> Iterator[Service]:
    if call.bound.switch("DependentServices"):
        yield from call.host.services.dependents(service.name)
    elif call.bound.switch("RequiredServices"):
        needed = (call.host.services.get(name) for name in service.dependencies)
        yield from (each for each in needed if each is not None)
    else:
        yield service


def _may_change(call: Call) -> bool:
    return call.token.is_administrator and Fault.ACCESS_DENIED not in call.host.faults


def _set(call: Call) -> Iterator[Record]:
    bound = call.bound
    given = bound.objects("InputObject")
    name = str(given[0].prop("Name")) if given else bound.text("Name") or ""
    service = call.host.services.get(name)
    if service is None:
        yield _not_found(call, name)
        return
    if not call.proceeds("Set-Service", f"{service.display_name} ({service.name})"):
        return
    if not _may_change(call):
        yield service_error(
            call,
            service,
            "configured",
            "CouldNotSetService",
            "Access is denied",
            ErrorCategory.PermissionDenied,
        )
        return
    mode = bound.enum("StartupType")
    if mode is not None and mode.text in ("Boot", "System"):
        reason = "The parameter is incorrect"
        yield service_error(
            call, service, "configured", "CouldNotSetService", reason, ErrorCategory.PermissionDenied
        )
        return
    call.host.services.configure(
        service.name,
        start_type=None if mode is None else StartType(mode.value),
        display_name=bound.text("DisplayName"),
        description=bound.text("Description"),
    )
    yield from _set_status(call, service)
    if bound.switch("PassThru"):
        yield Output(service_object(call, call.host.services.get(service.name) or service))


def _not_found(call: Call, name: str) -> ErrorRecord:
    """Set-Service alone words it in its own way."""
    return call.error(
        f"Service {name} was not found on computer '.'.",
        "InvalidOperationException",
        ErrorCategory.ObjectNotFound,
        ".",
        exception="System.InvalidOperationException",
    )


def _set_status(call: Call, service: Service) -> Iterator[Record]:
    wanted = (call.bound.text("Status") or "").casefold()
    if wanted == "running":
        yield from _start_one(call, service.name)
    elif wanted == "stopped":
        yield from _stop_one(call, service.name, force=False)
    elif wanted == "paused" and service.status is Status.Running:
        call.host.services.pause(service.name, paused=True)


def _start_one(call: Call, name: str) -> Iterator[Record]:
    service = call.host.services.get(name)
    if service is None:
        yield no_such_service(call, name)
        return
    try:
        call.host.services.start(name)
    except ServiceDisabled:
        yield call.error(
            f"Service '{service.display_name} ({service.name})' cannot be started due to the following "
            f"error: Cannot start service {service.name} on computer '.'.",
            "CouldNotStartService",
            ErrorCategory.OpenError,
            "System.ServiceProcess.ServiceController",
            exception="Microsoft.PowerShell.Commands.ServiceCommandException",
            target_type="ServiceController",
        )


def _stop_one(call: Call, name: str, *, force: bool) -> Iterator[Record]:
    services = call.host.services
    service = services.get(name)
    if service is None:
        yield no_such_service(call, name)
        return
    dependents = services.running_dependents(name)
    if dependents and not force:
        yield call.error(
            f"Cannot stop service '{service.display_name} ({service.name})' because it has dependent "
            "services. It can only be stopped if the Force flag is set.",
            "ServiceHasDependentServices",
            ErrorCategory.InvalidOperation,
            "System.ServiceProcess.ServiceController",
            exception="Microsoft.PowerShell.Commands.ServiceCommandException",
            target_type="ServiceController",
        )
        return
    for each in (*dependents, service):
        try:
            services.stop(each.name)
        except ServiceCannotStop:
            reason = f"Cannot stop {each.name} service on computer '.'."
            yield service_error(
                call, each, "stopped", "CouldNotStopService", reason, ErrorCategory.CloseError
            )
            return


def _each(call: Call, verb: str, act: Callable[[Call, Service], Iterator[Record]]) -> Iterator[Record]:
    for service in find_services(call):
        if isinstance(service, ErrorRecord):
            yield service
            continue
        if not call.proceeds(f"{verb}-Service", f"{service.display_name} ({service.name})"):
            continue
        if not _may_change(call):
            reason = _OPEN_REASON.format(name=service.name)
            past, error_id = _DENIED[verb]
            category = ErrorCategory.OpenError if verb == "Start" else ErrorCategory.CloseError
            yield service_error(call, service, past, error_id, reason, category)
            continue
        yield from act(call, service)
        if call.bound.switch("PassThru"):
            yield Output(service_object(call, call.host.services.get(service.name) or service))


def _start(call: Call) -> Iterator[Record]:
    yield from _each(call, "Start", lambda call, service: _start_one(call, service.name))


def _stop(call: Call) -> Iterator[Record]:
    force = call.bound.switch("Force")
    yield from _each(call, "Stop", lambda call, service: _stop_one(call, service.name, force=force))


def _restart(call: Call) -> Iterator[Record]:
    yield from _each(call, "Restart", _restart_one)


def _restart_one(call: Call, service: Service) -> Iterator[Record]:
    """Stop with what needs it, then start all of that again."""
    stopped = call.host.services.running_dependents(service.name)
    problems = list(_stop_one(call, service.name, force=call.bound.switch("Force")))
    yield from problems
    if not problems:
        for name in (service.name, *(each.name for each in reversed(stopped))):
            yield from _start_one(call, name)


def _pause(call: Call, service: Service, *, paused: bool) -> Iterator[Record]:
    """Only a running service that takes these controls can be paused, only a paused one continued."""
    verb = "suspended" if paused else "resumed"
    if service.name.casefold() not in PAUSABLE:
        reason = "because the service does not support being suspended or resumed."
    elif service.status is not (Status.Running if paused else Status.Paused):
        reason = "because it is not currently running." if paused else "because it is not paused."
    else:
        call.host.services.pause(service.name, paused=paused)
        return
    yield call.error(
        f"Service '{service.display_name} ({service.name})' cannot be {verb} {reason}",
        f"CouldNot{'Suspend' if paused else 'Resume'}ServiceNotSupported",
        ErrorCategory.CloseError,
        "System.ServiceProcess.ServiceController",
        exception="Microsoft.PowerShell.Commands.ServiceCommandException",
        target_type="ServiceController",
    )


def _suspend(call: Call) -> Iterator[Record]:
    yield from _each(call, "Suspend", lambda call, service: _pause(call, service, paused=True))


def _resume(call: Call) -> Iterator[Record]:
    yield from _each(call, "Resume", lambda call, service: _pause(call, service, paused=False))


COMMANDS = (
    Command(_GET, _get),
    Command(_SET, _set),
    Command(_START, _start),
    Command(_STOP, _stop),
    Command(_RESTART, _restart),
    Command(_SUSPEND, _suspend),
    Command(_RESUME, _resume),
)
