"""The rehearsal as its user meets it: started once, looked at, spoken to, made to misbehave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app.commandline import UnreadableCommand
from engine.app.errors import UnknownSelection
from engine.app.rehearsing import (
    rehearsal_status,
    run_on_rehearsed_host,
    set_fault,
    start_rehearsal,
    stop_rehearsal,
)
from engine.model.plan import HostStatus
from tests.e2e.bench import SCHOOLS, Bench, server

SERVER = server("spoken")


def test_one_that_runs_is_left_as_it_is(bench: Bench) -> None:
    first = rehearsal_status(bench.project)

    again = start_rehearsal(bench.project)

    assert first.running
    assert again.hosts == first.hosts
    assert {host.name for host in first.hosts} >= {server(school) for school in SCHOOLS}


def test_what_a_host_says_is_shown_as_text(bench: Bench) -> None:
    output = bench.by_hand(SERVER, "Get-Service -Name Spooler")

    assert any(line.startswith("DisplayName ") and "Print Spooler" in line for line in output.lines)


def test_what_a_host_refuses_is_shown_with_windows_error_id(bench: Bench) -> None:
    output = run_on_rehearsed_host(bench.project, SERVER, "Remove-SmbShare -Name NoSuchShare -Force")

    assert len(output.errors) == 1
    assert output.errors[0].startswith("Remove-SmbShare: No MSFT_SMBShare objects found")
    assert "CmdletizationQuery_NotFound" in output.errors[0]


def test_what_cannot_be_sent_is_an_error(bench: Bench) -> None:
    with pytest.raises(UnreadableCommand):
        run_on_rehearsed_host(bench.project, SERVER, "Get-Service; Get-SmbShare")
    with pytest.raises(UnknownSelection):
        run_on_rehearsed_host(bench.project, "NO-SUCH-HOST", "Get-SmbShare")


def test_faults_are_switched_on_and_off(bench: Bench) -> None:
    set_fault(bench.project, SERVER.lower(), "refuse", on=True)
    during = bench.plan("spoken", hosts=(SERVER,))
    set_fault(bench.project, SERVER, "refuse", on=False)
    after = bench.plan("spoken", hosts=(SERVER,))

    assert [host.status for host in (*during.hosts, *after.hosts)] == [
        HostStatus.UNREACHABLE,
        HostStatus.READ,
    ]
    with pytest.raises(UnknownSelection, match="refuse"):
        set_fault(bench.project, SERVER, "no-such-fault", on=True)


def test_no_password_is_written_anywhere_but_in_its_own_place(bench: Bench) -> None:
    bench.declare("spoken", "shares:\n  - {name: A, hosts: server, path: 'D:\\A'}\n")
    target = ("--school", "spoken", "--target", "rehearsal")
    password = (bench.project.rehearsal / "administrator.password").read_text().strip()

    planned = bench.rollcall("plan", *target, "--out", "spoken.json")
    applied = bench.rollcall(
        "apply", "spoken.json", "--auto-approve", "--out", "run.json", "--format", "json"
    )

    assert (planned.code, applied.code) == (0, 0)
    for said in (planned.out, planned.err, applied.out, applied.err):
        assert password not in said
    holders = {path.name for path in _files(bench.folder) if password.encode() in path.read_bytes()}
    assert holders == {"administrator.password", "credentials"}


def _files(folder: Path) -> Iterator[Path]:
    return (path for path in folder.rglob("*") if path.is_file())


def test_hosts_keep_what_they_have_until_a_fresh_start(tmp_path: Path) -> None:
    bench = Bench.create(tmp_path, ("spoken",))
    with bench.running():
        bench.by_hand(SERVER, "New-SmbShare -Name Kept -Path 'C:\\'")
    with bench.running():
        kept = bench.by_hand(SERVER, "Get-SmbShare -Name Kept")
        start_rehearsal(bench.project, fresh=True)
        fresh = bench.try_by_hand(SERVER, "Get-SmbShare -Name Kept")

    assert kept.lines
    assert (fresh.lines, len(fresh.errors)) == ((), 1)
    assert not rehearsal_status(bench.project).running
    assert stop_rehearsal(bench.project) is False
