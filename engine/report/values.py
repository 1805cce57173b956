"""Field values and names as safe, short text."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from engine.model.base import FieldValue
from engine.model.plan import FieldChange
from engine.report.visible import clean, clean_lines, shortened

VALUE_LIMIT = 300  # characters of one value
DIFF_LIMIT = 60  # lines of one text's difference
NOT_SET = "(not set)"


def value_text(value: FieldValue) -> str:
    """A field's value as a person would write it, on one line."""
    return shortened(_written(value), VALUE_LIMIT)


def _written(value: FieldValue) -> str:
    match value:
        case None:
            return NOT_SET
        case bool():
            return "true" if value else "false"
        case int():
            return str(value)
        case str():
            return clean(value) or '""'
        case tuple():
            return ", ".join(map(_written, value)) or "(none)"
        case _:
            return "; ".join(f"{clean(key)}: {_written(inner)}" for key, inner in value.items()) or "(none)"


@dataclass(frozen=True, slots=True)
class FieldView:
    """One field's difference, ready to draw.

    Either `before` and `after`, or `lines`, each with its mark: "+", "-", " " or "@" for a place in a text.
    """

    name: str
    before: str = ""
    after: str = ""
    lines: tuple[tuple[str, str], ...] = ()


def field_view(change: FieldChange, *, creates: bool) -> FieldView:
    """Texts are shown as a difference of lines and lists as items; with `creates` there is no before."""
    name = clean(change.field)
    if change.diff is not None:
        return FieldView(name, lines=_bounded(_diff_lines(change.diff)))
    if creates:
        if isinstance(change.after, tuple) and len(change.after) > 1:
            return FieldView(name, lines=_bounded(_items((), change.after)))
        return FieldView(name, after=value_text(change.after))
    if isinstance(change.before, tuple) and isinstance(change.after, tuple):
        items = _items(change.before, change.after)
        if items:
            return FieldView(name, lines=_bounded(items))
    before, after = value_text(change.before), value_text(change.after)
    if before == after:  # such as the number 1 and the text "1"
        before, after = _exact(change.before), _exact(change.after)
    return FieldView(name, before, after)


def _exact(value: FieldValue) -> str:
    return clean(json.dumps(value, ensure_ascii=False))


def _items(before: tuple[FieldValue, ...], after: tuple[FieldValue, ...]) -> tuple[tuple[str, str], ...]:
    """Removed and added items; empty where only the order differs."""
    removed = (("-", value_text(item)) for item in before if item not in after)
    added = (("+", value_text(item)) for item in after if item not in before)
    return (*removed, *added)


def _diff_lines(diff: str) -> Iterable[tuple[str, str]]:
    for line in clean_lines(diff):
        if line.startswith(("---", "+++")):
            continue  # the names of the two sides: the field's name says it
        mark, text = line[:1] or " ", line[1:]
        yield ("@", line) if mark == "@" else (mark if mark in "+- " else " ", shortened(text, VALUE_LIMIT))


def _bounded(lines: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    kept = tuple(lines)
    if len(kept) <= DIFF_LIMIT:
        return kept
    return (*kept[:DIFF_LIMIT], ("@", f"({len(kept) - DIFF_LIMIT} more lines)"))
