"""A plan file that somebody changed: what its drawing does not show is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.executor.check import UnsoundPlan
from engine.model.command import Statement
from engine.model.observation import Absent, Present
from engine.model.plan import Action, Change, FieldChange, Plan
from engine.model.result import Outcome
from engine.model.step import Invoke, RemoveFile, RunProcess, Step
from tests.support.fakehost import FakeFleet
from tests.support.fakekinds import ask
from tests.support.rollout import (
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

Edit = Callable[[Change], dict[str, object]]

EVIL = RunProcess(executable="powershell.exe", arguments=("-Command", "evil"), timeout_seconds=60)
CHANGES = {
    "created": Action.CREATE,
    "updated": Action.UPDATE,
    "replaced": Action.REPLACE,
    "removed": Action.DELETE,
    "adopted": Action.ADOPT,
    "forgotten": Action.FORGET,
    "letter": Action.CREATE,
    "setup": Action.CREATE,
}


def _district() -> tuple[FakeFleet, Plan]:
    """A plan with a change of every action, and its fleet."""
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([thing("forgotten")])))
    fleet["SRV"].things = {
        "updated": {"colour": "red"},
        "replaced": {"shape": "square"},
        "removed": {"colour": "red"},
        "adopted": {"colour": "blue"},
    }
    wanted = [
        thing("created", colour="blue"),
        thing("updated", colour="blue"),
        thing("replaced", shape="round"),
        thing("removed", absent=True),
        thing("adopted", colour="blue"),
        paper("letter", "Dear all"),
        program("setup", "1.0"),
    ]
    plan = plan_of(fleet, school(wanted))
    assert {change.address.name: change.action for change in plan.changes} == CHANGES
    fleet["SRV"].acts.clear()
    return fleet, plan


def _tampered(plan: Plan, name: str, edit: Edit) -> Plan:
    changes = [
        change.model_copy(update=edit(change)) if change.address.name == name else change
        for change in plan.changes
    ]
    return plan.model_copy(update={"changes": tuple(changes)})


def test_an_honest_plan_is_done_whole() -> None:
    fleet, plan = _district()

    assert set(outcomes(apply_to(fleet, plan)).values()) == {Outcome.CHANGED}


@pytest.mark.parametrize(
    ("name", "edit", "said"),
    [
        ("created", lambda c: {"spec": {**c.spec, "name": "other"}}, "of another resource"),
        ("created", lambda _: {"address": address("other")}, "of another resource"),
        ("created", lambda _: {"reads": (ask("Get-Thing", "other"),)}, "its questions"),
        ("created", lambda _: {"reads": ()}, "its questions"),
        ("forgotten", lambda _: {"reads": (ask("Get-Thing", "forgotten"),)}, "its questions"),
        ("created", lambda _: {"action": Action.UPDATE}, "its action does not fit"),
        ("updated", lambda _: {"precondition": Absent()}, "its action does not fit"),
        ("updated", lambda _: {"after": None}, "its action does not fit"),
        ("removed", lambda _: {"after": {"colour": "red"}}, "its action does not fit"),
        ("updated", lambda _: {"action": Action.DELETE}, "its action does not fit"),
        ("updated", lambda _: {"before": {"colour": "green"}}, "not its precondition"),
        ("updated", lambda _: {"precondition": Present(state={"colour": "green"})}, "not its precondition"),
        ("updated", lambda _: {"after": {"colour": "green"}}, "the fields that it shows"),
        ("updated", lambda _: {"fields": ()}, "the fields that it shows"),
        ("adopted", lambda _: {"fields": (FieldChange(field="size"),)}, "the fields that it shows"),
        ("updated", lambda _: {"action": Action.REPLACE}, "not what its fields ask for"),
        ("replaced", lambda _: {"action": Action.UPDATE}, "not what its fields ask for"),
        ("adopted", lambda _: {"steps": (EVIL,)}, "its steps do not fit"),
        ("forgotten", lambda _: {"steps": (EVIL,)}, "its steps do not fit"),
        ("created", lambda _: {"steps": ()}, "its steps do not fit"),
        ("removed", lambda _: {"protected": True}, "what is protected"),
        ("replaced", lambda _: {"protected": True}, "what is protected"),
    ],
)
def test_what_does_not_fit_together_is_refused_before_any_host_is_spoken_to(
    name: str, edit: Edit, said: str
) -> None:
    fleet, plan = _district()

    with pytest.raises(UnsoundPlan, match=said):
        apply_to(fleet, _tampered(plan, name, edit))

    assert fleet["SRV"].acts == []


def _with_evil(steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return (EVIL, *steps)


def _other_thing(_steps: tuple[Step, ...]) -> tuple[Step, ...]:
    return (Invoke(statements=(Statement.of("Remove-Thing", {"Name": "adopted"}),)),)


@pytest.mark.parametrize(
    ("name", "edit"),
    [(name, _with_evil) for name, action in CHANGES.items() if action not in (Action.ADOPT, Action.FORGET)]
    + [
        ("updated", _other_thing),
        ("letter", lambda _: (RemoveFile(path="exam"),)),
        ("setup", lambda steps: steps[:-1]),
        ("setup", lambda steps: steps[::-1]),
    ],
)
def test_steps_that_the_kind_would_not_take_are_refused_and_the_rest_goes_on(
    name: str, edit: Callable[[tuple[Step, ...]], tuple[Step, ...]]
) -> None:
    fleet, plan = _district()

    result = apply_to(fleet, _tampered(plan, name, lambda change: {"steps": edit(change.steps)}))

    assert outcomes(result) == dict.fromkeys(CHANGES, Outcome.CHANGED) | {name: Outcome.REFUSED}
    assert "its steps are not what this kind would do" in messages(result)[name]
    assert "run -Command" not in fleet["SRV"].acts
    assert fleet["SRV"].things.get("adopted") == {"colour": "blue"}


def test_an_object_that_the_spec_does_not_lead_to_is_refused() -> None:
    fleet, plan = _district()
    edited = _tampered(plan, "updated", lambda c: {"spec": {**c.spec, "fields": {"colour": "green"}}})

    result = apply_to(fleet, edited)

    assert outcomes(result)["updated"] is Outcome.REFUSED
    assert "not what this kind would make" in messages(result)["updated"]
    assert fleet["SRV"].things["updated"] == {"colour": "red"}
