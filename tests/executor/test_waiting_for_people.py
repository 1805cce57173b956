"""A change that would disturb somebody's work is planned, deferred, and done when they have closed it."""

from __future__ import annotations

from collections import deque

from engine.model.resource import SchoolIntent
from engine.model.result import Outcome
from tests.support.fakehost import FakeFleet
from tests.support.rollout import address, apply_to, messages, outcomes, plan_of, program, school, thing

PROGRAM = address("geogebra", kind="program")


def _wanted() -> SchoolIntent:
    blocked = program("geogebra", "6.0.8", waits_for="GeoGebra")
    return school([blocked, thing("theme", needs=[PROGRAM]), thing("other")])


def test_the_plan_says_what_it_waits_for() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].running = {"GeoGebra"}

    plan = plan_of(fleet, _wanted())

    assert {c.address.name: c.waiting for c in plan.changes} == {
        "geogebra": "GeoGebra is running",
        "theme": "",
        "other": "",
    }


def test_it_is_deferred_with_what_needs_it_and_nothing_is_done_to_it() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].running = {"GeoGebra"}

    result = apply_to(fleet, plan_of(fleet, _wanted()))

    assert outcomes(result) == {
        "geogebra": Outcome.DEFERRED,
        "theme": Outcome.SKIPPED,
        "other": Outcome.CHANGED,
    }
    assert messages(result)["geogebra"] == "GeoGebra is running"
    assert fleet["SRV"].files == {}
    assert PROGRAM not in fleet["SRV"].ledger


def test_the_same_plan_is_done_when_it_was_closed() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].running = {"GeoGebra"}
    plan = plan_of(fleet, _wanted())
    fleet["SRV"].running = set()

    assert set(outcomes(apply_to(fleet, plan)).values()) == {Outcome.CHANGED}
    assert plan_of(fleet, _wanted()).changes == ()


def test_it_is_looked_at_again_right_before_the_installer_is_started() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, _wanted())

    def opened_meanwhile(act: str) -> None:
        if act == "PutFile stage/geogebra":
            fleet["SRV"].running = {"GeoGebra"}

    fleet["SRV"].before = opened_meanwhile

    result = apply_to(fleet, plan)

    assert outcomes(result)["geogebra"] is Outcome.DEFERRED
    assert fleet["SRV"].counts["processes"] == 0
    assert fleet["SRV"].files == {}  # what had been brought for it is gone


def test_and_before_every_further_try() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, _wanted())
    fleet["SRV"].exit_codes = deque([1618, 0])

    def opened_meanwhile(act: str) -> None:
        if act == "run geogebra":
            fleet["SRV"].running = {"GeoGebra"}

    fleet["SRV"].before = opened_meanwhile

    result = apply_to(fleet, plan)

    assert outcomes(result)["geogebra"] is Outcome.DEFERRED
    assert fleet["SRV"].counts["processes"] == 1


def test_what_waits_for_nothing_asks_nothing_more() -> None:
    with_, without = FakeFleet.of("SRV"), FakeFleet.of("SRV")

    apply_to(with_, plan_of(with_, school([program("geogebra", "6.0.8", waits_for="GeoGebra")])))
    apply_to(without, plan_of(without, school([program("geogebra", "6.0.8")])))

    assert with_["SRV"].counts["requests"] == without["SRV"].counts["requests"] + 2
