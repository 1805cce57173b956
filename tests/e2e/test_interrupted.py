"""A controller that is killed, stopped, or met by another one, while installers run."""

from __future__ import annotations

import hashlib
import json
import signal
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from subprocess import Popen

import pytest

from engine.app.exits import ExitCode
from engine.app.verdicts import exit_code_of_run
from engine.model.result import Outcome
from engine.rehearsal.media.build import read_media
from tests.e2e.bench import Bench, outcomes, server

_PATIENCE = 60.0  # seconds, for something that takes a few

_CATALOG = """\
software: slow
title: Slow
publisher: Bench
versions:
  - version: 1.0.0
    installer: {{type: msi, source: media/slow-1.0.msi, sha256: {slow}}}
    detection: {{product_code: '{code}'}}
"""
_CATALOG_EXE = """\
software: quick
title: Quick
publisher: Bench
versions:
  - version: '2.0'
    installer: {{type: exe, source: media/quick-setup.exe, sha256: {quick}, arguments: [/S]}}
    detection: {{uninstall_entry: {{key: Quick}}}}
"""
_RESOURCES = """
registry_values:
  - {key: 'HKLM\\SOFTWARE\\First', name: Value, type: dword, data: 1, hosts: server}
  - {key: 'HKLM\\SOFTWARE\\Last', name: Value, type: dword, data: 1, hosts: server, needs: [software/NAME]}
software:
  - {name: NAME, hosts: server, needs: ['registry_value/HKLM\\SOFTWARE\\First\\\\Value']}
"""


@pytest.fixture(scope="module", autouse=True)
def catalog(bench: Bench) -> None:
    """Offer the two installers, which each work for a few seconds."""
    manifests = bench.project.manifests
    folder = manifests / "catalog" / "software"
    folder.mkdir(parents=True, exist_ok=True)
    slow = read_media(manifests / "media" / "media.toml").installer[0]
    (folder / "slow.yaml").write_text(
        _CATALOG.format(slow=_sha256(manifests / "media" / "slow-1.0.msi"), code=slow.product)
    )
    quick = _sha256(manifests / "media" / "quick-setup.exe")
    (folder / "quick.yaml").write_text(_CATALOG_EXE.format(quick=quick))


def _sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def _soon(true: Callable[[], bool], what: str) -> None:
    """Wait until something is so."""
    deadline = time.monotonic() + _PATIENCE
    while not true():
        assert time.monotonic() < deadline, f"{what} did not happen within {_PATIENCE:.0f} s"
        time.sleep(0.1)


def _start(bench: Bench, school: str, software: str) -> Popen[bytes]:
    """Start an apply as a process of its own, and wait until its installer runs."""
    bench.declare(school, _RESOURCES.replace("NAME", software))
    bench.control.reset_counters()
    apply = bench.start_rollcall("apply", "--school", school, "--target", "rehearsal", "--auto-approve")

    def installing() -> bool:
        assert apply.poll() is None, "the apply ended before its installer ran"
        return bench.counters(server(school))["process_starts"] > 0

    try:
        _soon(installing, "the installer's start")
    except BaseException:
        apply.kill()
        raise
    return apply


def _converges(bench: Bench, school: str) -> bool:
    """One more plan and apply; whether nothing is left to do."""
    bench.apply(bench.plan(school))
    left = bench.plan(school)
    return not (left.changes or left.blocked)


def _runs(bench: Bench, school: str) -> Mapping[str, int]:
    """How often each installer really ran on the host, by its own books."""
    state = bench.project.rehearsal / "hosts" / server(school) / "products.json"
    runs: dict[str, int] = json.loads(state.read_text())["runs"]
    return runs


INSTALLERS = {"slow": "slow-1.0.msi", "quick": "quick-setup.exe"}


@pytest.mark.parametrize("software", INSTALLERS)
def test_a_killed_apply_leaves_the_host_free_and_no_installer_runs_twice(bench: Bench, software: str) -> None:
    apply = _start(bench, "killed", software)

    apply.kill()
    apply.wait()
    _soon(lambda: _converges(bench, "killed"), "convergence")

    assert _runs(bench, "killed")[INSTALLERS[software]] == 1


def test_a_second_controller_is_told_who_is_at_work_since_when(bench: Bench) -> None:
    apply = _start(bench, "rival", "slow")

    plan = bench.plan("rival")
    result = bench.apply(plan)

    assert plan.changes
    assert {item.outcome for item in result.results} == {Outcome.REFUSED}
    for item in result.results:
        assert f"process {apply.pid}, since" in item.message
        assert "another apply is running: " in item.message
    assert exit_code_of_run(plan, result) is ExitCode.REFUSED
    assert apply.wait(_PATIENCE) == ExitCode.DONE
    assert bench.plan("rival").changes == ()


def test_ctrl_c_finishes_the_running_step_and_says_130(bench: Bench) -> None:
    apply = _start(bench, "stopped", "slow")

    apply.send_signal(signal.SIGINT)

    assert apply.wait(_PATIENCE) == ExitCode.CANCELLED
    left = bench.plan("stopped")
    assert [change.address.name for change in left.changes] == [r"HKLM\SOFTWARE\Last\\Value"]
    assert set(outcomes(bench.apply(left)).values()) == {Outcome.CHANGED}
