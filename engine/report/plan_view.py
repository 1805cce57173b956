"""A plan, put in the order in which people read it: by hosts, with the same change on many hosts once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.plan import Action, Blocked, Change, HostPlan, HostStatus, Plan, Reason
from engine.report.consequences import consequence
from engine.report.ranges import host_range
from engine.report.values import FieldView, field_view
from engine.report.visible import clean

# A commit's or the files' digest; the first twelve digits tell it from others for people.
_LONG_DIGEST = re.compile(r"([0-9a-f]{12})[0-9a-f]{20,}")


@dataclass(frozen=True, slots=True)
class ChangeView:
    """One change, of one or many hosts."""

    action: Action
    kind: str
    name: str
    reason: Reason
    consequence: str  # empty where the action says it all
    waiting: str  # why it would be deferred now; empty where nothing is in its way
    fields: tuple[FieldView, ...]
    origin: str
    protected: bool


@dataclass(frozen=True, slots=True)
class HostBlock:
    """The changes that the same hosts of a school have in common."""

    school: str
    hosts: tuple[str, ...]
    changes: tuple[ChangeView, ...]

    @property
    def title(self) -> str:
        """Such as `dundalk-hs  DHS-L114-[01-30] (30 hosts)`."""
        count = f" ({len(self.hosts)} hosts)" if len(self.hosts) > 1 else ""
        return f"{self.school}  {host_range(self.hosts)}{count}"


@dataclass(frozen=True, slots=True)
class BlockedView:
    """A resource that cannot be planned, of one or many hosts for the same reason."""

    hosts: str
    kind: str
    name: str
    outcome: str
    reason: str
    origin: str


@dataclass(frozen=True, slots=True)
class HostView:
    """A host that was not read, and why."""

    school: str
    host: str
    error: str


@dataclass(frozen=True, slots=True)
class PlanView:
    """Everything that a drawing of a plan shows. All text in it is clean."""

    target: str
    revision: str
    created: str
    intended: tuple[HostBlock, ...]
    drift: tuple[HostBlock, ...]
    blocked: tuple[BlockedView, ...]
    unreachable: tuple[HostView, ...]
    failed: tuple[HostView, ...]
    pending_reboot: str  # a range of hosts; empty if there are none
    summary: str

    @property
    def empty(self) -> bool:
        return not (self.intended or self.drift)


def plan_view(plan: Plan) -> PlanView:
    """The view of a plan; keeps the plan's order within a host."""
    drifted = [change for change in plan.changes if change.reason is Reason.DRIFTED]
    others = [change for change in plan.changes if change.reason is not Reason.DRIFTED]
    return PlanView(
        target=clean(plan.target),
        revision=_LONG_DIGEST.sub(r"\1", clean(plan.revision)),
        created=f"{plan.created:%Y-%m-%d %H:%M %Z}".rstrip(),
        intended=_blocks(others),
        drift=_blocks(drifted),
        blocked=_blocked(plan.blocked),
        unreachable=_hosts(plan, HostStatus.UNREACHABLE),
        failed=_hosts(plan, HostStatus.FAILED),
        pending_reboot=host_range(host.host for host in plan.hosts if host.pending_reboot),
        summary=summary(plan),
    )


def change_view(change: Change) -> ChangeView:
    """One change on its own."""
    creates = change.action is Action.CREATE
    shown = () if change.action is Action.DELETE else change.fields  # every field goes with its object
    return ChangeView(
        action=change.action,
        kind=clean(change.address.kind),
        name=clean(change.address.name),
        reason=change.reason,
        consequence=consequence(change.action, change.address.kind),
        waiting=clean(change.waiting),
        fields=tuple(field_view(field, creates=creates) for field in shown),
        origin=clean(change.origin),
        protected=change.protected,
    )


def _blocks(changes: Iterable[Change]) -> tuple[HostBlock, ...]:
    """Changes that look the same are drawn once; those of the same hosts stand together."""
    hosts: dict[tuple[str, ChangeView], list[str]] = {}
    for change in changes:
        hosts.setdefault((change.address.school, change_view(change)), []).append(change.address.host)
    blocks: dict[tuple[str, tuple[str, ...]], list[ChangeView]] = {}
    for (school, view), names in hosts.items():
        blocks.setdefault((school, tuple(names)), []).append(view)
    return tuple(
        HostBlock(clean(school), names, tuple(views))
        for (school, names), views in sorted(blocks.items(), key=lambda item: item[0][0].casefold())
    )


def _blocked(items: Iterable[Blocked]) -> tuple[BlockedView, ...]:
    hosts: dict[tuple[str, str, str, str, str], list[str]] = {}
    for item in items:
        key = (item.address.kind, item.address.name, item.outcome, item.reason, item.origin)
        hosts.setdefault(key, []).append(item.address.host)
    return tuple(BlockedView(host_range(names), *map(clean, key)) for key, names in hosts.items())


def _hosts(plan: Plan, status: HostStatus) -> tuple[HostView, ...]:
    return tuple(
        HostView(clean(host.school), clean(host.host), clean(_without_name(host)))
        for host in plan.hosts
        if host.status is status
    )


def _without_name(host: HostPlan) -> str:
    """The error names its host first, as every error does; a list of hosts need not say it twice."""
    return host.error.removeprefix(f"{host.host}: ")


_ORDER = (Action.CREATE, Action.UPDATE, Action.REPLACE, Action.DELETE, Action.ADOPT, Action.FORGET)


def summary(plan: Plan) -> str:
    """One line that counts everything in the plan."""
    counts = Counter(change.action for change in plan.changes)
    drifted = sum(change.reason is Reason.DRIFTED for change in plan.changes)
    unchanged = sum(host.unchanged for host in plan.hosts)
    statuses = Counter(host.status for host in plan.hosts)
    parts = [f"{counts[action]} to {action}" for action in _ORDER if counts[action]] or ["no changes"]
    rest = (
        (drifted, f"{drifted} of them drift"),
        (unchanged, f"{unchanged} unchanged"),
        (len(plan.blocked), f"{len(plan.blocked)} blocked"),
        (statuses[HostStatus.UNREACHABLE], f"{hosts_text(statuses[HostStatus.UNREACHABLE])} unreachable"),
        (statuses[HostStatus.FAILED], f"{hosts_text(statuses[HostStatus.FAILED])} not read"),
    )
    return f"Plan for {hosts_text(len(plan.hosts))}: " + ", ".join(
        parts + [text for shown, text in rest if shown]
    )


def hosts_text(count: int) -> str:
    """`1 host`, `2 hosts`."""
    return f"{count} host" if count == 1 else f"{count} hosts"
