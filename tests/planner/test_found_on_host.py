"""What is replaced although it was never managed: people must be told whose it was."""

from __future__ import annotations

from engine.model.plan import Action, Reason
from tests.support.fakehost import FakeFleet
from tests.support.rollout import plan_of, school, thing


def test_a_replacement_of_what_was_never_managed_says_so() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"a": {"shape": "square"}}

    (change,) = plan_of(fleet, school([thing("a", shape="round")])).changes

    assert (change.action, change.reason) == (Action.REPLACE, Reason.FOUND_UNCHANGEABLE)
    assert "not managed before" in change.reason
