"""Use case: read the hosts and make a plan. Nothing is written to any host."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Protocol

from engine.app.connecting import connector_for
from engine.app.history.revision import revision_of
from engine.app.loading import intents, load
from engine.app.project import Project
from engine.app.selection import Chosen, Selection, choose
from engine.app.target import Target
from engine.executor.observe import Reading, observe
from engine.executor.text import one_line
from engine.kinds.ledger import LEDGER_QUERY, LedgerReading, parse_ledger
from engine.kinds.reboot import PENDING_REBOOT_QUERY, PendingReboot, parse_pending_reboot
from engine.kinds.table import KINDS
from engine.model.address import Address
from engine.model.observation import Unknown
from engine.model.plan import HostPlan, HostStatus, Plan
from engine.model.query import Answers, Query
from engine.model.reading import HostReading
from engine.model.resource import Host, Resource, SchoolIntent
from engine.model.session import Connector, HostSession
from engine.planner.facts import HostFacts, orphan_questions, orphans, questions_for, selected
from engine.planner.planning import Question
from engine.planner.planning import make_plan as plan_from

_log = logging.getLogger(__name__)

ALWAYS_ASKED: tuple[Query, ...] = (LEDGER_QUERY, PENDING_REBOOT_QUERY)


class ReadProgress(Protocol):
    """Hears how the reading of hosts goes. Called from worker threads."""

    def hosts_found(self, count: int) -> None:
        """Heard once, before the first host is read."""

    def host_begun(self, host: str) -> None:
        """The host is asked from now on."""

    def host_read(self, host: HostPlan) -> None:
        """One host was read, or could not be; heard once per host. Its `unchanged` is not known yet."""


def make_plan(project: Project, selection: Selection, target: Target, progress: ReadProgress) -> Plan:
    """Load and compile the manifests, read the selected hosts side by side, and plan.

    A host that cannot be read is in the plan's `hosts` with its error; the others are planned. Where no host
    is selected, none is asked and the plan is empty.

    Raises:
        InvalidInput: the manifests are wrong.
        UnknownSelection: a selected name does not exist; the message suggests near ones.
        RehearsalError: the target is a rehearsal that does not run.
    """
    district = load(project)
    chosen = choose(selection, district)
    made = Made(revision_of(project), target)
    if not chosen.hosts:
        return _empty(made)
    wanted = intents(district, chosen.schools)
    connector = connector_for(project, district, chosen.hosts, target)
    return plan_for(wanted, chosen, connector, made, progress)


@dataclass(frozen=True, slots=True)
class Made:
    """What a plan says of its own making."""

    revision: str
    target: Target


def _empty(made: Made) -> Plan:
    now = datetime.now(UTC).replace(microsecond=0)
    return Plan(created=now, revision=made.revision, target=made.target, hosts=(), changes=())


def plan_for(
    wanted: Sequence[SchoolIntent],
    chosen: Chosen,
    connector: Connector,
    made: Made,
    progress: ReadProgress,
) -> Plan:
    """Read the chosen hosts and compare them with what is wanted."""
    part = _Part(wanted, chosen)
    progress.hosts_found(len(chosen.hosts))
    readings = observe(
        [part.reading(host) for host in chosen.hosts],
        _Announced(connector, progress),
        lambda reading: progress.host_read(_told(reading)),
    )
    question = Question(
        intents=wanted,
        facts={reading.host.name.casefold(): facts_of(reading) for reading in readings},
        chosen=part.addresses,
        kinds_chosen=chosen.kinds,
        revision=made.revision,
        target=made.target,
        created=datetime.now(UTC).replace(microsecond=0),
    )
    return plan_from(question, KINDS)


@dataclass(frozen=True, slots=True)
class _Announced:
    """Opens sessions, and tells the progress whose turn has come."""

    connector: Connector
    progress: ReadProgress

    def connect(self, host: Host) -> HostSession:
        self.progress.host_begun(host.name)
        return self.connector.connect(host)


class _Part:
    """The part of the district that a plan is about, with the questions to each of its hosts."""

    def __init__(self, wanted: Sequence[SchoolIntent], chosen: Chosen) -> None:
        self._kinds = chosen.kinds
        self.addresses = selected(wanted, [host.name for host in chosen.hosts], chosen.kinds)
        self._declared: dict[str, list[Resource]] = {}
        for intent in wanted:
            for resource in intent.resources:
                self._declared.setdefault(resource.address.host.casefold(), []).append(resource)

    def reading(self, host: Host) -> Reading:
        """All questions to a host; what its ledger holds beyond the manifests is asked afterwards."""
        declared = self._declared.get(host.name.casefold(), [])
        asked = [resource for resource in declared if resource.address in self.addresses]
        addresses: frozenset[Address] = frozenset(resource.address for resource in declared)

        def further(answers: Answers) -> tuple[Query, ...]:
            ledger = parse_ledger(host.school, host.name, answers)
            if isinstance(ledger, Unknown):
                return ()
            return orphan_questions(orphans(ledger, addresses, self._kinds), KINDS)

        return Reading(host, questions_for(asked, KINDS, ALWAYS_ASKED), further)


def facts_of(reading: HostReading) -> HostFacts:
    """A host's reading with its ledger. A ledger that cannot be read makes the host one that failed."""
    try:
        return _facts(reading)
    except Exception as defect:  # noqa: BLE001 - one host's odd answer must not cost the others' plan
        host = reading.host.name
        _log.exception("%s: an unexpected error ended the reading of the ledger", host)
        error = f"{host}: read: ledger: unexpected {type(defect).__name__} (see the log)"
        return HostFacts(replace(reading, status=HostStatus.FAILED, answers={}, error=error))


def _facts(reading: HostReading) -> HostFacts:
    if reading.status is not HostStatus.READ:
        return HostFacts(reading)
    host = reading.host
    ledger: LedgerReading | Unknown = parse_ledger(host.school, host.name, reading.answers)
    if isinstance(ledger, Unknown):
        error = one_line(f"{host.name}: read: {ledger.reason}")
        return HostFacts(replace(reading, status=HostStatus.FAILED, answers={}, error=error))
    reboot = parse_pending_reboot(reading.answers)
    return HostFacts(reading, ledger, isinstance(reboot, PendingReboot) and reboot.pending)


def _told(reading: HostReading) -> HostPlan:
    facts = facts_of(reading)
    return HostPlan(
        host=reading.host.name,
        school=reading.host.school,
        status=facts.reading.status,
        error=facts.reading.error,
        pending_reboot=facts.pending_reboot,
    )
