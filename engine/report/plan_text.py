"""A plan for a terminal or a log: field by field, before -> after."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.model.plan import Action, Plan
from engine.report.lines import BLANK, Line, Style, line
from engine.report.plan_view import BlockedView, ChangeView, HostBlock, HostView, PlanView, plan_view
from engine.report.values import FieldView

SIGNS = {
    Action.CREATE: ("+", Style.ADD),
    Action.UPDATE: ("~", Style.CHANGE),
    Action.REPLACE: ("±", Style.REMOVE),
    Action.DELETE: ("-", Style.REMOVE),
    Action.ADOPT: ("=", Style.QUIET),
    Action.FORGET: ("o", Style.QUIET),
}
_MARKS = {"+": Style.ADD, "-": Style.REMOVE, "@": Style.QUIET}


def plan_text(plan: Plan) -> tuple[Line, ...]:
    """The whole plan as styled lines."""
    view = plan_view(plan)
    return tuple(_plan(view))


def _plan(view: PlanView) -> Iterator[Line]:
    yield Line(
        (
            (f"Plan of {view.created}", Style.HEADING),
            (f"  target {view.target}, manifests {view.revision}", Style.QUIET),
        )
    )
    yield from _section("Changes", view.intended)
    yield from _section("Drift: changed on the hosts since the last apply, to be put right", view.drift)
    yield from _list("Blocked: not planned, and why", map(_blocked, view.blocked))
    yield from _list("Unreachable: pending until they answer", map(_host, view.unreachable))
    yield from _list("Not read, and why", map(_host, view.failed))
    if view.pending_reboot:
        yield from (BLANK, line(f"Waiting for a restart: {view.pending_reboot}", Style.WARNING))
    yield BLANK
    if view.empty and not (view.blocked or view.unreachable or view.failed):
        yield line("Nothing to do: every host is as declared.", Style.GOOD)
    yield line(view.summary, Style.HEADING)


def _section(title: str, blocks: Iterable[HostBlock]) -> Iterator[Line]:
    for number, block in enumerate(blocks):
        if number == 0:
            yield from (BLANK, line(title, Style.HEADING))
        yield from (BLANK, line(block.title, Style.HEADING, indent=2))
        for change in block.changes:
            yield from change_lines(change, indent=4)


def change_lines(change: ChangeView, indent: int) -> Iterator[Line]:
    """One change with its fields."""
    sign, style = SIGNS[change.action]
    yield Line(
        (
            (f"{sign} {change.action} {change.kind} {change.name}", style),
            ("  protected" if change.protected else "", Style.WARNING),
            (f"  {change.consequence}" if change.consequence else "", Style.PLAIN),
            (f"  waits: {change.waiting}" if change.waiting else "", Style.WARNING),
            (f"  {change.reason}", Style.QUIET),
            (f"  [{change.origin}]" if change.origin else "", Style.QUIET),
        ),
        indent,
    )
    for field in change.fields:
        yield from field_lines(field, indent + 4)


def field_lines(field: FieldView, indent: int) -> Iterator[Line]:
    """One field's difference."""
    name = (f"{field.name}: ", Style.PLAIN)
    if field.lines:
        yield Line((name,), indent)
        for mark, text in field.lines:
            style = _MARKS.get(mark, Style.PLAIN)
            yield line(text if mark == "@" else f"{mark} {text}", style, indent + 2)
    elif field.before:
        yield Line(
            (name, (field.before, Style.REMOVE), (" -> ", Style.QUIET), (field.after, Style.ADD)), indent
        )
    else:
        yield Line((name, (field.after, Style.ADD)), indent)


def _list(title: str, items: Iterable[Line]) -> Iterator[Line]:
    for number, item in enumerate(items):
        if number == 0:
            yield from (BLANK, line(title, Style.HEADING))
        yield item


def _blocked(item: BlockedView) -> Line:
    origin = f"  [{item.origin}]" if item.origin else ""
    return Line(
        (
            (f"{item.hosts}  {item.kind} {item.name}  ", Style.PLAIN),
            (f"{item.outcome}: {item.reason}", Style.BAD),
            (origin, Style.QUIET),
        ),
        indent=2,
    )


def _host(item: HostView) -> Line:
    return Line(((f"{item.school}  {item.host}  ", Style.PLAIN), (item.error, Style.BAD)), indent=2)
