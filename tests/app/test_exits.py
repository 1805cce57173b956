"""Which exit code a plan or a run leads to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.app.exits import ExitCode
from engine.app.verdicts import exit_code_of_plan, exit_code_of_run
from engine.model.address import Address
from engine.model.plan import Action, Blocked, BlockedOutcome, HostPlan, HostStatus, Plan
from engine.model.result import ChangeResult, Outcome, RunResult
from tests.support.fakehost import FakeFleet
from tests.support.rollout import address, plan_of, school, thing

NOW = datetime(2026, 9, 1, tzinfo=UTC)
PLAN = plan_of(FakeFleet.of("SRV"), school([thing("a")]))
EMPTY = PLAN.model_copy(update={"changes": ()})
ADDRESS = Address.of("dundalk-hs", "SRV", "thing", "b")


def _with(plan: Plan, status: HostStatus | None, blocked: BlockedOutcome | None) -> Plan:
    hosts = plan.hosts
    if status is not None:
        hosts = (*hosts, HostPlan(host="PC1", school="dundalk-hs", status=status))
    listed = () if blocked is None else (Blocked(address=ADDRESS, outcome=blocked, reason="because"),)
    return plan.model_copy(update={"hosts": hosts, "blocked": listed})


@pytest.mark.parametrize(
    ("plan", "status", "blocked", "code"),
    [
        (EMPTY, None, None, ExitCode.DONE),
        (PLAN, None, None, ExitCode.CHANGES),
        (PLAN, HostStatus.UNREACHABLE, None, ExitCode.UNREACHABLE),
        (PLAN, HostStatus.FAILED, None, ExitCode.FAILED),
        (PLAN, None, "refused", ExitCode.REFUSED),
        (PLAN, None, "unknown", ExitCode.FAILED),
        (PLAN, None, "conflict", ExitCode.FAILED),
        (PLAN, None, "broken", ExitCode.FAILED),
        (PLAN, HostStatus.UNREACHABLE, "needs", ExitCode.UNREACHABLE),
        (PLAN, HostStatus.UNREACHABLE, "refused", ExitCode.REFUSED),
    ],
)
def test_plans(plan: Plan, status: HostStatus | None, blocked: BlockedOutcome | None, code: ExitCode) -> None:
    assert exit_code_of_plan(_with(plan, status, blocked), detailed=True) is code


def test_changes_alone_are_success_unless_details_are_asked_for() -> None:
    assert exit_code_of_plan(PLAN, detailed=False) is ExitCode.DONE


def _run(*outcomes: Outcome, cancelled: bool = False, restart: bool = True) -> RunResult:
    """`restart`: whether what is deferred is so because of a restart."""
    results = tuple(
        ChangeResult(
            address=ADDRESS,
            action=Action.CREATE,
            outcome=outcome,
            reboot_required=restart and outcome is Outcome.DEFERRED,
        )
        for outcome in outcomes
    )
    return RunResult(run="1", started=NOW, finished=NOW, results=results, cancelled=cancelled)


@pytest.mark.parametrize(
    ("outcomes", "code"),
    [
        ((), ExitCode.DONE),
        ((Outcome.CHANGED, Outcome.UNCHANGED, Outcome.DEFERRED), ExitCode.DONE),
        ((Outcome.CHANGED, Outcome.UNREACHABLE, Outcome.SKIPPED), ExitCode.UNREACHABLE),
        ((Outcome.REFUSED, Outcome.UNREACHABLE, Outcome.SKIPPED), ExitCode.REFUSED),
        ((Outcome.FAILED, Outcome.REFUSED, Outcome.UNREACHABLE), ExitCode.FAILED),
    ],
)
def test_runs(outcomes: tuple[Outcome, ...], code: ExitCode) -> None:
    assert exit_code_of_run(PLAN, _run(*outcomes)) is code


def test_what_waits_for_people_is_pending() -> None:
    assert exit_code_of_run(PLAN, _run(Outcome.DEFERRED, restart=False)) is ExitCode.UNREACHABLE


@pytest.mark.parametrize(
    ("first", "restart", "code"),
    [
        (Outcome.DEFERRED, True, ExitCode.FAILED),
        (Outcome.DEFERRED, False, ExitCode.UNREACHABLE),
        (Outcome.UNREACHABLE, False, ExitCode.UNREACHABLE),
        (Outcome.REFUSED, False, ExitCode.REFUSED),
    ],
)
def test_what_is_skipped_counts_as_what_it_was_skipped_for(
    first: Outcome, restart: bool, code: ExitCode
) -> None:
    needing = school([thing("a"), thing("b", needs=[address("a")]), thing("c", needs=[address("b")])])
    plan = plan_of(FakeFleet.of("SRV"), needing)
    ended = zip(plan.changes, (first, Outcome.SKIPPED, Outcome.SKIPPED), strict=True)
    results = tuple(
        ChangeResult(
            address=change.address,
            action=change.action,
            outcome=outcome,
            reboot_required=restart and outcome is first,
        )
        for change, outcome in ended
    )

    assert exit_code_of_run(plan, _run().model_copy(update={"results": results})) is code


def test_a_cancelled_run_is_cancelled_whatever_else_happened() -> None:
    run = _run(Outcome.FAILED, Outcome.NOT_STARTED, cancelled=True)

    assert exit_code_of_run(PLAN, run) is ExitCode.CANCELLED


def test_what_the_plan_could_not_read_counts_for_the_apply_too() -> None:
    plan = _with(PLAN, HostStatus.UNREACHABLE, None)

    assert exit_code_of_run(plan, _run(Outcome.CHANGED)) is ExitCode.UNREACHABLE
