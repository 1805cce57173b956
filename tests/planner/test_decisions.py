"""Which change is planned for one resource, and why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import NoReturn

import pytest

from engine.kinds.contract import Difference, Impossible, Kind
from engine.kinds.ledger import BrokenEntry
from engine.kinds.table import for_any_spec
from engine.model.observation import Present
from engine.model.plan import Action, Blocked, Change, Plan, Reason
from engine.model.query import Answers
from engine.model.resource import Resource
from tests.support.fakehost import FakeFleet
from tests.support.fakekinds import KINDS, THING, ThingSpec
from tests.support.rollout import address, apply_to, paper, plan_of, school, thing

BLUE = {"colour": "blue"}
RED = {"colour": "red"}


def _planned(
    resource: Resource, live: Mapping[str, str] | None, managed: Mapping[str, str] | None = None
) -> Change | Blocked | None:
    """The decision about a thing that looks like `live`, after `managed` was applied to it once."""
    fleet = FakeFleet.of("SRV")
    if managed is not None:
        first = replace(thing("a"), spec=ThingSpec(name="a", fields=dict(managed)))
        apply_to(fleet, plan_of(fleet, school([replace(first, protected=resource.protected)])))
    fleet["SRV"].things = {} if live is None else {"a": dict(live)}
    return _only(plan_of(fleet, school([resource])))


def _only(plan: Plan) -> Change | Blocked | None:
    found: list[Change | Blocked] = [*plan.changes, *plan.blocked]
    assert len(found) <= 1
    return found[0] if found else None


@pytest.mark.parametrize(
    ("live", "managed", "action", "reason"),
    [
        (None, None, Action.CREATE, Reason.NOT_ON_HOST),
        (None, RED, Action.CREATE, Reason.NOT_ON_HOST),
        (None, BLUE, Action.CREATE, Reason.DRIFTED),
        (RED, None, Action.UPDATE, Reason.FOUND_DIFFERENT),
        (RED, RED, Action.UPDATE, Reason.DIFFERS),
        (RED, BLUE, Action.UPDATE, Reason.DRIFTED),
        (BLUE, None, Action.ADOPT, Reason.FOUND_MATCHING),
    ],
)
def test_what_is_wanted_against_what_is_there(
    live: Mapping[str, str] | None, managed: Mapping[str, str] | None, action: Action, reason: Reason
) -> None:
    change = _planned(thing("a", colour="blue"), live, managed)

    assert isinstance(change, Change)
    assert (change.action, change.reason) == (action, reason)


def test_what_is_as_wanted_and_managed_is_no_change() -> None:
    assert _planned(thing("a", colour="blue"), BLUE, BLUE) is None


def test_a_change_carries_what_apply_needs() -> None:
    change = _planned(thing("a", colour="blue"), {**RED, "size": "3"})

    assert isinstance(change, Change)
    assert change.precondition == Present(state={**RED, "size": "3"})
    assert change.after == BLUE
    assert [(f.field, f.before, f.after) for f in change.fields] == [("colour", "red", "blue")]
    assert change.reads == tuple(THING.observe(ThingSpec(name="a", fields=BLUE)))
    assert change.steps
    assert change.revision == "abc123"
    assert change.origin == "manifests/schools/dundalk-hs/resources.yaml:1:1"


def test_a_field_that_cannot_change_in_place_means_a_replacement() -> None:
    change = _planned(thing("a", shape="round"), {"shape": "square"}, {"shape": "square"})

    assert isinstance(change, Change)
    assert (change.action, change.reason) == (Action.REPLACE, Reason.CANNOT_CHANGE_IN_PLACE)


@pytest.mark.parametrize(
    "resource",
    [thing("a", absent=True, protected=True), thing("a", shape="round", protected=True)],
    ids=["delete", "replace"],
)
def test_protection_refuses(resource: Resource) -> None:
    blocked = _planned(resource, {"shape": "square"}, {"shape": "square"})

    assert isinstance(blocked, Blocked)
    assert blocked.outcome == "refused"
    assert "protected" in blocked.reason


def test_protection_outlives_the_text_that_declared_it() -> None:
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([thing("a", protected=True)])))

    gone = _only(plan_of(fleet, school([])))
    absent = _only(plan_of(fleet, school([thing("a", absent=True)])))

    assert isinstance(gone, Blocked)
    assert isinstance(absent, Blocked)
    assert gone.outcome == absent.outcome == "refused"


def test_a_replacement_asks_the_ledger_too() -> None:
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([thing("a", shape="square", protected=True)])))

    blocked = _only(plan_of(fleet, school([thing("a", shape="round")])))

    assert isinstance(blocked, Blocked)
    assert (blocked.outcome, "protected" in blocked.reason) == ("refused", True)


def test_protection_is_lifted_by_saying_so_and_applying_that() -> None:
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([thing("a", protected=True)])))

    lifting = plan_of(fleet, school([thing("a")]))
    apply_to(fleet, lifting)
    removal = plan_of(fleet, school([]))

    assert [c.reason for c in lifting.changes] == [Reason.PROTECTION_CHANGED]
    assert [c.action for c in removal.changes] == [Action.DELETE]


def test_an_entry_of_an_older_declaration_is_written_anew_once() -> None:
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([thing("a", colour="red")])))
    fleet["SRV"].things["a"] = {"colour": "blue"}  # as after a stop between a change's steps and its entry
    wanted = school([thing("a", colour="blue")])

    change = _only(plan_of(fleet, wanted))
    assert isinstance(change, Change)
    assert (change.action, change.reason) == (Action.ADOPT, Reason.ENTRY_OUT_OF_DATE)
    assert change.steps == ()

    apply_to(fleet, plan_of(fleet, wanted))
    assert _only(plan_of(fleet, wanted)) is None
    (entry,) = fleet["SRV"].ledger.values()
    assert entry.spec["fields"] == {"colour": "blue"}


def test_declared_absent() -> None:
    unmanaged = _planned(thing("a", absent=True), None)
    managed = _planned(thing("a", absent=True), None, BLUE)
    present = _planned(thing("a", absent=True), BLUE)

    assert unmanaged is None
    assert isinstance(managed, Change)
    assert (managed.action, managed.steps) == (Action.FORGET, ())
    assert isinstance(present, Change)
    assert (present.action, present.reason) == (Action.DELETE, Reason.DECLARED_ABSENT)


def test_declared_forget_leaves_the_object_alone() -> None:
    managed = _planned(thing("a", forget=True), RED, BLUE)
    unmanaged = _planned(thing("a", forget=True), RED)

    assert isinstance(managed, Change)
    assert (managed.action, managed.steps) == (Action.FORGET, ())
    assert unmanaged is None


def test_no_longer_declared() -> None:
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([thing("a"), thing("gone"), paper("letter", "Dear all")])))
    del fleet["SRV"].things["gone"]

    plan = plan_of(fleet, school([]))

    assert {c.address.name: c.action for c in plan.changes} == {
        "a": Action.DELETE,
        "gone": Action.FORGET,
        "letter": Action.FORGET,
    }
    assert {c.reason for c in plan.changes} == {Reason.NO_LONGER_DECLARED}


def test_a_selection_of_kinds_leaves_the_other_kinds_ledger_entries_alone() -> None:
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([thing("a"), paper("letter", "Dear all")])))

    plan = plan_of(fleet, school([]), kinds_chosen=["paper"])

    assert [c.address.kind for c in plan.changes] == ["paper"]


def test_a_selection_of_kinds_takes_what_they_need_along() -> None:
    fleet = FakeFleet.of("SRV")
    wanted = school([thing("folder"), paper("letter", "Dear all", needs=[address("folder")]), thing("other")])

    plan = plan_of(fleet, wanted, kinds_chosen=["paper"])

    assert [c.address.name for c in plan.changes] == ["folder", "letter"]


def test_what_cannot_be_read_is_unknown_and_never_absent() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].failing["Get-Thing a"] = "access denied"

    blocked = _only(plan_of(fleet, school([thing("a")])))

    assert isinstance(blocked, Blocked)
    assert (blocked.outcome, blocked.reason) == ("unknown", "access denied")


def test_a_text_of_several_lines_is_shown_as_a_diff() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].files["letter"] = b"Dear all,\nschool is out\n"

    change = _only(plan_of(fleet, school([paper("letter", "Dear all,\nschool is in\n")])))

    assert isinstance(change, Change)
    assert change.fields[0].diff == "\n".join(
        ["--- on the host", "+++ wanted", "@@ -1,2 +1,2 @@", " Dear all,", "-school is out", "+school is in"]
    )


def test_a_ledger_value_that_is_no_entry_is_reported_and_left_alone() -> None:
    fleet = FakeFleet.of("SRV")
    broken = (BrokenEntry("thing/a", "not an entry"), BrokenEntry("thing/other", "not an entry"))

    plan = plan_of(fleet, school([thing("a")]), broken={"SRV": broken})

    assert [b.address.name for b in plan.blocked] == ["a", "other"]
    assert plan.changes == ()


def _raises(_spec: ThingSpec, _answers: Answers) -> NoReturn:
    raise KeyError("colour")


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        (replace(THING, steps=lambda _s, _d: ()), "no steps to create it"),
        (replace(THING, parse=lambda _s, _a: Present(state={})), "parse does not give the wanted fields"),
        (replace(THING, wanted=_raises), "wanted raised KeyError"),
        (replace(THING, parse=_raises), "parse raised KeyError"),
    ],
)
def test_a_kind_that_breaks_its_contract_is_named(kind: Kind[ThingSpec], rule: str) -> None:
    wanted = school([thing("a", colour="blue"), paper("letter", "Dear all")])

    plan = plan_of(FakeFleet.of("SRV"), wanted, kinds={**KINDS, "thing": for_any_spec(kind)})

    (blocked,) = plan.blocked
    assert blocked.outcome == "broken"
    assert "the kind thing does not keep its contract" in blocked.reason
    assert rule in blocked.reason
    assert [c.address.name for c in plan.changes] == ["letter"]


def _no_way(_spec: ThingSpec, _difference: Difference) -> NoReturn:
    raise Impossible("nobody knows how")


def test_what_a_kind_cannot_bring_about_is_refused_with_its_reason() -> None:
    fleet = FakeFleet.of("SRV")
    kinds = {**KINDS, "thing": for_any_spec(replace(THING, steps=_no_way))}

    blocked = _only(plan_of(fleet, school([thing("a")]), kinds=kinds))

    assert isinstance(blocked, Blocked)
    assert (blocked.outcome, blocked.reason) == ("refused", "nobody knows how")
