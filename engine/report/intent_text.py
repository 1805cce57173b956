"""A change of the manifests for a terminal or a log: field by field, before -> after."""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.intent import IntentAction, IntentDiff
from engine.report.intent_view import IntentBlock, IntentChangeView, IntentView, intent_view
from engine.report.lines import BLANK, Line, Style, line
from engine.report.plan_text import field_lines

SIGNS = {
    IntentAction.ADD: ("+", Style.ADD),
    IntentAction.CHANGE: ("~", Style.CHANGE),
    IntentAction.REMOVE: ("-", Style.REMOVE),
}


def intent_text(diff: IntentDiff) -> tuple[Line, ...]:
    """The whole difference as styled lines."""
    return tuple(_lines(intent_view(diff)))


def _lines(view: IntentView) -> Iterator[Line]:
    yield Line((("Desired on the hosts", Style.HEADING), (f"  from {view.base} to {view.head}", Style.QUIET)))
    for number, text in enumerate(view.mistakes):
        if number == 0:
            yield BLANK
        yield line(text, Style.WARNING if number == 0 else Style.QUIET, indent=4 if number else 2)
    for number, (action, what) in enumerate(view.came_and_went):
        if number == 0:
            yield BLANK
        sign, style = SIGNS[action]
        yield line(f"{sign} {what}", style, indent=2)
    for block in view.blocks:
        yield from _block(block)
    yield from (BLANK, line(view.summary, Style.HEADING))


def _block(block: IntentBlock) -> Iterator[Line]:
    yield from (BLANK, line(block.title, Style.HEADING, indent=2))
    for place in block.places:
        yield line(place, Style.QUIET, indent=4)
    for change in block.changes:
        yield from change_lines(change, indent=4)


def change_lines(change: IntentChangeView, indent: int) -> Iterator[Line]:
    """One change with its fields."""
    sign, style = SIGNS[change.action]
    yield Line(
        (
            (f"{sign} {change.action} {change.kind} {change.name}", style),
            (f"  [{change.origin}]", Style.QUIET),
        ),
        indent,
    )
    for field in change.fields:
        yield from field_lines(field, indent + 4)
