"""Field by field: what differs between two states."""

from __future__ import annotations

from difflib import unified_diff

from engine.model.base import FieldValue, State
from engine.model.plan import FieldChange


def differing(wanted: State, observed: State) -> frozenset[str]:
    """The wanted fields whose value on the host is another. Fields that are not wanted are nobody's."""
    return frozenset(name for name, value in wanted.items() if observed.get(name) != value)


def field_changes(before: State | None, after: State | None) -> tuple[FieldChange, ...]:
    """The differences to show, by field name.

    With both states: the fields of `after` that differ. With one: all its fields, as coming or going.
    """
    old, new = before or {}, after or {}
    names = differing(new, old) if before is not None and after is not None else {**old, **new}
    return tuple(_field_change(name, old.get(name), new.get(name)) for name in sorted(names))


def _field_change(name: str, before: FieldValue, after: FieldValue) -> FieldChange:
    return FieldChange(field=name, before=before, after=after, diff=_text_diff(before, after))


def _text_diff(before: FieldValue, after: FieldValue) -> str | None:
    """A unified diff with three lines of context, if either side is a text of several lines."""
    texts = [value for value in (before, after) if isinstance(value, str)]
    if not any("\n" in text for text in texts) or len(texts) < sum(v is not None for v in (before, after)):
        return None
    old = before.splitlines() if isinstance(before, str) else []
    new = after.splitlines() if isinstance(after, str) else []
    return "\n".join(unified_diff(old, new, "on the host", "wanted", lineterm=""))
