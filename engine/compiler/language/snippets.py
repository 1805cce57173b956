"""Snippets for editors: a new document and a new resource with the fields that it needs.

`defaultSnippets` of VS Code's JSON and YAML extensions: a body is data; its texts are tab stops, `${1:text}`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import count

from pydantic import JsonValue

from engine.compiler.language.types import (
    ChoiceType,
    DocumentType,
    EitherType,
    Field,
    GroupType,
    ListType,
    SectionEntry,
    Type,
)


def document_snippets(document: DocumentType) -> list[JsonValue]:
    """A whole new document."""
    needed = [field for field in document.group.fields if field.required]
    return [_snippet(document.name.replace("-", " "), document.group.description, needed)]


def entry_snippets(entry: SectionEntry, *, with_hosts: bool) -> list[JsonValue]:
    """One new entry of a section: what tells it apart, and everything else that it cannot be without."""
    needed = [field for field in entry.fields if field.required]
    hosts = [field for field in entry.common if field.name == "hosts" and with_hosts]
    return [_snippet(entry.kind.replace("_", " "), entry.description, [*needed, *hosts])]


def _snippet(what: str, description: str, fields: Iterable[Field]) -> JsonValue:
    stops = _Stops()
    return {
        "label": f"new {what}",
        "description": description.split("\n")[0],
        "body": {field.name: stops.filled(example_of(field)) for field in fields},
    }


def example_of(field: Field) -> JsonValue:
    """A value for a field: its first example, or one made of the examples below it."""
    return field.examples[0] if field.examples else _example(field.name, field.type)


def _example(name: str, of: Type) -> JsonValue:
    if isinstance(of, EitherType):
        return _example(name, of.members[0])
    if isinstance(of, GroupType):
        return {field.name: example_of(field) for field in _needed(of)}
    if isinstance(of, ListType):
        return [_example(name, of.item)]
    if isinstance(of, ChoiceType):
        return of.choices[0]
    return name


def _needed(group: GroupType) -> Sequence[Field]:
    one = set(group.exactly_one[:1])
    return [field for field in group.fields if field.required or field.name in one]


class _Stops:
    """Numbers the tab stops of one snippet."""

    def __init__(self) -> None:
        self._numbers = count(1)

    def filled(self, value: JsonValue) -> JsonValue:
        """The value with every text and number as the suggestion of a tab stop."""
        if isinstance(value, dict):
            return {key: self.filled(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.filled(item) for item in value]
        text = str(value).lower() if isinstance(value, bool) else str(value)
        escaped = text.replace("\\", "\\\\").replace("$", "\\$").replace("}", "\\}")
        return f"${{{next(self._numbers)}:{escaped}}}"
