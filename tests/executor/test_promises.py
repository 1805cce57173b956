"""For random desired and random live states: apply keeps the promises of a plan."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.address import Address
from engine.model.plan import Action, Change
from engine.model.resource import Resource, SchoolIntent
from engine.model.result import Outcome
from tests.support.fakehost import FakeFleet
from tests.support.fakekinds import ThingSpec
from tests.support.rollout import Heard, apply_to, outcomes, paper, plan_of, program, school, thing

HOSTS = ("PC1", "PC2")
_COLOURS = st.sampled_from(["red", "blue"])
_FIELDS = st.dictionaries(st.sampled_from(["colour", "shape"]), _COLOURS)
_NAMES = [f"t{number}" for number in range(5)]


def _some_of(resources: Sequence[Resource]) -> st.SearchStrategy[list[Address]]:
    """What one may need. What is there cannot stand on what is to go: the compiler refuses that."""
    addresses = [resource.address for resource in resources]
    return st.lists(st.sampled_from(addresses), max_size=2, unique=True) if addresses else st.just([])


@st.composite
def _declared(draw: st.DrawFn) -> SchoolIntent:
    """Things, papers and programs on two hosts, each needing or following some of those before it."""
    resources: list[Resource] = []
    for name in draw(st.permutations(_NAMES))[: draw(st.integers(0, len(_NAMES)))]:
        host = draw(st.sampled_from(HOSTS))
        some = _some_of(resources)
        standing = _some_of([resource for resource in resources if not resource.absent])
        match draw(st.sampled_from(["thing", "thing", "absent", "paper", "program"])):
            case "thing":
                bare = thing(name, host, needs=draw(standing), after=draw(standing))
                resources.append(replace(bare, spec=ThingSpec(name=name, fields=draw(_FIELDS))))
            case "absent":
                resources.append(thing(name, host, needs=draw(some), absent=True))
            case "paper":
                resources.append(paper(name, draw(_COLOURS), host, needs=draw(standing)))
            case _:
                version = draw(st.sampled_from(["1.0", "2.0"]))
                resources.append(program(name, version, host, needs=draw(standing)))
    return school(resources, HOSTS)


@st.composite
def _live(draw: st.DrawFn) -> FakeFleet:
    fleet = FakeFleet.of(*HOSTS)
    for host in fleet.hosts.values():
        host.things = draw(st.dictionaries(st.sampled_from(_NAMES), _FIELDS, max_size=3))
        host.programs = draw(st.dictionaries(st.sampled_from(_NAMES), st.just("1.0"), max_size=2))
        texts = draw(st.dictionaries(st.sampled_from(_NAMES), _COLOURS, max_size=2))
        host.files = {name: text.encode() for name, text in texts.items()}
    return fleet


@settings(deadline=None, max_examples=150)
@given(_live(), _declared(), _declared())
def test_after_apply_the_next_plan_is_empty(
    fleet: FakeFleet, first: SchoolIntent, second: SchoolIntent
) -> None:
    for wanted in (first, second):
        plan = plan_of(fleet, wanted)
        result = apply_to(fleet, plan)

        assert set(outcomes(result).values()) <= {Outcome.CHANGED, Outcome.UNCHANGED}
        again = plan_of(fleet, wanted)
        assert (again.changes, again.blocked) == ((), ())


@settings(deadline=None, max_examples=100)
@given(_live(), _declared())
def test_planning_writes_nothing_and_plans_no_step_for_what_is_as_declared(
    fleet: FakeFleet, wanted: SchoolIntent
) -> None:
    plan = plan_of(fleet, wanted)

    assert all(host.counts["writes"] == host.counts["processes"] == 0 for host in fleet.hosts.values())
    for change in plan.changes:
        ledger_only = change.action in (Action.ADOPT, Action.FORGET)
        assert bool(change.steps) != ledger_only
        assert change.action is not Action.UPDATE or change.fields


@settings(deadline=None, max_examples=100)
@given(_live(), _declared(), st.sets(st.sampled_from(_NAMES)), st.integers(1, 3))
def test_nothing_starts_before_what_it_needs_has_succeeded(
    fleet: FakeFleet, wanted: SchoolIntent, failing: set[str], hosts_at_once: int
) -> None:
    plan = plan_of(fleet, wanted)
    for host in fleet.hosts.values():
        host.failing = {f"Set-Thing {name}": "no" for name in failing}
        host.exit_codes = deque([1603])
    heard = _InOrder()

    result = apply_to(fleet, plan, heard, hosts_at_once=hosts_at_once)

    ended = {item.address: item.outcome for item in result.results}
    done = (Outcome.CHANGED, Outcome.UNCHANGED)
    for change in plan.changes:
        needs_done = all(ended[address] in done for address in change.needs)
        assert needs_done != (ended[change.address] is Outcome.SKIPPED)
    assert heard.too_early == []


class _InOrder(Heard):
    """Notes changes that start before what they need or follow has ended."""

    def __init__(self) -> None:
        super().__init__()
        self.too_early: list[Change] = []

    def change_started(self, change: Change) -> None:
        super().change_started(change)
        over = {result.address for result in self.finished}
        if not over.issuperset((*change.needs, *change.follows)):
            self.too_early.append(change)
