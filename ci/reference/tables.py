"""Tables of fields, those of nested groups after those of the group that they belong to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ci.reference.examples import inline
from ci.reference.words import cell, default, joined, of_type
from engine.compiler.language.types import EitherType, Field, GroupType, ListType, MapType, Type


@dataclass(frozen=True, slots=True)
class _Nested:
    path: str  # with dots: access.full
    group: GroupType


def tables(fields: Sequence[Field], exactly_one: Sequence[str] = ()) -> Iterator[str]:
    """The lines of a table of fields, and a section with a table for each group of fields below them."""
    yield from _table(fields, "", exactly_one)
    for nested in _nested(fields, ""):
        yield from ("", f"### `{nested.path}`", "", nested.group.description, "")
        if nested.group.holds_resources:
            yield from ("Sections of [resources](../resources/common.md) may stand here too.", "")
        yield from _table(nested.group.fields, f"{nested.path}.", nested.group.exactly_one)


def _table(fields: Sequence[Field], prefix: str, exactly_one: Sequence[str]) -> Iterator[str]:
    if exactly_one:
        yield from (f"Exactly one of {joined([f'`{name}`' for name in exactly_one])} is given.", "")
    yield from ("| field | what may be written | default | what it says |", "|---|---|---|---|")
    for field in fields:
        kind = of_type(field.type, _anchor(f"{prefix}{field.name}"))
        columns = (f"`{field.name}`", cell(kind), cell(default(field)), cell(_description(field)))
        yield f"| {' | '.join(columns)} |"


def _description(field: Field) -> str:
    parts = [field.description]
    if field.unites:
        parts.append("Nearer layers add to this list.")
    examples = inline(field)
    if examples:
        parts.append(f"Example: {joined([f'`{each}`' for each in examples])}")
    return " ".join(parts)


def _anchor(path: str) -> str:
    """The anchor that forges make of a heading: small letters, without dots."""
    return path.lower().replace(".", "")


def _nested(fields: Sequence[Field], prefix: str) -> Iterator[_Nested]:
    for field in fields:
        group = _group_in(field.type)
        if group is not None:
            path = f"{prefix}{field.name}"
            yield _Nested(path, group)
            yield from _nested(group.fields, f"{path}.")


def _group_in(of: Type) -> GroupType | None:
    match of:
        case GroupType():
            return of
        case ListType():
            return _group_in(of.item)
        case MapType():
            return _group_in(of.value)
        case EitherType():
            return next((found for member in of.members if (found := _group_in(member))), None)
        case _:
            return None
