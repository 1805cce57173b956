"""Small plans and runs, as apply and plan would make them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from engine.model.address import Address
from engine.model.base import FieldValue
from engine.model.observation import Absent
from engine.model.plan import Action, Blocked, Change, FieldChange, HostPlan, HostStatus, Plan, Reason
from engine.model.result import ChangeResult, Outcome, RunResult

SCHOOL = "dundalk-hs"
SERVER = "DHS-SRV01"
LAB = tuple(f"DHS-L114-{number:02}" for number in range(1, 31))
NOON = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)


def field(
    name: str, before: FieldValue = None, after: FieldValue = None, diff: str | None = None
) -> FieldChange:
    return FieldChange(field=name, before=before, after=after, diff=diff)


def change(
    host: str,
    kind: str,
    name: str,
    *fields: FieldChange,
    action: Action = Action.CREATE,
    reason: Reason = Reason.NOT_ON_HOST,
    protected: bool = False,
) -> Change:
    return Change(
        address=Address.of(SCHOOL, host, kind, name),
        action=action,
        reason=reason,
        spec={},
        fields=fields,
        precondition=Absent(),
        reads=(),
        steps=(),
        origin="manifests/schools/dundalk-hs/resources.yaml:4:3",
        protected=protected,
    )


def drift(host: str, kind: str, name: str, *fields: FieldChange) -> Change:
    return change(host, kind, name, *fields, action=Action.UPDATE, reason=Reason.DRIFTED)


def host(name: str, status: HostStatus = HostStatus.READ, error: str = "", unchanged: int = 0) -> HostPlan:
    return HostPlan(host=name, school=SCHOOL, status=status, error=error, unchanged=unchanged)


def plan(*changes: Change, hosts: tuple[HostPlan, ...] = (), blocked: tuple[Blocked, ...] = ()) -> Plan:
    return Plan(
        created=NOON, revision="1a2b3c4", target="rehearsal", hosts=hosts, changes=changes, blocked=blocked
    )


def result(
    name: str, outcome: Outcome, message: str = "", detail: str = "", host: str = SERVER
) -> ChangeResult:
    return ChangeResult(
        address=Address.of(SCHOOL, host, "share", name),
        action=Action.CREATE,
        outcome=outcome,
        message=message,
        detail=detail,
        seconds=1.5,
    )


def run(*results: ChangeResult, cancelled: bool = False) -> RunResult:
    end = NOON + timedelta(seconds=12)
    return RunResult(run="r-1", started=NOON, finished=end, results=results, cancelled=cancelled)


def whole_plan() -> Plan:
    """One of everything that a plan can hold."""
    return plan(
        change(SERVER, "directory", r"D:\Shares\Staff", field("owner", after=r"BUILTIN\Administrators")),
        change(
            SERVER,
            "share",
            "Staff",
            field("description", "Staff", "Shared documents of the staff"),
            field("change", ("Everyone", r"BCPS\A"), (r"BCPS\A", r"BCPS\DHS-Staff")),
            action=Action.UPDATE,
            reason=Reason.DIFFERS,
        ),
        change(
            SERVER, "share", "Old", action=Action.DELETE, reason=Reason.NO_LONGER_DECLARED, protected=True
        ),
        *(change(name, "software", "geogebra", field("version", after="6.0.8")) for name in LAB),
        drift(SERVER, "service", "Spooler", field("start_type", "disabled", "automatic")),
        hosts=(
            host(SERVER, unchanged=7),
            *(host(name, unchanged=1) for name in LAB),
            host("DHS-LIB-01", HostStatus.UNREACHABLE, "DHS-LIB-01: connect: no answer within 5 s"),
            host("DHS-LIB-02", HostStatus.FAILED, "DHS-LIB-02: logon: wrong user or password"),
        ),
        blocked=(
            Blocked(
                address=Address.of(SCHOOL, SERVER, "share", "Home"),
                outcome="unknown",
                reason=r"no such account: BCPS\X",
                origin="manifests/schools/dundalk-hs/resources.yaml:9:3",
            ),
        ),
    )


def whole_run() -> RunResult:
    """One of each outcome that people meet."""
    tail = "\n".join(f"log line {number}" for number in range(1, 15))
    return run(
        result("Staff", Outcome.CHANGED),
        result("Home", Outcome.REFUSED, "it changed since it was planned"),
        result("Drop", Outcome.SKIPPED, r"needs directory D:\Drop, which failed"),
        *(result("App", Outcome.FAILED, "exit code 1603", tail, host=name) for name in LAB[:3]),
        result("App", Outcome.UNREACHABLE, "DHS-LIB-01: connect: refused", host="DHS-LIB-01"),
        result("App", Outcome.NOT_STARTED, host="DHS-LIB-02"),
    )
