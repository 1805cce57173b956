"""Examples of documents and resources, made of the examples of their fields."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

from engine.compiler.language.types import (
    ChoiceType,
    DocumentType,
    EitherType,
    Field,
    GroupType,
    ListType,
    MapType,
    SectionEntry,
    Type,
)
from engine.manifest.roundtrip.canonical import canonical
from engine.manifest.roundtrip.reading import read_layout


def yaml_text(value: JsonValue) -> str:
    """A value in the form that `rollcall fmt` gives it, groups of fields line by line, without a line end."""
    return canonical(read_layout("\n".join(_lines(value)))).rstrip("\n")


def _lines(value: JsonValue) -> list[str]:
    """The value as block YAML. JSON is YAML, so what has no groups of fields in it is written as that."""
    if isinstance(value, dict) and value:
        return [line for key, each in value.items() for line in _member(f"{json.dumps(key)}:", each)]
    if isinstance(value, list) and _has_groups(value):
        return [line for each in value for line in _item(_lines(each))]
    return [json.dumps(value, ensure_ascii=False)]


def _has_groups(value: JsonValue) -> bool:
    """Whether there is a group of fields in it that says something."""
    return (
        bool(value) if isinstance(value, dict) else isinstance(value, list) and any(map(_has_groups, value))
    )


def _item(lines: Sequence[str]) -> list[str]:
    return [f"- {lines[0]}", *(f"  {line}" for line in lines[1:])]


def _member(key: str, value: JsonValue) -> list[str]:
    lines = _lines(value)
    return [key, *(f"  {line}" for line in lines)] if _has_groups(value) else [f"{key} {lines[0]}"]


def inline(field: Field) -> Sequence[str]:
    """The examples of a field as one line each: `room: '114'`."""
    lines = [
        canonical(read_layout(json.dumps({field.name: example}, ensure_ascii=False))).rstrip("\n")
        for example in field.examples
    ]
    return [line for line in lines if "\n" not in line]


# A profile is nothing without a resource that uses its parameter.
_RESOURCES: Mapping[str, dict[str, JsonValue]] = {
    "profile": {
        "registry_values": [
            {
                "key": r"HKLM\SOFTWARE\BCPS\Lab",
                "name": "DefaultPrinter",
                "type": "string",
                "data": "{{ parameters.default_printer }}",
            }
        ]
    }
}


def document_example(document: DocumentType) -> str:
    """A document with everything that has an example."""
    return yaml_text({**_group(document.group), **_RESOURCES.get(document.name, {})})


def entry_example(entry: SectionEntry, *, hosts: str) -> str:
    """A section with one resource that says everything that has an example."""
    body: dict[str, JsonValue] = {}
    for field in _one_of(entry.fields, entry.exactly_one):
        value = _value(field)
        if value is not None:
            body[field.name] = value
        if field.name == entry.identified_by[-1] or field.name == "name":
            body["hosts"] = hosts
    return yaml_text({entry.section: [body]})


def _group(group: GroupType) -> dict[str, JsonValue]:
    values = {field.name: _value(field) for field in _one_of(group.fields, group.exactly_one)}
    return {name: value for name, value in values.items() if value is not None}


def _one_of(fields: Sequence[Field], exactly_one: Sequence[str]) -> list[Field]:
    return [field for field in fields if field.name not in exactly_one[1:]]


def _value(field: Field) -> JsonValue:
    if field.examples:
        return field.examples[0]
    return _made(field.type, required=field.required)


def _made(of: Type, *, required: bool) -> JsonValue:
    """A value made of the examples below; None where nothing has to be said and there is no example."""
    match of:
        case EitherType():
            return _made(of.members[0], required=required)
        case GroupType():
            return _group(of) or None
        case ListType(item=GroupType() as item):
            return [_group(item)]
        case MapType(value=GroupType()) | ListType():
            return None
        case ChoiceType() if required:
            return of.choices[0]
        case _:
            return None
