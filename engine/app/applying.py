"""Use case: walk a plan."""

from __future__ import annotations

import getpass
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event

from engine.app.cache import Cache
from engine.app.connecting import connector_for
from engine.app.errors import UnusablePlan
from engine.app.fetching import FetchProgress, Origins, fetch
from engine.app.fileservers import file_servers
from engine.app.loading import load
from engine.app.project import Project
from engine.app.sent import check_sources, sent_by, to_fetch
from engine.app.target import Target
from engine.compiler.catalog import installer_places
from engine.compiler.verify import Remote, remote_installers
from engine.executor.apply import NOTHING_MISSING, Tools, apply
from engine.executor.check import UnsoundPlan, check
from engine.executor.options import RunOptions
from engine.kinds.ledger import remove_entry, write_entry
from engine.kinds.table import KINDS
from engine.model.plan import Plan
from engine.model.resource import Host
from engine.model.result import Listener, RunResult
from engine.model.session import Connector


@dataclass(frozen=True, slots=True)
class Ready:
    """A plan that may be walked, with what it takes."""

    plan: Plan
    connector: Connector
    missing: Mapping[str, str]  # SHA-256 of files that could not be fetched, and why


def prepare(project: Project, plan: Plan, progress: FetchProgress, cancel: Event) -> Ready:
    """Check everything that can be checked here, and fetch the installers that lie on servers.

    Nothing is sent to any host. The plan may be fresh or from a file; the manifests' resources are not looked
    at. An installer that cannot be had costs only the changes that need it. When `cancel` is set, fetching
    stops.

    Raises:
        InvalidInput: the manifests, which hold the connection settings, are wrong.
        UnusablePlan: it cannot be walked, its hosts are not in the manifests any more, or a file that it
            sends is not the one that was planned, or not one of the catalog.
        RehearsalError: the target is a rehearsal that does not run.
    """
    try:
        check(plan, KINDS)
        target = Target(plan.target)
    except (UnsoundPlan, ValueError) as error:
        raise UnusablePlan(f"this plan cannot be applied: {error}") from error
    district = load(project)
    known = {host.name.casefold(): host for host in district.hosts()}
    connector = connector_for(project, district, _hosts(plan, known), target)
    sent = sent_by(plan)
    check_sources(sent, project)
    wanted = to_fetch(sent, remote_installers(district))
    origins = Origins(installer_places(district.documents), file_servers(project, district, target))
    problems = fetch(wanted, Cache(project.cache), origins, progress, cancel)
    return Ready(plan, connector, _by_digest(problems))


def _by_digest(problems: Mapping[Remote, str]) -> Mapping[str, str]:
    return {remote.sha256: f"{remote.place}: {problem}" for remote, problem in problems.items()}


def apply_ready(ready: Ready, listener: Listener, cancel: Event) -> RunResult:
    """Do what the plan says, on the target that it was made for.

    When `cancel` is set, the running step of each host is finished, leases are given back, and the rest
    is not started.
    """
    return walk(ready.plan, ready.connector, listener, cancel, ready.missing)


def walk(
    plan: Plan,
    connector: Connector,
    listener: Listener,
    cancel: Event,
    missing: Mapping[str, str] = NOTHING_MISSING,
) -> RunResult:
    """Walk a plan over sessions of a connector, as a run of its own.

    Args:
        missing: SHA-256 of the files that are to be sent and could not be had, and why.
    """
    tools = Tools(connector, KINDS, write_entry, remove_entry, missing)
    return apply(plan, tools, listener, cancel, RunOptions(new_run(), holder()))


def _hosts(plan: Plan, known: dict[str, Host]) -> list[Host]:
    """The hosts of the plan's changes.

    Raises:
        UnusablePlan: one of them is not in the manifests, or is now another school's.
    """
    hosts: dict[str, Host] = {}
    for change in plan.changes:
        host = known.get(change.address.host.casefold())
        if host is None or host.school != change.address.school:
            raise UnusablePlan(f"the manifests have no host {change.address.host} in {change.address.school}")
        hosts[host.name] = host
    return list(hosts.values())


def new_run() -> str:
    """A run's name: sorts by time, and is its own."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(3)}"


def holder() -> str:
    """Who applies, for whom the lease is refused; the lease's note adds the computer and the process."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # no such account on this computer, as in a container
        return f"user {os.getuid()}"
