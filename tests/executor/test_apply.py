"""What apply does with the changes of one host."""

from __future__ import annotations

import pytest

from engine.model.errors import StepFailed
from engine.model.plan import Action
from engine.model.result import Outcome
from tests.support.fakehost import FakeFleet
from tests.support.rollout import (
    Heard,
    address,
    apply_to,
    messages,
    outcomes,
    paper,
    plan_of,
    program,
    school,
    thing,
)


def test_apply_brings_everything_about_and_the_next_plan_is_empty() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"old": {"colour": "red"}, "same": {"colour": "blue"}}
    wanted = school(
        [
            thing("new", colour="green"),
            thing("old", colour="blue"),
            thing("same", colour="blue"),
            paper("welcome.txt", "Good morning"),
            program("geogebra", "6.0.8"),
        ]
    )

    result = apply_to(fleet, plan_of(fleet, wanted))

    assert set(outcomes(result).values()) == {Outcome.CHANGED}
    assert fleet["SRV"].things["old"] == {"colour": "blue"}
    assert fleet["SRV"].files == {"welcome.txt": b"Good morning"}
    assert fleet["SRV"].programs == {"geogebra": "6.0.8"}
    assert len(fleet["SRV"].ledger) == 5
    assert plan_of(fleet, wanted).changes == ()


def test_a_change_whose_object_moved_on_is_refused_and_what_needs_it_skipped() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"a": {"colour": "red"}}
    plan = plan_of(
        fleet,
        school([thing("a", colour="blue"), thing("b", needs=[address("a")]), thing("c", colour="green")]),
    )
    fleet["SRV"].things["a"]["colour"] = "yellow"

    result = apply_to(fleet, plan)

    assert outcomes(result) == {"a": Outcome.REFUSED, "b": Outcome.SKIPPED, "c": Outcome.CHANGED}
    expected = "changed on the host since the plan was made: colour was 'red', is 'yellow'"
    assert messages(result)["a"] == expected
    assert str(address("a")) in messages(result)["b"]
    assert fleet["SRV"].things["a"] == {"colour": "yellow"}
    assert address("a") not in fleet["SRV"].ledger


def test_a_field_that_nobody_declared_counts_for_the_precondition_too() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"a": {"colour": "red", "size": "3"}}
    plan = plan_of(fleet, school([thing("a", colour="blue")]))
    fleet["SRV"].things["a"]["size"] = "4"

    assert outcomes(apply_to(fleet, plan)) == {"a": Outcome.REFUSED}


def test_what_appeared_since_the_plan_is_not_overwritten() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([thing("a", colour="blue")]))
    fleet["SRV"].things["a"] = {"colour": "red"}

    result = apply_to(fleet, plan)

    assert outcomes(result) == {"a": Outcome.REFUSED}
    assert "was not there and is now" in messages(result)["a"]


def test_what_is_as_wanted_by_now_is_only_recorded() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([thing("a", colour="blue")]))
    fleet["SRV"].things["a"] = {"colour": "blue"}
    heard = Heard()

    result = apply_to(fleet, plan, heard)

    assert outcomes(result) == {"a": Outcome.UNCHANGED}
    assert "Set-Thing a" not in fleet["SRV"].acts
    assert address("a") in fleet["SRV"].ledger
    assert heard.changes == []


def test_a_failure_costs_what_needs_it_and_not_what_only_comes_after() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].failing["Set-Thing a"] = "no such colour"
    wanted = school(
        [
            thing("a", colour="blue"),
            thing("b", needs=[address("a")]),
            thing("c", needs=[address("b")]),
            thing("d", after=[address("a")]),
        ]
    )

    result = apply_to(fleet, plan_of(fleet, wanted))

    assert outcomes(result) == {
        "a": Outcome.FAILED,
        "b": Outcome.SKIPPED,
        "c": Outcome.SKIPPED,
        "d": Outcome.CHANGED,
    }
    assert "no such colour" in messages(result)["a"]


def test_only_a_verified_state_counts_and_the_ledger_then_claims_no_drift() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"a": {"colour": "red"}}
    fleet["SRV"].deaf.add("a")
    wanted = school([thing("a", colour="blue")])

    result = apply_to(fleet, plan_of(fleet, wanted))

    assert outcomes(result) == {"a": Outcome.FAILED}
    assert messages(result)["a"] == "its steps ran, but colour is 'red', not 'blue'"
    (change,) = plan_of(fleet, wanted).changes
    assert change.reason == "the manifest changed, or it was never applied"


@pytest.mark.parametrize("lost", [False, True])
def test_an_entry_that_was_written_behind_a_failed_statement_claims_nothing(lost: bool) -> None:
    fleet = FakeFleet.of("SRV")
    host = fleet["SRV"]
    host.things = {"a": {"colour": "red"}}
    host.failing["Set-Thing a"] = "no parameter of that name"
    host.goes_on = True
    wanted = school([thing("a", colour="blue")])
    plan = plan_of(fleet, wanted)
    entry = f"Set-Entry {address('a')}"

    def interfere(act: str) -> None:
        if lost and act == entry and entry in host.acts:
            raise StepFailed("SRV", "change", "the correction is refused")

    host.before = interfere
    result = apply_to(fleet, plan)
    host.before = lambda _act: None

    assert outcomes(result) == {"a": Outcome.FAILED}
    assert "no parameter of that name" in messages(result)["a"]
    (change,) = plan_of(fleet, wanted).changes
    drift = "the manifest changed, or it was never applied"
    assert (change.reason == drift) is not lost


def test_a_ledger_that_cannot_be_written_fails_the_change() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].failing[f"Set-Entry {address('a')}"] = "access denied"

    result = apply_to(fleet, plan_of(fleet, school([thing("a", colour="blue")])))

    assert outcomes(result) == {"a": Outcome.FAILED}
    assert "the ledger could not be written" in messages(result)["a"]


def test_removals_go_in_reverse_and_leave_the_ledger() -> None:
    fleet = FakeFleet.of("SRV")
    both = [thing("below"), thing("above", on="below", needs=[address("below")])]
    apply_to(fleet, plan_of(fleet, school(both)))
    fleet["SRV"].acts.clear()

    result = apply_to(fleet, plan_of(fleet, school([])))

    assert [(r.address.name, r.action) for r in result.results] == [
        ("above", Action.DELETE),
        ("below", Action.DELETE),
    ]
    assert (fleet["SRV"].things, fleet["SRV"].ledger) == ({}, {})


def test_peoples_data_is_forgotten_and_not_deleted() -> None:
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([paper("welcome.txt", "hello")])))

    result = apply_to(fleet, plan_of(fleet, school([])))

    assert [(r.action, r.outcome) for r in result.results] == [(Action.FORGET, Outcome.CHANGED)]
    assert fleet["SRV"].files == {"welcome.txt": b"hello"}
    assert fleet["SRV"].ledger == {}


def test_adopting_writes_the_ledger_only() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"a": {"colour": "blue"}}
    plan = plan_of(fleet, school([thing("a", colour="blue")]))

    result = apply_to(fleet, plan)

    assert [change.action for change in plan.changes] == [Action.ADOPT]
    assert outcomes(result) == {"a": Outcome.CHANGED}
    assert fleet["SRV"].counts["writes"] == 1


def test_listeners_hear_of_each_change_once() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].failing["Set-Thing b"] = "no"
    wanted = school([thing("a"), thing("b"), thing("c", needs=[address("b")])])
    heard = Heard()

    result = apply_to(fleet, plan_of(fleet, wanted), heard)

    assert sorted(heard.finished, key=lambda r: r.address) == sorted(result.results, key=lambda r: r.address)
    assert heard.started == heard.closed == ["SRV"]
    assert heard.changes == [address("a"), address("b")]
