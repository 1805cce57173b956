"""Which exit code a plan or a run deserves."""

from __future__ import annotations

from engine.app.exits import ExitCode
from engine.model.plan import HostStatus, Plan
from engine.model.result import Outcome, RunResult


def exit_code_of_plan(plan: Plan, *, detailed: bool) -> ExitCode:
    """The code for a plan that was made. The gravest applies: failed, refused, unreachable, changes."""
    statuses = {host.status for host in plan.hosts}
    blocked = {item.outcome for item in plan.blocked}
    if HostStatus.FAILED in statuses or blocked & {"unknown", "conflict", "broken"}:
        return ExitCode.FAILED
    if "refused" in blocked:
        return ExitCode.REFUSED
    if HostStatus.UNREACHABLE in statuses:
        return ExitCode.UNREACHABLE
    if detailed and plan.changes:
        return ExitCode.CHANGES
    return ExitCode.DONE


def exit_code_of_run(plan: Plan, result: RunResult) -> ExitCode:
    """The code for an apply. What the plan could not decide counts as well: it was not done either."""
    if result.cancelled:
        return ExitCode.CANCELLED
    outcomes = {item.outcome for item in result.results}
    of_plan = exit_code_of_plan(plan, detailed=False)
    if Outcome.FAILED in outcomes or of_plan is ExitCode.FAILED or _left_for_deferred(plan, result):
        return ExitCode.FAILED
    if Outcome.REFUSED in outcomes or of_plan is ExitCode.REFUSED:
        return ExitCode.REFUSED
    if Outcome.UNREACHABLE in outcomes or of_plan is ExitCode.UNREACHABLE or _waits_for_people(result):
        return ExitCode.UNREACHABLE
    return ExitCode.DONE


def _waits_for_people(result: RunResult) -> bool:
    """Whether a change was put off because somebody worked with what it would change: pending, as a host
    that did not answer."""
    return any(item.outcome is Outcome.DEFERRED and not item.reboot_required for item in result.results)


def _left_for_deferred(plan: Plan, result: RunResult) -> bool:
    """Whether something was skipped because what it needs is to be seen after a restart.

    What is deferred alone is done for now. What was skipped for it is not: nothing does it but another apply.
    """
    outcomes = {item.address: item.outcome for item in result.results}
    restarts = {
        item.address for item in result.results if item.outcome is Outcome.DEFERRED and item.reboot_required
    }
    return any(
        outcomes.get(change.address) is Outcome.SKIPPED and not restarts.isdisjoint(change.needs)
        for change in plan.changes
    )
