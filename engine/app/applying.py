"""Use case: walk a plan."""

from __future__ import annotations

import getpass
import os
import secrets
from datetime import UTC, datetime
from threading import Event

from engine.app.connecting import connector_for
from engine.app.errors import UnusablePlan
from engine.app.loading import load
from engine.app.project import Project
from engine.app.sent import check_sources, sent_by
from engine.app.target import Target
from engine.executor.apply import Tools, apply
from engine.executor.check import UnsoundPlan, check
from engine.executor.options import RunOptions
from engine.kinds.ledger import remove_entry, write_entry
from engine.kinds.table import KINDS
from engine.model.plan import Plan
from engine.model.resource import Host
from engine.model.result import Listener, RunResult
from engine.model.session import Connector


def apply_plan(project: Project, plan: Plan, listener: Listener, cancel: Event) -> RunResult:
    """Do what the plan says, on the target that it was made for.

    When `cancel` is set, the running step of each host is finished, leases are given back, and the rest
    is not started. The plan may be fresh or from a file; the manifests' resources are not looked at.

    Raises:
        InvalidInput: the manifests, which hold the connection settings, are wrong.
        UnusablePlan: it cannot be walked, its hosts are not in the manifests any more, or a file that it
            sends is not the one that was planned.
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
    check_sources(sent_by(plan), project)
    return walk(plan, connector, listener, cancel)


def walk(plan: Plan, connector: Connector, listener: Listener, cancel: Event) -> RunResult:
    """Walk a plan over sessions of a connector, as a run of its own."""
    tools = Tools(connector, KINDS, write_entry, remove_entry)
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
