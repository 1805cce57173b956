"""Hosts that cannot be talked to: a line each, within their limits; the others finish."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from threading import Event

import pytest
import trustme

from engine.app.applying import walk
from engine.app.connecting import rehearsed_targets
from engine.app.endpoints import read_endpoints
from engine.app.exits import ExitCode
from engine.app.loading import intents, load
from engine.app.planning import Made, plan_for
from engine.app.selection import Selection, choose
from engine.app.target import Target as Where
from engine.app.verdicts import exit_code_of_plan, exit_code_of_run
from engine.kinds.scripts import functions
from engine.model.plan import HostStatus, Plan
from engine.model.result import Outcome
from engine.rehearsal.windows.faults import Fault
from engine.transport.connector import HostConnector
from engine.transport.target import Login, Target, Timeouts
from tests.e2e.bench import Bench, Quiet, server, workstations

SERVER = server("faulty")
WRONG_PASSWORD, NO_PORT, UNTRUSTED, SILENT = workstations("faulty")
HURRY = Timeouts(connect=3, read=2, step=4)

ROOM = """
registry_values:
  - {key: 'HKLM\\SOFTWARE\\Faulty', name: Room, type: string, data: '114', hosts: [server, workstation]}
"""


@pytest.fixture(scope="module")
def targets(bench: Bench, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Target]:
    """Settings that are wrong in a different way for each workstation."""
    folder = tmp_path_factory.mktemp("wrong")
    (folder / "password").write_text("not-the-password")
    other_authority = folder / "other.pem"
    trustme.CA().cert_pem.write_to_path(other_authority)
    hosts = [host for host in load(bench.project).hosts() if host.school == "faulty"]
    found = rehearsed_targets(read_endpoints(bench.project), hosts)
    right = {name: replace(target, timeouts=HURRY) for name, target in found.items()}
    wrong = right[WRONG_PASSWORD]
    login = Login(wrong.login.user, f"file:{folder / 'password'}")
    return {
        **right,
        WRONG_PASSWORD: replace(wrong, login=login),
        NO_PORT: replace(right[NO_PORT], port=_free_port(right[NO_PORT])),
        UNTRUSTED: replace(right[UNTRUSTED], ca_file=str(other_authority)),
    }


def _free_port(target: Target) -> int:
    """A port at which nothing listens: the rehearsal gives high ones to its hosts."""
    return 1 if target.port != 1 else 2


def _plan(bench: Bench, targets: Mapping[str, Target]) -> Plan:
    district = load(bench.project)
    chosen = choose(Selection(schools=("faulty",)), district)
    connector = HostConnector(targets, functions())
    made = Made("abc", Where.REHEARSAL)
    return plan_for(intents(district, ("faulty",)), chosen, connector, made, Quiet())


def test_each_fault_is_one_line_in_its_class_and_the_others_finish(
    bench: Bench, targets: Mapping[str, Target], tmp_path: Path
) -> None:
    bench.declare("faulty", ROOM)
    with bench.fault(SILENT, Fault.NEVER_ANSWER):
        plan = _plan(bench, targets)

    status = {host.host: host.status for host in plan.hosts}
    errors = {host.host: host.error for host in plan.hosts if host.error}
    assert status[SERVER] is HostStatus.READ
    assert status[WRONG_PASSWORD] is HostStatus.FAILED
    assert status[UNTRUSTED] is HostStatus.FAILED
    assert status[NO_PORT] is HostStatus.UNREACHABLE
    assert status[SILENT] is not HostStatus.READ
    assert all(error.startswith(f"{host}: ") and "\n" not in error for host, error in errors.items())
    assert "not-the-password" not in plan.model_dump_json()
    assert [change.address.host for change in plan.changes] == [SERVER]
    assert exit_code_of_plan(plan, detailed=True) is ExitCode.FAILED
    assert tmp_path.exists()


def test_an_unreachable_host_alone_is_pending_and_not_failed(bench: Bench) -> None:
    bench.declare("faulty", ROOM)
    with bench.fault(SERVER, Fault.REFUSE):
        plan = bench.plan("faulty", hosts=(SERVER,))

    assert [host.status for host in plan.hosts] == [HostStatus.UNREACHABLE]
    assert exit_code_of_plan(plan, detailed=False) is ExitCode.UNREACHABLE


def test_apply_goes_on_with_the_other_hosts(bench: Bench, targets: Mapping[str, Target]) -> None:
    bench.declare("faulty", ROOM)
    plan = bench.plan("faulty")

    with bench.fault(SILENT, Fault.NEVER_ANSWER):
        result = walk(plan, HostConnector(targets, functions()), Quiet(), Event())

    outcomes = {item.address.host: item.outcome for item in result.results}
    assert outcomes[SERVER] is Outcome.CHANGED
    assert outcomes[NO_PORT] is Outcome.UNREACHABLE
    assert outcomes[WRONG_PASSWORD] is Outcome.FAILED
    assert outcomes[SILENT] in (Outcome.FAILED, Outcome.UNREACHABLE)
    assert exit_code_of_run(plan, result) is ExitCode.FAILED
