"""A change of the manifests, put in the order in which people read it, and what many hosts share once."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.model.intent import IntentAction, IntentChange, IntentDiff, Where
from engine.report.findings import counted
from engine.report.ranges import host_range
from engine.report.values import FieldView, field_view
from engine.report.visible import clean

SCHOOLS_SHOWN = 10  # of one block; the others are counted
ORIGINS_SHOWN = 3  # of one change; the others are counted
_LONG_DIGEST = re.compile(r"([0-9a-f]{12})[0-9a-f]{20,}")  # twelve digits tell a commit from others


@dataclass(frozen=True, slots=True)
class IntentChangeView:
    """One resource's change."""

    action: IntentAction
    kind: str
    name: str
    fields: tuple[FieldView, ...]
    origin: str


@dataclass(frozen=True, slots=True)
class IntentBlock:
    """The changes that the same hosts have in common.

    `title` names the hosts of one school, or how many of how many schools; then `places` names them.
    """

    title: str
    places: tuple[str, ...]
    changes: tuple[IntentChangeView, ...]


@dataclass(frozen=True, slots=True)
class IntentView:
    """Everything that a drawing shows. All text in it is clean."""

    base: str
    head: str
    came_and_went: tuple[tuple[IntentAction, str], ...]
    mistakes: tuple[
        str, ...
    ]  # of the base, after a line that says what they mean; empty where there are none
    blocks: tuple[IntentBlock, ...]
    summary: str


def intent_view(diff: IntentDiff) -> IntentView:
    """The view of a difference: blocks by the schools and hosts that they are about."""
    alike: dict[tuple[Where, ...], list[IntentChangeView]] = {}
    for change in diff.changes:
        alike.setdefault(change.where, []).append(_change(change))
    wide_first = sorted(alike.items(), key=lambda item: (-len(item[0]), item[0][0].school, -_hosts(item[0])))
    return IntentView(
        base=_LONG_DIGEST.sub(r"\1", clean(diff.base)),
        head=_LONG_DIGEST.sub(r"\1", clean(diff.head)),
        came_and_went=tuple(_came_and_went(diff)),
        mistakes=tuple(_mistakes(diff)),
        blocks=tuple(_block(where, changes) for where, changes in wide_first),
        summary=summary(diff),
    )


def _change(change: IntentChange) -> IntentChangeView:
    creates = change.action is IntentAction.ADD
    return IntentChangeView(
        action=change.action,
        kind=clean(change.kind),
        name=clean(change.name),
        fields=tuple(field_view(field, creates=creates) for field in change.fields),
        origin=_origins(change.origins),
    )


def _origins(origins: Sequence[str]) -> str:
    left = len(origins) - ORIGINS_SHOWN
    return clean(", ".join(origins[:ORIGINS_SHOWN])) + (f" and {left} more" if left > 0 else "")


def _mistakes(diff: IntentDiff) -> Iterable[str]:
    if not diff.base_mistakes_count:
        return
    count = counted(diff.base_mistakes_count, "mistake")
    yield f"The base has {count}. What they may reach counts as changed as a whole:"
    yield from map(clean, diff.base_mistakes)
    left = diff.base_mistakes_count - len(diff.base_mistakes)
    if left > 0:
        yield f"and {left} more"


def _block(where: tuple[Where, ...], changes: Sequence[IntentChangeView]) -> IntentBlock:
    places = tuple(map(place, where))
    if len(places) == 1:
        return IntentBlock(places[0], (), tuple(changes))
    shown = places[:SCHOOLS_SHOWN]
    if len(places) > SCHOOLS_SHOWN:
        shown = (*shown, f"and {counted(len(places) - SCHOOLS_SHOWN, 'more school')}")
    title = f"{counted(len(where), 'school')} ({counted(_hosts(where), 'host')})"
    return IntentBlock(title, shown, tuple(changes))


def place(where: Where) -> str:
    """Such as `dundalk-hs  DHS-L114-[01-30] (30 hosts)`."""
    count = f" ({len(where.hosts)} hosts)" if len(where.hosts) > 1 else ""
    return f"{clean(where.school)}  {host_range(where.hosts)}{count}"


def _hosts(where: Iterable[Where]) -> int:
    return sum(len(each.hosts) for each in where)


def _came_and_went(diff: IntentDiff) -> Iterable[tuple[IntentAction, str]]:
    for action, what, schools in (
        (IntentAction.ADD, "school", diff.schools_added),
        (IntentAction.REMOVE, "school", diff.schools_removed),
        (IntentAction.CHANGE, "all of school", diff.schools_whole),
    ):
        for each in schools:
            hosts = f" with {counted(len(each.hosts), 'host')}" if each.hosts else ""
            yield action, f"{what} {clean(each.school)}{hosts}"
    for action, moved in ((IntentAction.ADD, diff.hosts_added), (IntentAction.REMOVE, diff.hosts_removed)):
        for each in moved:
            yield action, f"{'host' if len(each.hosts) == 1 else 'hosts'} {place(each)}"


_ORDER = (
    (IntentAction.ADD, "added"),
    (IntentAction.CHANGE, "changed"),
    (IntentAction.REMOVE, "removed"),
)


def summary(diff: IntentDiff) -> str:
    """One line that counts what differs; a resource counts once for each host."""
    if diff.empty:
        files = counted(diff.files_differ, "file")
        differ = "differs" if diff.files_differ == 1 else "differ"
        why = f"{files} {differ}, but no host would notice" if diff.files_differ else "no file differs"
        return f"No host's resources change: {why}."
    counts: Counter[IntentAction] = Counter()
    for change in diff.changes:
        counts[change.action] += _hosts(change.where)
    hosts = {
        (where.school, host) for change in diff.changes for where in change.where for host in where.hosts
    }
    changed = [f"{counts[action]} {word}" for action, word in _ORDER if counts[action]]
    parts = [f"{', '.join(changed)} on {counted(len(hosts), 'host')}"] if changed else []
    for what, came, went in (
        ("school", diff.schools_added, diff.schools_removed),
        ("host", diff.hosts_added, diff.hosts_removed),
    ):
        for word, found in (("new", came), ("gone", went)):
            count = len(found) if what == "school" else _hosts(found)
            parts += [f"{counted(count, what)} {word}"] if count else []
    if diff.schools_whole:
        parts.append(f"{counted(len(diff.schools_whole), 'school')} as a whole")
    return f"Resources: {'; '.join(parts)}." if changed else f"{'; '.join(parts)}."


def reach(diff: IntentDiff) -> str:
    """The schools that something changes for, each with why: `dundalk-hs (2 resources, 1 new host)`."""
    schools = [f"{clean(school)} ({', '.join(_reasons(diff, school))})" for school in diff.schools]
    if not schools:
        return "no school, so there is nothing to plan"
    left = len(schools) - SCHOOLS_SHOWN
    return ", ".join(schools[:SCHOOLS_SHOWN]) + (f" and {counted(left, 'more school')}" if left > 0 else "")


def _reasons(diff: IntentDiff, school: str) -> Iterator[str]:
    if any(where.school == school for where in diff.schools_added):
        yield "new"
    if any(where.school == school for where in diff.schools_whole):
        yield "all of it: the base has mistakes"
    changes = sum(1 for change in diff.changes if any(where.school == school for where in change.where))
    if changes:
        yield counted(changes, "resource")
    for word, hosts in (("new host", diff.hosts_added), ("former host", diff.hosts_removed)):
        count = _hosts(where for where in hosts if where.school == school)
        if count:
            yield counted(count, word)
