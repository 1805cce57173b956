"""Walking a plan: all hosts side by side, each host's changes in order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import Event
from types import MappingProxyType

from engine.executor.board import Board
from engine.executor.bookkeeping import Bookkeeping
from engine.executor.check import check
from engine.executor.options import RunOptions
from engine.executor.scheduler import Scheduler
from engine.executor.walk import HostWalk, Run
from engine.kinds.contract import Kind
from engine.model.address import Address
from engine.model.command import Statement
from engine.model.ledger import LedgerEntry
from engine.model.plan import Change, Plan
from engine.model.resource import Host, Spec
from engine.model.result import Listener, Outcome, RunResult
from engine.model.session import Connector

NOTHING_MISSING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Tools:
    """What apply works with: conversations, kinds by name, and how the ledger is written."""

    connector: Connector
    kinds: Mapping[str, Kind[Spec]]
    record: Callable[[LedgerEntry], Statement]
    erase: Callable[[Address], Statement]
    # SHA-256 of files that could not be had, and why
    missing: Mapping[str, str] = field(default_factory=lambda: NOTHING_MISSING)


def apply(plan: Plan, tools: Tools, listener: Listener, cancel: Event, options: RunOptions) -> RunResult:
    """Do what the plan says, and nothing else.

    Each change runs only if its object is as it was when the plan was made, or is as wanted already; it
    counts as changed only when the object was read again as wanted. A failure costs only what needs the
    failed change. A change that sends a file which could not be had fails before its first step. Results
    are in the plan's order, one for each change.

    When `cancel` is set, changes whose steps run are finished, but no further program is started;
    everything else is not started.

    Raises:
        UnsoundPlan: see `check`; no host was spoken to.
    """
    check(plan, tools.kinds)
    started = datetime.now(UTC)
    scheduler = Scheduler(options.hosts_at_once, cancel)
    board = Board(plan.changes, listener, scheduler.change_ended)
    run = Run(
        connector=tools.connector,
        kinds=tools.kinds,
        books=Bookkeeping(options.run, tools.record, tools.erase),
        board=board,
        listener=listener,
        cancel=cancel,
        options=options,
        missing=tools.missing,
    )
    walks = [HostWalk(host, changes, run) for host, changes in _by_host(plan)]
    scheduler.run([walk.work() for walk in walks], board)
    results = board.results()
    return RunResult(
        run=options.run,
        started=started,
        finished=datetime.now(UTC),
        results=results,
        cancelled=any(result.outcome is Outcome.NOT_STARTED for result in results),
    )


def _by_host(plan: Plan) -> list[tuple[Host, list[Change]]]:
    """The changes of each host in the plan's order.

    Hosts come in the order of their first change, but those that others wait for come before the others:
    a host that waits keeps its connections open.
    """
    found: dict[str, tuple[Host, list[Change]]] = {}
    awaited: set[str] = set()
    for change in plan.changes:
        address = change.address
        host = Host(name=address.host, school=address.school, roles=())
        found.setdefault(address.host.casefold(), (host, []))[1].append(change)
        others = {each.host.casefold() for each in (*change.needs, *change.follows)}
        awaited |= others - {address.host.casefold()}
    return [found[name] for name in sorted(found, key=lambda name: name not in awaited)]
