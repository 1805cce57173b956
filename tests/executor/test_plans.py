"""Plans that cannot be walked are refused before any host is spoken to."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.executor.check import UnsoundPlan, check
from engine.model.plan import Change, Plan
from tests.support.fakehost import FakeFleet
from tests.support.fakekinds import KINDS
from tests.support.rollout import address, apply_to, plan_of, school, thing


def _plan(edit: Callable[[list[Change]], list[Change]]) -> Plan:
    plan = plan_of(FakeFleet.of("SRV"), school([thing("a"), thing("b", needs=[address("a")])]))
    return plan.model_copy(update={"changes": tuple(edit(list(plan.changes)))})


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda changes: changes[::-1], "waits for"),
        (lambda changes: changes[1:], "waits for"),
        (lambda changes: [changes[0], changes[0]], "is in the plan twice"),
        (
            lambda changes: [changes[0].model_copy(update={"spec": {"fields": 3}})],
            "does not fit the kind thing",
        ),
        (
            lambda changes: [changes[0].model_copy(update={"address": address("a", kind="wormhole")})],
            "no kind wormhole",
        ),
    ],
    ids=["order", "missing", "twice", "spec", "kind"],
)
def test_an_unsound_plan_is_refused(edit: Callable[[list[Change]], list[Change]], said: str) -> None:
    fleet = FakeFleet.of("SRV")

    with pytest.raises(UnsoundPlan, match=said):
        apply_to(fleet, _plan(edit))

    assert fleet["SRV"].acts == []


def test_a_sound_plan_is_accepted() -> None:
    check(_plan(lambda changes: changes), KINDS)
