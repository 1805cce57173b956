"""Starting, stopping, crashing: a folder is served once, and what was changed is still there."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pypsrp.powershell import PowerShell, RunspacePool

from engine.rehearsal.fleet.control import ENDPOINTS_FILE, Control, NotRunning, status
from engine.rehearsal.fleet.process import (
    RUN_FILE,
    AlreadyRunning,
    ProcessIdentity,
    RunLock,
    running_supervisor,
)
from tests.support.fleet import Fleet, write_fleet

_SERVER = "DHS-SRV01"


def _invoke(fleet: Fleet, *commands: tuple[str, dict[str, object]]) -> list[object]:
    with fleet.client(_SERVER) as wsman, RunspacePool(wsman) as pool:
        ps = PowerShell(pool)
        for name, parameters in commands:
            ps.add_cmdlet(name).add_parameters(parameters)
            ps.add_statement()
        output: list[object] = ps.invoke()
        assert not ps.streams.error, [str(error) for error in ps.streams.error]
        return output


def _change(fleet: Fleet) -> None:
    _invoke(fleet, ("Set-Service", {"Name": "Spooler", "StartupType": "Disabled"}))


def _is_changed(fleet: Fleet) -> bool:
    (service,) = _invoke(fleet, ("Get-Service", {"Name": "Spooler"}))
    return str(getattr(service, "adapted_properties", {}).get("StartType")) == "Disabled"


def _gone(identity: ProcessIdentity, seconds: float = 20) -> bool:
    deadline = time.monotonic() + seconds
    while identity.is_alive and time.monotonic() < deadline:
        time.sleep(0.02)
    return not identity.is_alive


def test_stop_ends_all_processes_and_keeps_the_state(new_fleet: Fleet) -> None:
    endpoints = new_fleet.start()
    processes = [ProcessIdentity.of(pid) for pid in endpoints.pids]
    _change(new_fleet)
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
    assert _is_changed(new_fleet)


def test_an_interrupt_stops_it_cleanly(new_fleet: Fleet) -> None:
    new_fleet.start()
    assert new_fleet.process is not None
    new_fleet.process.send_signal(signal.SIGINT)
    assert new_fleet.process.wait(20) == 0
    assert not (new_fleet.folder / ENDPOINTS_FILE).exists()


def test_kill_9_loses_nothing_and_leaves_nobody(new_fleet: Fleet) -> None:
    first = new_fleet.start()
    processes = [ProcessIdentity.of(pid) for pid in first.pids]
    _change(new_fleet)
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
    assert _is_changed(new_fleet)


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


def test_a_stale_file_with_a_number_that_is_in_use_again(tmp_path: Path) -> None:
    mine = ProcessIdentity.of(os.getpid())
    stale = ProcessIdentity(pid=mine.pid, started=mine.started - 1)
    (tmp_path / RUN_FILE).write_text(stale.model_dump_json())
    assert running_supervisor(tmp_path) is None
    with pytest.raises(NotRunning):
        Control(tmp_path)
    lock = RunLock(tmp_path, wait_seconds=0)
    assert running_supervisor(tmp_path) == mine
    with pytest.raises(AlreadyRunning, match=str(mine.pid)):
        RunLock(tmp_path, wait_seconds=0)
    lock.release()
    assert running_supervisor(tmp_path) is None


def test_a_new_fleet_waits_for_processes_that_are_left_over(tmp_path: Path) -> None:
    """The lock belongs to the open file: it is held until the last process that inherited it is gone."""
    lock = RunLock(tmp_path, wait_seconds=0)
    left_over = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"],
        stdin=subprocess.PIPE,
        pass_fds=(lock.descriptor,),
    )
    lock.release()
    with pytest.raises(AlreadyRunning, match="another process"):
        RunLock(tmp_path, wait_seconds=0)
    left_over.communicate(timeout=10)
    RunLock(tmp_path, wait_seconds=10).release()


def test_a_bad_fleet_is_refused_with_its_problems(new_fleet: Fleet) -> None:
    (new_fleet.folder / "fleet.json").write_text("{}")
    result = subprocess.run(
        new_fleet.command("serve"), capture_output=True, text=True, timeout=60, check=False
    )
    assert result.returncode == 3
    assert "Field required" in result.stderr
    assert "Traceback" not in result.stderr


def test_three_hundred_hosts_listen(new_fleet: Fleet) -> None:
    write_fleet(new_fleet.folder, [f"DHS-L{room:03}-{seat:02}" for room in range(10) for seat in range(30)])
    endpoints = new_fleet.start()
    assert len(endpoints.hosts) == 300
    assert len({endpoint.address for endpoint in endpoints.hosts.values()}) == 300
    reports = new_fleet.control.report().hosts
    assert len(reports) == 300
    with new_fleet.client("DHS-L009-29") as wsman, RunspacePool(wsman) as pool:
        assert PowerShell(pool).add_cmdlet("Get-Service").invoke()
