"""Types and texts in plain words, as Markdown."""

from __future__ import annotations

from collections.abc import Sequence

from ci.reference.examples import yaml_text
from engine.compiler.language.types import (
    AnythingType,
    ChoiceType,
    EitherType,
    Field,
    GroupType,
    ListType,
    MapType,
    NothingType,
    NumberType,
    SwitchType,
    TextType,
    Type,
)

_PLAIN: dict[type[Type], str] = {
    TextType: "text",
    SwitchType: "`true` or `false`",
    NothingType: "`~`",
    AnythingType: "anything",
}


def of_type(of: Type, anchor: str) -> str:
    """What may be written for a type. `anchor`: where on the page its group of fields is described."""
    match of:
        case NumberType():
            return "whole number" + _bounds(of)
        case ChoiceType():
            return joined([f"`{choice}`" for choice in of.choices])
        case GroupType():
            return f"[group of fields](#{anchor})"
        case ListType():
            return _list(of, anchor)
        case MapType():
            return f"names, each with: {of_type(of.value, anchor)}"
        case EitherType():
            shown = [each for each in of.members if not isinstance(each, NothingType)]
            return joined(list(dict.fromkeys(of_type(each, anchor) for each in shown)))
        case _:
            return _PLAIN[type(of)]


def _list(of: ListType, anchor: str) -> str:
    if isinstance(of.item, GroupType):
        return f"list of [groups of fields](#{anchor})"
    if isinstance(of.item, TextType):
        return "list of texts"
    if of.item == NumberType():
        return "list of whole numbers"
    return f"list, each item {of_type(of.item, anchor)}"


def _bounds(of: NumberType) -> str:
    if of.least is not None and of.most is not None:
        return f" from {of.least} to {of.most}"
    return "" if of.least is None else f", {of.least} or more"


def joined(parts: Sequence[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} or {parts[-1]}"


def cell(text: str) -> str:
    """A text inside a table: on one line, and its bars do not end the cell."""
    return " ".join(text.replace("|", "\\|").split())


def default(field: Field) -> str:
    if field.required:
        return "**required**"
    return "" if field.default is None else f"`{yaml_text({'x': field.default}).partition(': ')[2]}`"


def heading(section: str) -> str:
    return section.replace("_", " ").capitalize()
