"""Which parts of the manifest language documents use, told in keys that its description gives.

Keys: `Group.field` for one of a group of fields, `section.field` for one of a resource, `field=choice` for
a choice, `field: a list` for one of several sorts of value that a field may hold, `Group holds resources`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pydantic import JsonValue

from engine.compiler.language.types import (
    ChoiceType,
    DocumentType,
    EitherType,
    Field,
    GroupType,
    ListType,
    MapType,
    NumberType,
    SectionEntry,
    SwitchType,
    TextType,
    Type,
)

_SORTS: Mapping[type[Type], str] = {
    TextType: "a text",
    NumberType: "a number",
    SwitchType: "a switch",
    ListType: "a list",
    GroupType: "a group",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One text or list of `hosts:`, wherever it stands."""

    hosts: tuple[str, ...]


def demanded(document: DocumentType) -> Iterator[str]:
    """Everything that documents of this type could use. A choice that is the default need not be written."""
    yield from _of_group(document.group)
    for entry in document.sections:
        for name, field in _fields(entry):
            yield name
            yield from _of_field(field)


def _of_group(group: GroupType) -> Iterator[str]:
    if group.holds_resources:
        yield f"{group.name} holds resources"
    for field in group.fields:
        yield f"{group.name}.{field.name}"
        yield from _of_field(field)


def _fields(entry: SectionEntry) -> Iterator[tuple[str, Field]]:
    yield from ((f"{entry.section}.{field.name}", field) for field in entry.fields)
    yield from ((f"Common.{field.name}", field) for field in entry.common)


def _of_field(field: Field) -> Iterator[str]:
    sorts = _sorts(field.type)
    if len(sorts) > 1:
        yield from (f"{field.name}: {sort}" for sort in sorts if sort)
    yield from _within(field.type, field)


def _sorts(of_type: Type) -> tuple[str, ...]:
    """The sorts of value that may stand in a field, or under each name of one; `` for a choice."""
    inner = of_type.value if isinstance(of_type, MapType) else of_type
    members = inner.members if isinstance(inner, EitherType) else (inner,)
    sorts = (_SORTS.get(type(member), "") for member in members if isinstance(member, (*_SORTS, ChoiceType)))
    return tuple(dict.fromkeys(sorts))


def _within(of_type: Type, field: Field) -> Iterator[str]:
    match of_type:
        case ChoiceType(choices) if field.name != "final":  # there they are all the names of fields
            yield from (f"{field.name}={choice}" for choice in choices if choice != field.default)
        case ListType(item) | MapType(value=item):
            yield from _within(item, field)
        case EitherType(members):
            for member in members:
                yield from _within(member, field)
        case GroupType():
            yield from _of_group(of_type)
        case _:
            pass


def used(document: DocumentType, data: JsonValue) -> Iterator[str | Said]:
    """What one document of this type uses, and its selectors."""
    yield from _used_of_group(document.group, data, {entry.section: entry for entry in document.sections})


def _used_of_group(
    group: GroupType, data: JsonValue, sections: Mapping[str, SectionEntry]
) -> Iterator[str | Said]:
    assert isinstance(data, dict), (group.name, data)
    fields = {field.name: field for field in group.fields}
    for name, value in data.items():
        if name in fields:
            yield f"{group.name}.{name}"
            yield from _used_of_field(fields[name], value, sections)
            continue
        yield f"{group.name} holds resources"
        assert isinstance(value, list), (group.name, name)
        for item in value:
            yield from _used_of_entry(sections[name], item)


def _used_of_entry(entry: SectionEntry, data: JsonValue) -> Iterator[str | Said]:
    assert isinstance(data, dict), (entry.section, data)
    known = {name.partition(".")[2]: (name, field) for name, field in _fields(entry)}
    for written, value in data.items():
        name, field = known[written]
        yield name
        if value is None:
            yield "`~`"
        elif isinstance(value, str) and "{{" in value:
            yield "a template"
        else:
            yield from _used_of_field(field, value, {})


def _used_of_field(
    field: Field, value: JsonValue, sections: Mapping[str, SectionEntry]
) -> Iterator[str | Said]:
    if field.name == "hosts" and not isinstance(value, dict):
        texts = value if isinstance(value, list) else [value]
        yield Said(tuple(str(text) for text in texts))
    values = value.values() if isinstance(field.type, MapType) and isinstance(value, dict) else (value,)
    for each in values:
        yield f"{field.name}: {_sort(each)}"
    yield from _used_within(field.type, field, value, sections)


def _sort(value: JsonValue) -> str:
    match value:
        case bool():
            return "a switch"
        case int():
            return "a number"
        case list():
            return "a list"
        case dict():
            return "a group"
        case _:
            return "a text"


def _used_within(
    of_type: Type, field: Field, value: JsonValue, sections: Mapping[str, SectionEntry]
) -> Iterator[str | Said]:
    match of_type, value:
        case EitherType(members), _:
            for member in members:
                yield from _used_within(member, field, value, sections)
        case ChoiceType(choices), str() | int() if str(value) in choices:
            yield f"{field.name}={value}"
        case ListType(item), list():
            for each in value:
                yield from _used_within(item, field, each, sections)
        case MapType(value=inner), dict():
            for each in value.values():
                yield from _used_within(inner, field, each, sections)
        case GroupType(), dict():
            yield from _used_of_group(of_type, value, sections)
        case _:
            pass
