"""Plan and apply against hosts in memory, wired as the app wires them against real ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event, Lock

from engine.executor.apply import Tools, apply
from engine.executor.observe import Reading, observe
from engine.executor.options import RunOptions
from engine.kinds.ledger import BrokenEntry, LedgerReading
from engine.model.address import Address
from engine.model.origin import Origin
from engine.model.plan import Change, HostStatus, Plan
from engine.model.query import Answers, Query
from engine.model.resource import Host, Resource, SchoolIntent, Spec
from engine.model.result import ChangeResult, Outcome, RunResult
from engine.planner.facts import (
    NO_LEDGER,
    HostFacts,
    Kinds,
    orphan_questions,
    orphans,
    questions_for,
    selected,
)
from engine.planner.planning import Question, make_plan
from tests.support.fakehost import FakeFleet
from tests.support.fakekinds import KINDS, PaperSpec, ProgramSpec, ThingSpec, erase, record

SCHOOL = "dundalk-hs"
MADE = datetime(2026, 9, 1, 7, 0, tzinfo=UTC)


def address(name: str, host: str = "SRV", kind: str = "thing") -> Address:
    return Address.of(SCHOOL, host, kind, name)


def _resource(
    spec: Spec,
    where: Address,
    *,
    needs: Sequence[Address] = (),
    after: Sequence[Address] = (),
    absent: bool = False,
    protected: bool = False,
    forget: bool = False,
) -> Resource:
    return Resource(
        address=where,
        spec=spec,
        origin=Origin("manifests/schools/dundalk-hs/resources.yaml", 1, 1),
        absent=absent,
        protected=protected,
        forget=forget,
        needs=tuple(needs),
        after=tuple(after),
    )


def thing(
    name: str,
    host: str = "SRV",
    *,
    on: str = "",
    needs: Sequence[Address] = (),
    after: Sequence[Address] = (),
    absent: bool = False,
    protected: bool = False,
    forget: bool = False,
    **fields: str,
) -> Resource:
    return _resource(
        ThingSpec(name=name, fields=fields, on=on),
        address(name, host),
        needs=needs,
        after=after,
        absent=absent,
        protected=protected,
        forget=forget,
    )


def paper(path: str, text: str, host: str = "SRV", *, needs: Sequence[Address] = ()) -> Resource:
    return _resource(PaperSpec(path=path, text=text), address(path, host, "paper"), needs=needs)


def program(
    name: str, version: str, host: str = "SRV", *, needs: Sequence[Address] = (), waits_for: str = ""
) -> Resource:
    spec = ProgramSpec(name=name, version=version, waits_for=waits_for)
    return _resource(spec, address(name, host, "program"), needs=needs)


def school(resources: Iterable[Resource], hosts: Sequence[str] = ("SRV",)) -> SchoolIntent:
    return SchoolIntent(SCHOOL, tuple(Host(name, SCHOOL, ()) for name in hosts), tuple(resources))


@dataclass
class Heard:
    """A listener that remembers."""

    started: list[str] = field(default_factory=list)
    changes: list[Address] = field(default_factory=list)
    finished: list[ChangeResult] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def host_started(self, host: str, changes: int) -> None:
        assert changes > 0
        with self._lock:
            self.started.append(host)

    def change_started(self, change: Change) -> None:
        with self._lock:
            self.changes.append(change.address)

    def change_finished(self, result: ChangeResult) -> None:
        with self._lock:
            self.finished.append(result)

    def host_finished(self, host: str) -> None:
        with self._lock:
            self.closed.append(host)


def plan_of(
    fleet: FakeFleet,
    *intents: SchoolIntent,
    kinds_chosen: Sequence[str] | None = None,
    kinds: Kinds = KINDS,
    broken: Mapping[str, Sequence[BrokenEntry]] | None = None,
) -> Plan:
    """Read all hosts of the schools and plan. `broken` stands in the hosts' ledgers, by name."""
    hosts = [host for intent in intents for host in intent.hosts]
    chosen = selected(intents, [host.name for host in hosts], kinds_chosen)
    declared = [r for intent in intents for r in intent.resources]

    def ledger(host: Host) -> LedgerReading:
        return LedgerReading(
            entries=dict(fleet[host.name].ledger), broken=tuple((broken or {}).get(host.name, ()))
        )

    def reading(host: Host) -> Reading:
        own = [r for r in declared if r.address.host == host.name]

        def further(_answers: Answers) -> tuple[Query, ...]:
            found = orphans(ledger(host), frozenset(r.address for r in own), kinds_chosen)
            return orphan_questions(found, kinds)

        return Reading(host, questions_for([r for r in own if r.address in chosen], kinds), further)

    readings = observe([reading(host) for host in hosts], fleet, lambda _reading: None)
    question = Question(
        intents=intents,
        facts={
            r.host.name.casefold(): HostFacts(r, ledger(r.host) if r.status is HostStatus.READ else NO_LEDGER)
            for r in readings
        },
        chosen=chosen,
        kinds_chosen=kinds_chosen,
        revision="abc123",
        target="live",
        created=MADE,
    )
    return make_plan(question, kinds)


def apply_to(
    fleet: FakeFleet,
    plan: Plan,
    heard: Heard | None = None,
    cancel: Event | None = None,
    *,
    hosts_at_once: int = 4,
    retry_pauses: tuple[float, ...] = (0.0, 0.0),
    removal_pauses: tuple[float, ...] = (0.0, 0.0),
) -> RunResult:
    """Walk a plan as it would be after a stay in a file."""
    saved = Plan.model_validate_json(plan.model_dump_json())
    options = RunOptions("run-1", "a.rivera on DOIT-7", hosts_at_once, retry_pauses, removal_pauses)
    tools = Tools(fleet, KINDS, record, erase)
    return apply(saved, tools, heard or Heard(), cancel or Event(), options)


def outcomes(result: RunResult) -> dict[str, Outcome]:
    """Outcome by the resource's name."""
    return {item.address.name: item.outcome for item in result.results}


def messages(result: RunResult) -> dict[str, str]:
    return {item.address.name: item.message for item in result.results}
