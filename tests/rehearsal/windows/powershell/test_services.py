from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.windows.powershell.records import PsEnum, PsObject
from engine.rehearsal.windows.services import StartType, Status
from tests.support.simulated_windows import Console, call, open_host

COMMANDS = "Microsoft.PowerShell.Commands."


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(open_host(tmp_path))


def status(console: Console, name: str) -> Status:
    service = console.host.services.get(name)
    assert service is not None
    return service.status


def test_a_service_looks_as_get_service_shows_it(console: Console) -> None:
    service = console.run("Get-Service", "SPOOLER").only()
    assert service.type_names[0] == "System.ServiceProcess.ServiceController"
    assert service.prop("Name") == service.prop("ServiceName") == "Spooler"
    assert service.prop("DisplayName") == "Print Spooler"
    assert service.prop("StartType") == PsEnum("System.ServiceProcess.ServiceStartMode", "Automatic", 2)
    assert service.prop("Status") == PsEnum("System.ServiceProcess.ServiceControllerStatus", "Running", 4)
    required = service.prop("RequiredServices")
    assert isinstance(required, tuple)
    assert [item.to_string for item in required if isinstance(item, PsObject)] == ["RpcSs"]


def test_services_are_found_by_pattern_and_display_name(console: Console) -> None:
    names = [item.to_string for item in console.run("Get-Service", "s*", Exclude="sc*").objects]
    assert "Spooler" in names
    assert "Schedule" not in names
    assert console.run("Get-Service", DisplayName="Print Spooler").only().to_string == "Spooler"
    result = console.run("Get-Service", DisplayName="Nothing")
    assert result.error_ids == [f"NoServiceFoundForGivenDisplayName,{COMMANDS}GetServiceCommand"]


@pytest.mark.parametrize("verb", ["Get", "Start", "Stop", "Restart"])
def test_an_unknown_name(console: Console, verb: str) -> None:
    result = console.run(f"{verb}-Service", "nope")
    assert result.error_ids == [f"NoServiceFoundForGivenName,{COMMANDS}{verb}ServiceCommand"]
    assert result.errors[0].message == "Cannot find any service with service name 'nope'."
    assert result.errors[0].category.name == "ObjectNotFound"


def test_set_service_words_an_unknown_name_in_its_own_way(console: Console) -> None:
    result = console.run("Set-Service", "nope", StartupType="Manual")
    assert result.error_ids == [f"InvalidOperationException,{COMMANDS}SetServiceCommand"]
    assert result.errors[0].message == "Service nope was not found on computer '.'."


def test_stopping_and_starting(console: Console) -> None:
    assert console.run("Stop-Service", "Spooler").errors == []
    assert status(console, "Spooler") is Status.Stopped
    writes = console.host.counters.writes
    assert console.run("Stop-Service", "Spooler").errors == []
    assert console.host.counters.writes == writes
    shown = console.run("Start-Service", "Spooler", PassThru=None).only()
    assert shown.prop("Status") == PsEnum("System.ServiceProcess.ServiceControllerStatus", "Running", 4)


def test_what_others_need_stops_only_by_force(console: Console) -> None:
    result = console.run("Stop-Service", "LanmanWorkstation")
    assert result.error_ids == [f"ServiceHasDependentServices,{COMMANDS}StopServiceCommand"]
    assert status(console, "Netlogon") is Status.Running
    assert console.run("Stop-Service", "LanmanWorkstation", Force=True).errors == []
    assert status(console, "LanmanWorkstation") is Status.Stopped
    assert status(console, "Netlogon") is Status.Stopped


def test_a_restart_brings_back_what_was_stopped_with_it(console: Console) -> None:
    assert console.run("Restart-Service", "LanmanWorkstation").errors
    assert console.run("Restart-Service", "LanmanWorkstation", Force=True).errors == []
    assert status(console, "Netlogon") is Status.Running


def test_some_services_never_stop(console: Console) -> None:
    result = console.run("Stop-Service", "gpsvc")
    assert result.error_ids == [f"CouldNotStopService,{COMMANDS}StopServiceCommand"]
    assert result.errors[0].category.name == "CloseError"


def test_a_disabled_service_does_not_start(console: Console) -> None:
    result = console.run("Start-Service", "RemoteAccess")
    assert result.error_ids == [f"CouldNotStartService,{COMMANDS}StartServiceCommand"]
    assert result.errors[0].message == (
        "Service 'Routing and Remote Access (RemoteAccess)' cannot be started due to the following error: "
        "Cannot start service RemoteAccess on computer '.'."
    )


def test_configuration_changes_and_is_seen_in_cim_and_registry(console: Console) -> None:
    console.run("Set-Service", "Spooler", StartupType="Disabled", Description="for the lab")
    service = console.run("Get-CimInstance", "Win32_Service", Filter="Name = 'spooler'").only()
    assert (service.prop("StartMode"), service.prop("State")) == ("Disabled", "Running")
    assert service.prop("Description") == "for the lab"
    value = console.host.registry.value(r"HKLM\SYSTEM\CurrentControlSet\Services\Spooler", "Start")
    assert value is not None
    assert value.data == 4


def test_set_service_does_not_make_a_driver_of_a_service(console: Console) -> None:
    result = console.run("Set-Service", "Spooler", StartupType="Boot")
    assert result.error_ids == [f"CouldNotSetService,{COMMANDS}SetServiceCommand"]
    spooler = console.host.services.get("Spooler")
    assert spooler is not None
    assert spooler.start_type is StartType.Automatic


def test_pausing_is_for_services_that_take_it(console: Console) -> None:
    assert console.run("Suspend-Service", "LanmanServer").errors == []
    assert status(console, "LanmanServer") is Status.Paused
    assert console.run("Resume-Service", "LanmanServer").errors == []
    assert status(console, "LanmanServer") is Status.Running
    result = console.run("Suspend-Service", "Spooler")
    assert result.error_ids == [f"CouldNotSuspendServiceNotSupported,{COMMANDS}SuspendServiceCommand"]


def test_services_go_down_the_pipe(console: Console) -> None:
    result = console.batch([call("Get-Service", "Spooler"), call("Stop-Service", PassThru=True)])
    assert result.only().prop("Name") == "Spooler"
    assert status(console, "Spooler") is Status.Stopped


def test_others_than_administrators_change_nothing(console: Console) -> None:
    teacher = Console(console.host, "a.rivera")
    assert teacher.run("Get-Service", "Spooler").errors == []
    assert teacher.run("Stop-Service", "Spooler").error_ids == [
        f"CouldNotStopService,{COMMANDS}StopServiceCommand"
    ]
    assert teacher.run("Set-Service", "Spooler", StartupType="Disabled").errors
    assert console.host.counters.writes == 0
