"""Starting, stopping, crashing: a folder is served once, and what was changed is still there."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest
from pypsrp.powershell import PowerShell, RunspacePool

from engine.rehearsal.fleet.control import ENDPOINTS_FILE, Control, NotRunning, status
from engine.rehearsal.fleet.process import RUN_FILE, ProcessIdentity, running_supervisor
from tests.support.fleet import Fleet, write_fleet

_SERVER = "DHS-SRV01"
_KEY = r"HKLM:\SOFTWARE\Rollcall\Test"


def _invoke(fleet: Fleet, *commands: tuple[str, dict[str, object]]) -> list[object]:
    with fleet.client(_SERVER) as wsman, RunspacePool(wsman) as pool:
        ps = PowerShell(pool)
        for name, parameters in commands:
            ps.add_cmdlet(name).add_parameters(parameters)
            ps.add_statement()
        output: list[object] = ps.invoke()
        assert not ps.streams.error, [str(error) for error in ps.streams.error]
        return output


def _write_value(fleet: Fleet) -> None:
    _invoke(
        fleet,
        ("New-Item", {"Path": _KEY, "Force": True}),
        ("New-ItemProperty", {"Path": _KEY, "Name": "Kept", "Value": "yes", "PropertyType": "String"}),
    )


def _read_value(fleet: Fleet) -> str:
    (properties,) = _invoke(fleet, ("Get-ItemProperty", {"Path": _KEY, "Name": "Kept"}))
    return str(getattr(properties, "extended_properties", {}).get("Kept"))


def _gone(identity: ProcessIdentity, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while identity.is_alive and time.monotonic() < deadline:
        time.sleep(0.02)
    return not identity.is_alive


def test_stop_ends_all_processes_and_keeps_the_state(new_fleet: Fleet) -> None:
    endpoints = new_fleet.start()
    processes = [ProcessIdentity.of(pid) for pid in endpoints.pids]
    _write_value(new_fleet)
    result = subprocess.run(
        new_fleet.command("stop"), capture_output=True, text=True, timeout=60, check=False
    )
    assert (result.returncode, result.stderr) == (0, "")
    assert new_fleet.process is not None
    assert new_fleet.process.wait(10) == 0
    assert all(_gone(process) for process in processes)
    assert not (new_fleet.folder / ENDPOINTS_FILE).exists()
    assert not status(new_fleet.folder).running
    new_fleet.start()
    assert _read_value(new_fleet) == "yes"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_cleanly(new_fleet: Fleet, number: signal.Signals) -> None:
    new_fleet.start()
    assert new_fleet.process is not None
    new_fleet.process.send_signal(number)
    assert new_fleet.process.wait(20) == 0
    assert not (new_fleet.folder / ENDPOINTS_FILE).exists()


def test_kill_9_loses_nothing_and_leaves_nobody(new_fleet: Fleet) -> None:
    first = new_fleet.start()
    processes = [ProcessIdentity.of(pid) for pid in first.pids]
    _write_value(new_fleet)
    time.sleep(0.5)  # changes are saved soon, not at once
    assert new_fleet.process is not None
    for pid in first.pids:
        os.kill(pid, signal.SIGKILL)
    new_fleet.process.wait(10)
    assert all(_gone(process) for process in processes)
    # The files of the crash are still there, and fool nobody.
    assert (new_fleet.folder / ENDPOINTS_FILE).exists()
    assert not status(new_fleet.folder).running
    (new_fleet.folder / ENDPOINTS_FILE).unlink()  # `start` waits for a new one
    second = new_fleet.start()
    assert second.pids != first.pids
    assert _read_value(new_fleet) == "yes"


def test_shards_follow_a_killed_supervisor(new_fleet: Fleet) -> None:
    endpoints = new_fleet.start()
    shards = [ProcessIdentity.of(pid) for pid in endpoints.pids[1:]]
    os.kill(endpoints.pids[0], signal.SIGKILL)
    assert all(_gone(shard) for shard in shards)


def test_the_death_of_a_shard_ends_the_fleet_and_is_named(new_fleet: Fleet) -> None:
    endpoints = new_fleet.start()
    os.kill(endpoints.pids[1], signal.SIGKILL)
    assert new_fleet.process is not None
    assert new_fleet.process.wait(20) == 1
    said = new_fleet.end()
    assert f"process {endpoints.pids[1]}" in said
    assert "status -9" in said


def test_a_folder_is_served_once(new_fleet: Fleet) -> None:
    endpoints = new_fleet.start()
    again = subprocess.run(
        new_fleet.command("serve"), capture_output=True, text=True, timeout=60, check=False
    )
    assert again.returncode == 1
    assert f"process {endpoints.pids[0]}" in again.stderr
    assert new_fleet.control.report().hosts.keys() == endpoints.hosts.keys()


def test_a_stale_file_with_a_number_that_is_in_use_again(new_fleet: Fleet) -> None:
    mine = ProcessIdentity.of(os.getpid())
    stale = ProcessIdentity(pid=mine.pid, started=mine.started - 1)
    (new_fleet.folder / RUN_FILE).write_text(stale.model_dump_json())
    assert running_supervisor(new_fleet.folder) is None
    with pytest.raises(NotRunning):
        Control(new_fleet.folder)
    new_fleet.start()
    assert new_fleet.control.report().hosts


def test_a_bad_fleet_is_refused_with_its_problems(new_fleet: Fleet) -> None:
    (new_fleet.folder / "fleet.json").write_text("{}")
    result = subprocess.run(
        new_fleet.command("serve"), capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 3
    assert "Field required" in result.stderr
    assert "Traceback" not in result.stderr


def test_two_fleets_side_by_side_have_ports_of_their_own(new_fleet: Fleet) -> None:
    other = Fleet(new_fleet.folder / "other", shards=1)
    other.folder.mkdir()
    write_fleet(other.folder, [_SERVER])
    try:
        first, second = new_fleet.start().hosts[_SERVER], other.start().hosts[_SERVER]
        assert first.address == second.address
        assert {first.winrm_http, first.winrm_https}.isdisjoint({second.winrm_http, second.winrm_https})
    finally:
        other.end()


def test_three_hundred_hosts_listen(new_fleet: Fleet) -> None:
    write_fleet(new_fleet.folder, [f"DHS-L{room:03}-{seat:02}" for room in range(10) for seat in range(30)])
    endpoints = new_fleet.start()
    assert len(endpoints.hosts) == 300
    assert len({endpoint.address for endpoint in endpoints.hosts.values()}) == 300
    reports = new_fleet.control.report().hosts
    assert len(reports) == 300
    with new_fleet.client("DHS-L009-29") as wsman, RunspacePool(wsman) as pool:
        assert PowerShell(pool).add_cmdlet("Get-Service").invoke()
