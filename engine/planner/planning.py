"""All schools' decisions, put in order: the plan."""

from __future__ import annotations

import logging
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from engine.kinds.ledger import BrokenEntry, value_name
from engine.model.address import Address
from engine.model.ledger import LedgerEntry
from engine.model.plan import Blocked, BlockedOutcome, Change, HostPlan, HostStatus, Plan
from engine.model.resource import Host, Resource, SchoolIntent
from engine.planner.changes import Case
from engine.planner.decide import Decision, decide_declared, decide_orphan
from engine.planner.edges import REMOVALS, Declared, edges_between
from engine.planner.facts import HostFacts, Kinds, orphans, spec_of
from engine.planner.order import WaitingInCircle, stable_order

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What a plan is asked for.

    `facts` are of the hosts that were read, or were to be, by name without case; what is declared on other
    hosts is left alone. `kinds_chosen` narrows it to kinds and what they need; None means all.
    """

    intents: Sequence[SchoolIntent]
    facts: Mapping[str, HostFacts]
    chosen: Collection[Address]  # the declared resources to plan, by `selected`
    kinds_chosen: Collection[str] | None
    revision: str
    target: str
    created: datetime  # UTC


def make_plan(question: Question, kinds: Kinds) -> Plan:
    """Compare what is wanted with what was read.

    The same question gives the same plan. Nothing is guessed: what was not read, and what needs it, is
    in the plan's `blocked`.
    """
    changes: list[Change] = []
    blocked: list[Blocked] = []
    unchanged: Counter[str] = Counter()
    failed: dict[str, str] = {}
    for intent in question.intents:
        draft = _SchoolDraft(question, kinds, intent)
        draft.decide_declared()
        draft.decide_orphans()
        draft.drop_failed()
        draft.block_what_needs_blocked()
        changes.extend(draft.in_order())
        blocked.extend(draft.blocked.values())
        unchanged.update(draft.unchanged)
        failed.update(draft.failed)
    return Plan(
        created=question.created,
        revision=question.revision,
        target=question.target,
        hosts=tuple(_host_plans(question, unchanged, failed)),
        changes=tuple(changes),
        blocked=tuple(blocked),
    )


def _host_plans(
    question: Question, unchanged: Mapping[str, int], failed: Mapping[str, str]
) -> Iterator[HostPlan]:
    for intent in question.intents:
        for host in intent.hosts:
            key = host.name.casefold()
            facts = question.facts.get(key)
            if facts is not None:
                yield HostPlan(
                    host=host.name,
                    school=host.school,
                    status=HostStatus.FAILED if key in failed else facts.reading.status,
                    error=failed.get(key, facts.reading.error),
                    unchanged=unchanged[key],
                    pending_reboot=facts.pending_reboot,
                )


class _SchoolDraft:
    """One school's plan while it is made: changes, what is blocked, and how many are as declared per host."""

    def __init__(self, question: Question, kinds: Kinds, intent: SchoolIntent) -> None:
        self._question = question
        self._kinds = kinds
        self._intent = intent
        self._needs: dict[Address, tuple[Address, ...]] = {r.address: r.needs for r in intent.resources}
        self._after: dict[Address, tuple[Address, ...]] = {r.address: r.after for r in intent.resources}
        self._unread: set[Address] = set()  # on hosts that could not be read; the host's own line says why
        self.changes: dict[Address, Change] = {}
        self.blocked: dict[Address, Blocked] = {}
        self.unchanged: Counter[str] = Counter()
        self.failed: dict[str, str] = {}  # hosts, without case, whose planning met an unexpected error

    def decide_declared(self) -> None:
        """Look at each chosen resource on its own."""
        for resource in self._intent.resources:
            if resource.address not in self._question.chosen:
                continue
            facts = self._question.facts[resource.address.host.casefold()]
            if facts.reading.status is HostStatus.READ:
                self._guard(resource.address.host, partial(self._take_declared, resource, facts))
            else:
                self._unread.add(resource.address)

    def decide_orphans(self) -> None:
        """Look at what the hosts' ledgers hold beyond the manifests."""
        declared = frozenset(self._needs)
        for host in self._intent.hosts:
            facts = self._question.facts.get(host.name.casefold())
            if facts is not None:
                for entry in orphans(facts.ledger, declared, self._question.kinds_chosen):
                    self._guard(host.name, partial(self._take_orphan, entry, facts))
                for broken in facts.ledger.broken:
                    self._guard(host.name, partial(self._report, broken, host))

    def drop_failed(self) -> None:
        """Leave the hosts alone whose planning met an unexpected error: none of it can be relied on."""
        for table in (self.changes, self.blocked):
            for address in [a for a in table if a.host.casefold() in self.failed]:
                del table[address]
        for host in self.failed:
            del self.unchanged[host]
        self._unread.update(a for a in self._question.chosen if a.host.casefold() in self.failed)

    def block_what_needs_blocked(self) -> None:
        """Take out the changes that need, at any distance, what is blocked or was not read."""
        causes = {**dict.fromkeys(self._unread), **dict.fromkeys(self.blocked)}
        for address, needed in _dependents(causes, self._needs):
            change = self.changes.get(address)
            if change is not None and change.action not in REMOVALS:
                why = f"{needed.host} was not read" if needed in self._unread else "that cannot be planned"
                self._block(change, "needs", f"it needs {needed}, and {why}")

    def in_order(self) -> tuple[Change, ...]:
        """The changes with their edges, each after what it waits for."""
        while True:
            edges = edges_between(self.changes, self._needs, self._after)
            waits_for = {a: (*edges.needs[a], *edges.follows[a]) for a in self.changes}
            try:
                ordered = stable_order(self._preferred(), waits_for)
            except WaitingInCircle as circle:
                for member in circle.members:
                    self._block(self.changes[member], "conflict", f"these wait for each other: {circle}")
                self.block_what_needs_blocked()
                continue
            return tuple(
                self.changes[a].model_copy(update={"needs": edges.needs[a], "follows": edges.follows[a]})
                for a in ordered
            )

    def _decide(self, resource: Resource, facts: HostFacts) -> Decision:
        case = Case(
            address=resource.address,
            spec=resource.spec,
            kind=self._kinds[resource.address.kind],
            answers=facts.reading.answers,
            entry=facts.ledger.entries.get(resource.address),
            revision=self._question.revision,
            protected=resource.protected,
            origin=str(resource.origin),
        )
        own = value_name(resource.address.kind, resource.address.name)
        for broken in facts.ledger.broken:
            if broken.value_name.casefold() == own:
                return case.blocked("unknown", _not_an_entry(broken))
        return decide_declared(case, absent=resource.absent, forget=resource.forget)

    def _guard(self, host: str, act: Callable[[], None]) -> None:
        """Do one part of a host's planning. What goes wrong there must not cost the others theirs."""
        if host.casefold() in self.failed:
            return
        try:
            act()
        except Exception as defect:  # noqa: BLE001 - whatever it is, it is this host's alone
            _log.exception("%s: an unexpected error ended the planning of the host", host)
            self.failed[host.casefold()] = f"{host}: plan: unexpected {type(defect).__name__} (see the log)"

    def _take_declared(self, resource: Resource, facts: HostFacts) -> None:
        self._take(resource.address, self._decide(resource, facts))

    def _take(self, address: Address, decision: Decision) -> None:
        if isinstance(decision, Change):
            self.changes[address] = decision
        elif isinstance(decision, Blocked):
            self.blocked[address] = decision
        else:
            self.unchanged[address.host.casefold()] += 1

    def _take_orphan(self, entry: LedgerEntry, facts: HostFacts) -> None:
        address = entry.address
        kind, spec = self._kinds[address.kind], spec_of(entry, self._kinds)
        self._needs[address] = tuple(
            Address.of(address.school, address.host, d.kind, d.name) for d in kind.dependencies(spec)
        )
        case = Case(address, spec, kind, facts.reading.answers, entry, self._question.revision)
        self._take(address, decide_orphan(case))

    def _report(self, broken: BrokenEntry, host: Host) -> None:
        """An entry that makes no sense. It may be of a declared resource, which has then told it already."""
        kind, _, name = broken.value_name.partition("/")
        address = Address.of(host.school, host.name, kind or "ledger", name or "entry")
        if address not in self._needs:
            self.blocked[address] = Blocked(address=address, outcome="unknown", reason=_not_an_entry(broken))

    def _block(self, change: Change, outcome: BlockedOutcome, reason: str) -> None:
        del self.changes[change.address]
        self.blocked[change.address] = Blocked(
            address=change.address, outcome=outcome, reason=reason, origin=change.origin
        )

    def _preferred(self) -> Sequence[Address]:
        """Making in declared order, then removing in reverse: what is left standing stands on its own."""
        making = [a for a, change in self.changes.items() if change.action not in REMOVALS]
        removing = [a for a, change in self.changes.items() if change.action in REMOVALS]
        return [*making, *reversed(removing)]


def _not_an_entry(broken: BrokenEntry) -> str:
    return (
        f"the host's ledger has a value {broken.value_name} that is no entry ({broken.reason}); "
        "remove the value to have the resource looked at as one that was not managed before"
    )


def _dependents(causes: Iterable[Address], needs: Declared) -> Iterator[tuple[Address, Address]]:
    """Everything that needs a cause, nearest first, each once, with the nearest thing that it needs."""
    needed_by: dict[Address, list[Address]] = {}
    for address, targets in needs.items():
        for target in targets:
            needed_by.setdefault(target, []).append(address)
    waiting = deque(causes)
    seen = set(waiting)
    while waiting:
        needed = waiting.popleft()
        for follower in needed_by.get(needed, ()):
            if follower not in seen:
                seen.add(follower)
                waiting.append(follower)
                yield follower, needed
