"""Use case: read the hosts and make a plan. Nothing is written to any host."""

from __future__ import annotations

from typing import Protocol

from engine.app.project import Project
from engine.app.selection import Selection
from engine.app.target import Target
from engine.model.plan import HostPlan, Plan


class ReadProgress(Protocol):
    """Hears how the reading of hosts goes. Called from worker threads."""

    def hosts_found(self, count: int) -> None:
        """Heard once, before the first host is read."""

    def host_read(self, host: HostPlan) -> None:
        """One host was read, or could not be; heard once per host. Its `unchanged` is not known yet."""


def make_plan(project: Project, selection: Selection, target: Target, progress: ReadProgress) -> Plan:
    """Load and compile the manifests, read the selected hosts side by side, and plan.

    A host that cannot be read is in the plan's `hosts` with its error; the others are planned.

    Raises:
        InvalidInput: the manifests are wrong.
        UnknownSelection: a selected name does not exist; the message suggests near ones.
        RehearsalError: the target is a rehearsal that does not run.
    """
    raise NotImplementedError
