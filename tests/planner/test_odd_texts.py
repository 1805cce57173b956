"""One host's odd texts cost that host its plan, and no other host anything."""

from __future__ import annotations

import logging

import pytest

from engine.app.planning import facts_of
from engine.kinds.ledger import LEDGER_QUERY, BrokenEntry
from engine.model.plan import HostStatus, Plan
from engine.model.query import Unread
from engine.model.reading import HostReading
from engine.model.resource import Host
from tests.support.fakehost import FakeFleet
from tests.support.rollout import SCHOOL, address, plan_of, school, thing

HALF = "x\ud800"  # half of a surrogate pair: cannot be written as UTF-8


def _district() -> tuple[FakeFleet, Plan]:
    fleet = FakeFleet.of("SRV", "PC1")
    wanted = school([thing("a"), thing("b", "PC1"), thing("c", "PC1", needs=[address("a")])], ("SRV", "PC1"))
    return fleet, plan_of(fleet, wanted, broken={"SRV": [BrokenEntry(HALF, "not an entry")]})


def test_a_ledger_value_that_cannot_be_written_fails_its_host_alone(
    caplog: pytest.LogCaptureFixture,
) -> None:
    _, plan = _district()

    assert [(host.host, host.status) for host in plan.hosts] == [
        ("SRV", HostStatus.FAILED),
        ("PC1", HostStatus.READ),
    ]
    assert plan.hosts[0].error == "SRV: plan: unexpected ValidationError (see the log)"
    assert [change.address.name for change in plan.changes] == ["b"]
    assert [(each.address.name, each.outcome) for each in plan.blocked] == [("c", "needs")]
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert Plan.model_validate_json(plan.model_dump_json()) == plan


def test_what_was_decided_before_is_not_kept() -> None:
    _, plan = _district()

    planned = [change.address for change in plan.changes] + [each.address for each in plan.blocked]
    assert "SRV" not in {each.host for each in planned}


def test_the_reason_of_a_ledger_that_was_not_read_can_be_written() -> None:
    reading = HostReading(Host("PC1", SCHOOL, ()), HostStatus.READ, {LEDGER_QUERY: Unread(HALF)})

    told = facts_of(reading).reading

    assert told.status is HostStatus.FAILED
    assert told.error.startswith("PC1: read: ledger: ")
    assert told.error.encode()
