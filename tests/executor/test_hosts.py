"""Many hosts: side by side, waiting for each other, each failing alone."""

from __future__ import annotations

from threading import Barrier

import pytest

from engine.model.errors import (
    DeadlineExceeded,
    HostError,
    HostUnreachable,
    LogonFailed,
    ProtocolBroken,
    UntrustedCertificate,
)
from engine.model.plan import HostStatus
from engine.model.result import Outcome
from tests.support.fakehost import FakeFleet
from tests.support.rollout import Heard, address, apply_to, messages, outcomes, paper, plan_of, school, thing

WORKSTATIONS = ("PC1", "PC2", "PC3")


def test_hosts_run_side_by_side() -> None:
    fleet = FakeFleet.of(*WORKSTATIONS)
    plan = plan_of(fleet, school([thing(f"on-{name}", name) for name in WORKSTATIONS], WORKSTATIONS))
    meeting = Barrier(len(WORKSTATIONS), timeout=20)
    for host in fleet.hosts.values():
        host.before = lambda act: _meet(meeting, act)

    result = apply_to(fleet, plan, hosts_at_once=3)

    assert set(outcomes(result).values()) == {Outcome.CHANGED}


def _meet(meeting: Barrier, act: str) -> None:
    if act.startswith("Set-Thing"):
        meeting.wait()


@pytest.mark.parametrize("hosts_at_once", [1, 2])
def test_hosts_that_wait_for_each_other_share_few_threads(hosts_at_once: int) -> None:
    # Each host waits for the other in turn; with threads that block while waiting, one would never do.
    hosts = ("PC1", "PC2")
    steps = [thing("s0", hosts[0])]
    for number in range(1, 8):
        previous = address(f"s{number - 1}", hosts[(number - 1) % 2])
        steps.append(thing(f"s{number}", hosts[number % 2], needs=[previous]))
    fleet = FakeFleet.of(*hosts)
    heard = Heard()

    result = apply_to(fleet, plan_of(fleet, school(steps, hosts)), heard, hosts_at_once=hosts_at_once)

    assert set(outcomes(result).values()) == {Outcome.CHANGED}
    assert [change.name for change in heard.changes] == [f"s{number}" for number in range(8)]


def test_a_wait_for_another_host_makes_the_precondition_be_read_again() -> None:
    fleet = FakeFleet.of("SRV", "PC1")
    fleet["PC1"].things = {"connection": {"to": "nothing"}}
    queue = thing("queue")
    wanted = school(
        [queue, thing("first", "PC1"), thing("connection", "PC1", needs=[queue.address], to="queue")],
        ("SRV", "PC1"),
    )
    plan = plan_of(fleet, wanted)

    def meanwhile(act: str) -> None:
        if act == "Set-Thing queue":
            fleet["PC1"].things["connection"] = {"to": "somewhere else"}

    fleet["SRV"].before = meanwhile

    result = apply_to(fleet, plan, hosts_at_once=1)

    assert outcomes(result)["connection"] is Outcome.REFUSED


def test_a_failure_on_one_host_skips_what_needs_it_on_another() -> None:
    fleet = FakeFleet.of("SRV", "PC1")
    fleet["SRV"].failing["Set-Thing queue"] = "the spooler is off"
    queue = thing("queue")
    wanted = school(
        [queue, thing("connection", "PC1", needs=[queue.address]), thing("other", "PC1")], ("SRV", "PC1")
    )

    result = apply_to(fleet, plan_of(fleet, wanted))

    assert outcomes(result) == {
        "queue": Outcome.FAILED,
        "connection": Outcome.SKIPPED,
        "other": Outcome.CHANGED,
    }


@pytest.mark.parametrize(
    ("error", "status", "outcome"),
    [
        (HostUnreachable("PC1", "connect", "refused"), HostStatus.UNREACHABLE, Outcome.UNREACHABLE),
        (LogonFailed("PC1", "log on", "wrong password"), HostStatus.FAILED, Outcome.FAILED),
        (UntrustedCertificate("PC1", "connect", "unknown authority"), HostStatus.FAILED, Outcome.FAILED),
        (ProtocolBroken("PC1", "read", "an HTML page"), HostStatus.FAILED, Outcome.FAILED),
        (DeadlineExceeded("PC1", "read", "longer than 30 s"), HostStatus.FAILED, Outcome.FAILED),
    ],
)
def test_a_host_fails_alone_and_in_its_own_class(
    error: HostError, status: HostStatus, outcome: Outcome
) -> None:
    fleet = FakeFleet.of(*WORKSTATIONS)
    wanted = school([thing(f"on-{name}", name) for name in WORKSTATIONS], WORKSTATIONS)
    plan = plan_of(fleet, wanted)
    fleet["PC1"].error = error

    result = apply_to(fleet, plan)
    next_plan = plan_of(fleet, wanted)

    assert outcomes(result) == {"on-PC1": outcome, "on-PC2": Outcome.CHANGED, "on-PC3": Outcome.CHANGED}
    assert str(error) in messages(result)["on-PC1"]
    assert [host.status for host in next_plan.hosts] == [status, HostStatus.READ, HostStatus.READ]
    assert next_plan.hosts[0].error == str(error)
    assert next_plan.changes == ()


def test_a_connection_lost_on_the_way_leaves_the_rest_pending() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([thing("a"), thing("b"), thing("c")]))

    def pull_the_plug(act: str) -> None:
        if act == "Set-Thing b":
            fleet["SRV"].error = HostUnreachable("SRV", "invoke", "connection reset")

    fleet["SRV"].before = pull_the_plug

    result = apply_to(fleet, plan)

    assert outcomes(result) == {"a": Outcome.CHANGED, "b": Outcome.UNREACHABLE, "c": Outcome.UNREACHABLE}
    assert messages(result)["c"] == "not tried: SRV: invoke: connection reset"


def test_another_controllers_lease_refuses_the_host_and_is_left_alone() -> None:
    fleet = FakeFleet.of("SRV", "PC1")
    plan = plan_of(fleet, school([thing("a"), thing("b"), thing("c", "PC1")], ("SRV", "PC1")))
    fleet["SRV"].leased_by = "m.okafor"

    result = apply_to(fleet, plan)

    assert outcomes(result) == {"a": Outcome.REFUSED, "b": Outcome.REFUSED, "c": Outcome.CHANGED}
    assert "held by m.okafor since 12:00" in messages(result)["b"]
    assert fleet["SRV"].leased_by == "m.okafor"
    assert fleet["SRV"].counts["writes"] == 0


def test_a_lost_lease_stops_the_host_before_its_next_step() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([paper("a", "1"), paper("b", "2"), thing("c")]))

    def take_over(act: str) -> None:
        if act == "PutFile b":
            fleet["SRV"].leased_by = "m.okafor"

    fleet["SRV"].before = take_over

    result = apply_to(fleet, plan)

    assert outcomes(result) == {"a": Outcome.CHANGED, "b": Outcome.REFUSED, "c": Outcome.REFUSED}
    assert "Set-Thing c" not in fleet["SRV"].acts
    assert fleet["SRV"].leased_by == "m.okafor"


def test_leases_are_given_back_and_sessions_closed() -> None:
    fleet = FakeFleet.of(*WORKSTATIONS)
    fleet["PC2"].failing["Set-Thing on-PC2"] = "no"
    wanted = school([thing(f"on-{name}", name) for name in WORKSTATIONS], WORKSTATIONS)
    plan = plan_of(fleet, wanted)
    for host in fleet.hosts.values():
        host.counts.clear()

    apply_to(fleet, plan)

    assert [host.leased_by for host in fleet.hosts.values()] == [None] * 3
    assert [host.counts["closed"] for host in fleet.hosts.values()] == [1] * 3


@pytest.mark.parametrize("count", [5, 500])
def test_reading_takes_one_pipeline_whatever_is_declared(count: int) -> None:
    fleet = FakeFleet.of("SRV")

    plan = plan_of(fleet, school([thing(f"t{number}") for number in range(count)]))

    assert len(plan.changes) == count
    assert fleet["SRV"].counts["requests"] == 2


@pytest.mark.parametrize("count", [5, 50])
def test_applying_takes_two_requests_a_change_and_two_more(count: int) -> None:
    fleet = FakeFleet.of("SRV")
    wanted = [thing(f"t{n}") for n in range(count)] + [paper(f"p{n}", "text") for n in range(count)]
    plan = plan_of(fleet, school(wanted))
    fleet["SRV"].counts.clear()

    result = apply_to(fleet, plan)

    assert set(outcomes(result).values()) == {Outcome.CHANGED}
    assert fleet["SRV"].counts["requests"] == 2 * len(plan.changes) + 2


def test_a_defect_in_a_kind_costs_one_host_and_hangs_nobody() -> None:
    fleet = FakeFleet.of("SRV", "PC1")
    queue = thing("queue")
    wanted = school([queue, thing("connection", "PC1", needs=[queue.address])], ("SRV", "PC1"))
    plan = plan_of(fleet, wanted)

    def explode(act: str) -> None:
        if act == "Set-Thing queue":
            raise ZeroDivisionError("secret-in-a-message")

    fleet["SRV"].before = explode

    result = apply_to(fleet, plan)

    assert outcomes(result) == {"queue": Outcome.FAILED, "connection": Outcome.SKIPPED}
    assert messages(result)["queue"] == "unexpected: ZeroDivisionError (see the log)"
    assert fleet["SRV"].leased_by is None
