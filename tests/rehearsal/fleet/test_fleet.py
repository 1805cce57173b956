"""A running fleet: real clients, faults, counters, commands."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest
import requests
import smbclient
from pypsrp.exceptions import AuthenticationError, WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.shell import Process, WinRS
from smbprotocol.connection import Connection

from engine.rehearsal.__main__ import main
from engine.rehearsal.fleet.control import CommandRefused
from engine.rehearsal.fleet.messages import Answer, FleetStatus
from engine.rehearsal.windows.faults import Fault
from tests.support.fleet import ADMINISTRATOR, PASSWORD, Fleet, write_fleet

_SERVER, _WORKSTATION = "DHS-SRV01", "DHS-L114-01"


def _services(fleet: Fleet, host: str, tls: bool = False, auth: str = "ntlm") -> list[str]:
    with fleet.client(host, tls, auth) as wsman, RunspacePool(wsman) as pool:
        output = PowerShell(pool).add_cmdlet("Get-Service").add_parameter("Name", "Spooler").invoke()
    return [str(service) for service in output]


@pytest.fixture
def fault(fleet: Fleet) -> Iterator[None]:
    """Faults are off again after the test."""
    yield
    for name, report in fleet.control.report().hosts.items():
        for switched in report.faults:
            fleet.control.fault(name, switched, on=False)


@pytest.mark.parametrize(("tls", "auth"), [(False, "ntlm"), (False, "negotiate"), (True, "basic")])
@pytest.mark.parametrize("host", [_SERVER, _WORKSTATION])
def test_every_host_answers_a_real_client(fleet: Fleet, host: str, tls: bool, auth: str) -> None:
    assert _services(fleet, host, tls, auth) == ["Spooler"]


def test_a_certificate_names_its_host(fleet: Fleet) -> None:
    endpoint = fleet.endpoints.hosts[_SERVER]
    context = ssl.create_default_context(cafile=fleet.endpoints.ca_file)
    for name in (_SERVER.lower(), f"{_SERVER}.bcps.example".lower(), endpoint.address):
        with (
            socket.create_connection((endpoint.address, endpoint.winrm_https), 5) as connection,
            context.wrap_socket(connection, server_hostname=name) as tls,
        ):
            assert tls.version() == "TLSv1.3"


def test_processes_run_through_winrs(fleet: Fleet) -> None:
    with fleet.client(_SERVER) as wsman, WinRS(wsman) as shell:
        greeting = Process(shell, "echo", ["hello"])
        greeting.invoke()
        missing = Process(shell, "no-such-program")
        missing.invoke()
        with pytest.raises(WSManFaultError) as refused:
            Process(shell, "no-such-program", no_shell=True).invoke()
    assert (greeting.rc, greeting.stdout) == (0, b"hello\r\n")
    assert missing.rc == 1
    assert b"is not recognized" in missing.stderr
    assert refused.value.code == 2147942402


def test_hosts_are_counted_apart(fleet: Fleet) -> None:
    fleet.control.reset_counters()
    _services(fleet, _SERVER)
    hosts = fleet.control.report().hosts
    assert hosts[_SERVER].counters["logons"] == 1
    assert hosts[_SERVER].counters["http_requests"] == 9
    assert hosts[_SERVER].counters["writes"] == 0
    assert set(hosts[_WORKSTATION].counters.values()) == {0}


@pytest.mark.usefixtures("fault")
@pytest.mark.parametrize(
    ("switched", "raised"),
    [
        (Fault.OFFLINE, requests.ConnectionError),
        (Fault.REFUSE, requests.ConnectionError),
        (Fault.DROP, requests.ConnectionError),
        (Fault.LOGON_REFUSED, AuthenticationError),
    ],
)
def test_a_fault_breaks_one_host_until_it_is_off(
    fleet: Fleet, switched: Fault, raised: type[Exception]
) -> None:
    fleet.control.fault(_WORKSTATION, switched)
    with pytest.raises(raised):
        _services(fleet, _WORKSTATION)
    assert _services(fleet, _SERVER) == ["Spooler"]
    fleet.control.fault(_WORKSTATION, switched, on=False)
    assert _services(fleet, _WORKSTATION) == ["Spooler"]


@pytest.mark.usefixtures("fault")
def test_offline_twice_is_offline(fleet: Fleet) -> None:
    for on in (True, True, False, False):
        fleet.control.fault(_WORKSTATION, Fault.OFFLINE, on)
    assert _services(fleet, _WORKSTATION) == ["Spooler"]


@pytest.mark.usefixtures("fault")
def test_going_offline_cuts_sessions(fleet: Fleet) -> None:
    with fleet.client(_WORKSTATION) as wsman:
        shell = WinRS(wsman)
        shell.open()
        fleet.control.fault(_WORKSTATION, Fault.OFFLINE)
        with pytest.raises(requests.ConnectionError):
            shell.close()


def test_an_unknown_host_or_a_wrong_token_is_refused(fleet: Fleet) -> None:
    with pytest.raises(CommandRefused, match="NOBODY"):
        fleet.control.fault("NOBODY", Fault.DROP)
    host, _, port = fleet.endpoints.control.rpartition(":")
    for line in (b'{"token":"x","command":{"do":"stop"}}\n', b"nonsense\n", b"\n"):
        with socket.create_connection((host, int(port)), 5) as connection:
            connection.sendall(line)
            answer = Answer.model_validate_json(connection.makefile("rb").readline())
        assert answer.error
    assert (fleet.folder / "control.token").stat().st_mode & 0o777 == 0o600


def test_status_and_counters_for_people_and_machines(
    fleet: Fleet, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--folder", str(fleet.folder)]

    def shown(*arguments: str) -> str:
        assert main([*arguments, *where]) == 0
        return capsys.readouterr().out

    status = FleetStatus.model_validate_json(shown("status", "--json"))
    assert status.running
    assert status.endpoints == fleet.endpoints
    assert set(status.hosts) == set(fleet.endpoints.hosts)
    assert _SERVER in shown("status")
    assert "http_requests" in shown("counters")
    assert set(json.loads(shown("counters", "--json", "--reset"))["hosts"]) == set(fleet.endpoints.hosts)


@pytest.mark.usefixtures("fault")
def test_faults_are_switched_on_the_command_line(fleet: Fleet) -> None:
    where = ["--folder", str(fleet.folder)]
    assert main(["fault", _SERVER, "slow", *where]) == 0
    assert fleet.control.report().hosts[_SERVER].faults == (Fault.SLOW,)
    assert main(["fault", _SERVER, "slow", "--off", *where]) == 0
    assert fleet.control.report().hosts[_SERVER].faults == ()
    assert main(["fault", "NOBODY", "slow", *where]) == 1
    with pytest.raises(SystemExit) as usage:
        main(["fault", _SERVER, "earthquake", *where])
    assert usage.value.code == 2


def test_where_nothing_runs_status_says_so_and_commands_fail(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--folder", str(tmp_path)]
    assert main(["status", *where]) == 0
    assert capsys.readouterr().out == "not running\n"
    assert main(["stop", *where]) == 6
    assert "no rehearsal is served" in capsys.readouterr().err


def test_files_are_served_over_smb(fleet: Fleet) -> None:
    endpoint = fleet.endpoints.hosts[_SERVER]
    cache: dict[str, Connection] = {}
    open_file = partial(
        smbclient.open_file,
        username=ADMINISTRATOR,
        password=PASSWORD,
        port=endpoint.smb,
        connection_cache=cache,
    )
    path = rf"\\{endpoint.address}\C$\Windows\Temp\hello.txt"
    try:
        with open_file(path, "wb") as stream:
            stream.write(b"hello")
        with open_file(path, "rb") as stream:
            assert stream.read() == b"hello"
    finally:
        smbclient.reset_connection_cache(connection_cache=cache)


def test_a_folder_is_served_once(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "--folder", str(fleet.folder)]) == 1
    assert f"process {fleet.endpoints.pids[0]}" in capsys.readouterr().err
    assert fleet.control.report().hosts.keys() == fleet.endpoints.hosts.keys()


def test_two_fleets_side_by_side_have_ports_of_their_own(fleet: Fleet, tmp_path: Path) -> None:
    other = Fleet(tmp_path, shards=1)
    write_fleet(tmp_path, [_SERVER])
    try:
        first, second = fleet.endpoints.hosts[_SERVER], other.start().hosts[_SERVER]
        assert first.address == second.address
        assert {first.winrm_http, first.winrm_https, first.smb}.isdisjoint(
            {second.winrm_http, second.winrm_https, second.smb}
        )
    finally:
        other.end()
