"""Services as Get-Service returns them, and the names by which its relatives find them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.powershell import enums
from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord, PsEnum, PsObject, PsValue
from engine.rehearsal.windows.powershell.wildcard import has_wildcard, matches
from engine.rehearsal.windows.services import Service, Status

_TYPE_NAMES = (
    "System.ServiceProcess.ServiceController",
    "System.ComponentModel.Component",
    "System.MarshalByRefObject",
    "System.Object",
)
_SERVICE_TYPE = "System.ServiceProcess.ServiceType"
# Services of Windows that take the pause and continue controls.
PAUSABLE = frozenset({"lanmanserver", "lanmanworkstation", "netlogon", "winmgmt"})
_COMMAND_EXCEPTION = "Microsoft.PowerShell.Commands.ServiceCommandException"


def service_object(call: Call, service: Service, *, nested: bool = False) -> PsObject:
    """A System.ServiceProcess.ServiceController; the services around it only one level deep."""
    shares_process = "svchost" in service.executable
    running = service.status is not Status.Stopped
    properties: dict[str, PsValue] = {
        "Name": service.name,
        "CanPauseAndContinue": running and service.name.casefold() in PAUSABLE,
        "CanShutdown": running and service.can_stop,
        "CanStop": running and service.can_stop,
        "DisplayName": service.display_name,
        "MachineName": ".",
        "ServiceName": service.name,
        "ServiceType": PsEnum(
            _SERVICE_TYPE,
            "Win32ShareProcess" if shares_process else "Win32OwnProcess",
            0x20 if shares_process else 0x10,
        ),
        "StartType": enums.by_number("ServiceStartMode", service.start_type),
        "Status": enums.by_number("ServiceControllerStatus", service.status),
    }
    if not nested:
        around = call.host.services
        needed = (around.get(name) for name in service.dependencies)
        properties["DependentServices"] = tuple(
            service_object(call, each, nested=True) for each in around.dependents(service.name)
        )
        properties["RequiredServices"] = properties["ServicesDependedOn"] = tuple(
            service_object(call, each, nested=True) for each in needed if each is not None
        )
    return PsObject(_TYPE_NAMES, properties, service.name)


def find_services(call: Call) -> Iterator[Service | ErrorRecord]:
    """What -Name, -DisplayName or -InputObject mean; an error for each exact name that is none."""
    bound = call.bound
    named = tuple(str(item.prop("Name")) for item in bound.objects("InputObject")) or bound.texts("Name")
    if bound.given("DisplayName") and bound.parameter_set == "DisplayName":
        found = _by_display_name(call, bound.texts("DisplayName"))
    elif named:
        found = _by_name(call, named)
    else:
        found = iter(call.host.services.all())
    include, exclude = bound.texts("Include"), bound.texts("Exclude")
    for service in found:
        if isinstance(service, ErrorRecord) or _selected(service.name, include, exclude):
            yield service


def _selected(name: str, include: tuple[str, ...], exclude: tuple[str, ...]) -> bool:
    if include and not any(matches(pattern, name) for pattern in include):
        return False
    return not any(matches(pattern, name) for pattern in exclude)


def _by_name(call: Call, names: tuple[str, ...]) -> Iterator[Service | ErrorRecord]:
    for name in names:
        if has_wildcard(name):
            yield from (s for s in call.host.services.all() if matches(name, s.name))
            continue
        service = call.host.services.get(name)
        yield no_such_service(call, name) if service is None else service


def _by_display_name(call: Call, names: tuple[str, ...]) -> Iterator[Service | ErrorRecord]:
    for name in names:
        found = [s for s in call.host.services.all() if matches(name, s.display_name)]
        yield from found
        if not found and not has_wildcard(name):
            yield call.error(
                f"Cannot find any service with display name '{name}'.",
                "NoServiceFoundForGivenDisplayName",
                ErrorCategory.ObjectNotFound,
                name,
                exception=_COMMAND_EXCEPTION,
            )


def no_such_service(call: Call, name: str) -> ErrorRecord:
    """NoServiceFoundForGivenName."""
    return call.error(
        f"Cannot find any service with service name '{name}'.",
        "NoServiceFoundForGivenName",
        ErrorCategory.ObjectNotFound,
        name,
        exception=_COMMAND_EXCEPTION,
    )


def service_error(
    call: Call, service: Service, verb: str, error_id: str, reason: str, category: ErrorCategory
) -> ErrorRecord:
    """`Service 'display (name)' cannot be <verb> due to the following error: <reason>`."""
    name = f"{service.display_name} ({service.name})"
    return call.error(
        f"Service '{name}' cannot be {verb} due to the following error: {reason}",
        error_id,
        category,
        "System.ServiceProcess.ServiceController",
        exception=_COMMAND_EXCEPTION,
        target_type="ServiceController",
    )
