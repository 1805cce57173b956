"""What the planner knows of a host, and which part of the district it is asked about."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.kinds.contract import Kind
from engine.kinds.ledger import LedgerReading
from engine.model.address import Address
from engine.model.ledger import LedgerEntry
from engine.model.query import Query
from engine.model.reading import HostReading
from engine.model.resource import Resource, SchoolIntent, Spec

# Kinds by name. `Any`, since each has its own spec and the planner only ever hands a kind its own.
Kinds = Mapping[str, Kind[Spec]]


NO_LEDGER = LedgerReading(entries={})


@dataclass(frozen=True, slots=True)
class HostFacts:
    """A host's answers, with its ledger parsed from them."""

    reading: HostReading
    ledger: LedgerReading = NO_LEDGER
    pending_reboot: bool = False


def selected(
    intents: Iterable[SchoolIntent], hosts: Collection[str], kinds: Collection[str] | None
) -> frozenset[Address]:
    """The declared resources that a plan is about.

    Those on `hosts` (names without case) and of `kinds` (None: all), with what they need on these hosts,
    since they could not be made without. What they need on other hosts is taken as given.
    """
    folded = {host.casefold() for host in hosts}
    chosen: set[Address] = set()
    for intent in intents:
        declared = {r.address: r for r in intent.resources if r.address.host.casefold() in folded}
        waiting = [a for a in declared if kinds is None or a.kind in kinds]
        while waiting:
            address = waiting.pop()
            if address not in chosen and address in declared:
                chosen.add(address)
                waiting.extend(declared[address].needs)
    return frozenset(chosen)


def questions_for(
    resources: Iterable[Resource], kinds: Kinds, always: Sequence[Query] = ()
) -> tuple[Query, ...]:
    """Every question of the resources of one host, each once, after those that are `always` asked."""
    questions = dict.fromkeys(always)
    for resource in resources:
        if not resource.forget:
            questions.update(dict.fromkeys(kinds[resource.address.kind].observe(resource.spec)))
    return tuple(questions)


def orphans(
    ledger: LedgerReading, declared: Collection[Address], kinds: Collection[str] | None
) -> tuple[LedgerEntry, ...]:
    """Entries of a ledger that no manifest declares any more, by address."""
    return tuple(
        ledger.entries[address]
        for address in sorted(ledger.entries)
        if address not in declared and (kinds is None or address.kind in kinds)
    )


def orphan_questions(entries: Iterable[LedgerEntry], kinds: Kinds) -> tuple[Query, ...]:
    """Every question about resources that are only in the ledger, each once."""
    questions: dict[Query, None] = {}
    for entry in entries:
        spec = spec_of(entry, kinds)
        questions.update(dict.fromkeys(kinds[entry.address.kind].observe(spec)))
    return tuple(questions)


def spec_of(entry: LedgerEntry, kinds: Kinds) -> Spec:
    """The spec that an entry holds; it fits its kind, or the ledger would have called the entry broken."""
    spec: Spec = kinds[entry.address.kind].spec.model_validate(entry.spec)
    return spec
