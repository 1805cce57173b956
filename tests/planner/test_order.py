"""The order of changes, and what each waits for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.errors import HostUnreachable
from engine.model.plan import Action, Plan
from engine.planner.order import WaitingInCircle, stable_order
from tests.support.fakehost import FakeFleet
from tests.support.rollout import address, apply_to, paper, plan_of, school, thing


def _names(plan: Plan) -> list[str]:
    return [change.address.name for change in plan.changes]


def test_changes_keep_the_declared_order() -> None:
    wanted = school([thing("c"), thing("a"), thing("b")])

    assert _names(plan_of(FakeFleet.of("SRV"), wanted)) == ["c", "a", "b"]


def test_waiting_goes_through_what_does_not_change() -> None:
    fleet = FakeFleet.of("SRV")
    chain = [thing("a"), thing("b", needs=[address("a")]), thing("c", needs=[address("b")])]
    apply_to(fleet, plan_of(fleet, school(chain)))
    fleet["SRV"].things = {"b": {}}

    plan = plan_of(fleet, school(chain))

    assert [(c.address.name, c.needs) for c in plan.changes] == [("a", ()), ("c", (address("a"),))]


def test_making_comes_before_removing_and_removing_goes_backwards() -> None:
    fleet = FakeFleet.of("SRV")
    stack = [thing("low"), thing("high", on="low", needs=[address("low")])]
    apply_to(fleet, plan_of(fleet, school(stack)))

    plan = plan_of(fleet, school([thing("new")]))

    assert _names(plan) == ["new", "high", "low"]
    assert plan.changes[2].needs == (address("high"),)


def test_a_resource_can_need_a_removal() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"old-client": {}}
    wanted = school([thing("old-client", absent=True), thing("client", needs=[address("old-client")])])

    plan = plan_of(fleet, wanted)

    assert [(c.address.name, c.action) for c in plan.changes] == [
        ("old-client", Action.DELETE),
        ("client", Action.CREATE),
    ]
    assert plan.changes[1].needs == (address("old-client"),)


def test_a_removal_does_not_need_what_the_removed_thing_stood_on() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"share": {}}
    wanted = school([thing("folder"), thing("share", absent=True, needs=[address("folder")])])

    share = plan_of(fleet, wanted).changes[1]

    assert (share.needs, share.follows) == ((), (address("folder"),))


def test_what_needs_the_unreadable_is_blocked_at_any_distance() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].failing["Get-Thing a"] = "access denied"
    wanted = school(
        [
            thing("a"),
            thing("b", needs=[address("a")]),
            thing("c", needs=[address("b")]),
            thing("d", after=[address("a")]),
        ]
    )

    plan = plan_of(fleet, wanted)

    assert [(b.address.name, b.outcome) for b in plan.blocked] == [
        ("a", "unknown"),
        ("b", "needs"),
        ("c", "needs"),
    ]
    assert _names(plan) == ["d"]


def test_what_needs_an_unread_host_is_blocked_and_says_so() -> None:
    fleet = FakeFleet.of("SRV", "PC1")
    fleet["SRV"].error = HostUnreachable("SRV", "connect", "refused")
    queue = thing("queue")
    wanted = school([queue, thing("connection", "PC1", needs=[queue.address])], ("SRV", "PC1"))

    plan = plan_of(fleet, wanted)

    (blocked,) = plan.blocked
    assert blocked.address == address("connection", "PC1")
    assert blocked.reason == f"it needs {queue.address}, and SRV was not read"


def test_a_circle_of_removals_and_makings_is_named_and_costs_nobody_else() -> None:
    # b goes after a, since a stood on it; c is wanted once b is gone; and a is to go only after c is made.
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"a": {}, "b": {}}
    wanted = school(
        [
            thing("b", absent=True),
            thing("c", needs=[address("b")]),
            thing("a", absent=True, needs=[address("b"), address("c")]),
            thing("d"),
        ]
    )

    plan = plan_of(fleet, wanted)

    assert {b.address.name for b in plan.blocked if b.outcome == "conflict"} == {"a", "b", "c"}
    assert _names(plan) == ["d"]


def test_the_same_question_gives_the_same_bytes() -> None:
    wanted = school([thing("b", x="1", y="2"), thing("a", needs=[address("b")]), paper("letter", "1\n2\n")])
    one, other = FakeFleet.of("SRV"), FakeFleet.of("SRV")
    one["SRV"].things = {"b": {"x": "0", "y": "0"}}
    other["SRV"].things = {"b": {"y": "0", "x": "0"}}

    first = plan_of(one, wanted).model_dump(mode="json")

    assert first == plan_of(other, wanted).model_dump(mode="json")
    assert plan_of(one, wanted).model_dump_json() == plan_of(one, wanted).model_dump_json()


@st.composite
def _graphs(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    count = draw(st.integers(1, 12))
    below = st.integers(0, count - 1)
    pairs = draw(st.lists(st.tuples(below, below), max_size=30))
    return count, [(max(pair), min(pair)) for pair in pairs if pair[0] != pair[1]]


@given(_graphs())
def test_stable_order_puts_each_after_what_it_waits_for(
    graph: tuple[int, list[tuple[int, int]]],
) -> None:
    count, edges = graph
    addresses = [address(f"n{number}") for number in range(count)]
    waits_for = {addresses[n]: [addresses[low] for high, low in edges if high == n] for n in range(count)}

    ordered = stable_order(list(reversed(addresses)), waits_for)

    assert sorted(ordered) == sorted(addresses)
    place = {a: n for n, a in enumerate(ordered)}
    assert all(place[addresses[low]] < place[addresses[high]] for high, low in edges)
    assert ordered == stable_order(list(reversed(addresses)), waits_for)


def test_a_circle_has_no_order() -> None:
    a, b, c = address("a"), address("b"), address("c")

    with pytest.raises(WaitingInCircle) as circle:
        stable_order([a, b, c], {a: [b], b: [a]})

    assert circle.value.members == (a, b)
