"""Use case: walk a plan."""

from __future__ import annotations

from threading import Event

from engine.app.project import Project
from engine.model.plan import Plan
from engine.model.result import Listener, RunResult


def apply_plan(project: Project, plan: Plan, listener: Listener, cancel: Event) -> RunResult:
    """Do what the plan says, on the target that it was made for.

    When `cancel` is set, the running step of each host is finished, leases are given back, and the rest
    is not started. The plan may be fresh or from a file; the manifests' resources are not looked at.

    Raises:
        InvalidInput: the district's connection settings are wrong.
        UnusablePlan: a file that the plan sends is not the one that was planned.
        RehearsalError: the target is a rehearsal that does not run.
    """
    raise NotImplementedError
