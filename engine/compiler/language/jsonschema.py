"""Documents as JSON Schema, for editors.

Draft 7: the newest that the language server behind Red Hat's YAML extension for VS Code supports in all its
versions. A schema accepts everything that Rollcall accepts, so it cannot see what only several documents
together show; `rollcall validate` does.

Beside the draft's own keywords there are those that VS Code's editors show: `markdownDescription`,
`patternErrorMessage`, `defaultSnippets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from engine.compiler.language.snippets import document_snippets, entry_snippets
from engine.compiler.language.types import DocumentType, Field, GroupType, SectionEntry
from engine.compiler.language.values import Place, Schema, either, types_of, value_schema

DRAFT = "http://json-schema.org/draft-07/schema#"

_IN_AN_ENTRY = Place(templates=True, part=True)
_AS_IT_IS = Place()


@dataclass(frozen=True, slots=True)
class SchemaFile:
    """One schema: its name, and which files of the manifests folder it is for, as globs.

    The globs of different schemas never match one file: editors differ in what they do then.
    """

    name: str
    globs: tuple[str, ...]
    schema: Mapping[str, JsonValue]


def schema_files(documents: Sequence[DocumentType]) -> tuple[SchemaFile, ...]:
    """The schema of every type of document.

    All files of a school's folder share one: globs cannot tell school.yaml from the files beside it.
    """
    by_name = {document.name: document for document in documents}
    return (
        SchemaFile("district", ("district.yaml",), _document(by_name["district"])),
        SchemaFile("school", ("schools/**/*.yaml",), _school(by_name["school"], by_name["school-part"])),
        SchemaFile("profile", ("profiles/**/*.yaml",), _document(by_name["profile"])),
        SchemaFile("software", ("catalog/software/**/*.yaml",), _document(by_name["software"])),
        SchemaFile("printer", ("catalog/printers/**/*.yaml",), _document(by_name["printer"])),
        SchemaFile("rehearsal", ("rehearsal.yaml",), _document(by_name["rehearsal"])),
    )


def _document(document: DocumentType) -> Schema:
    drawing = _Drawing(
        sections=tuple(entry.section for entry in document.sections),
        hosts_required=bool(document.sections) and not document.hosts_may_be_left_out,
    )
    return {
        "$schema": DRAFT,
        "title": document.title,
        **_described(document.group.description),
        **drawing.group(document.group, _AS_IT_IS),
        "defaultSnippets": document_snippets(document),
        **_definitions(document.sections, drawing),
    }


def _school(school: DocumentType, part: DocumentType) -> Schema:
    """A school's own file or a further one: what says anything that only the first may say is the first."""
    schema = _document(school)
    required = schema.pop("required")
    of_part = {field.name for field in part.group.fields}
    own: list[JsonValue] = [
        {"required": [field.name]} for field in school.group.fields if field.name not in of_part
    ]
    return {**schema, "if": {"anyOf": own}, "then": {"required": required}}


def _definitions(sections: Iterable[SectionEntry], drawing: _Drawing) -> Schema:
    drawn: Schema = {entry.section: _section(entry, drawing) for entry in sections}
    return {"definitions": drawn} if drawn else {}


def _section(entry: SectionEntry, drawing: _Drawing) -> Schema:
    """The list of a section's entries; a section without any may stay empty."""
    return {
        "title": entry.section.replace("_", " ").capitalize(),
        **_described(entry.description),
        "type": ["array", "null"],
        "items": drawing.entry(entry),
    }


@dataclass(frozen=True, slots=True)
class _Drawing:
    """Draws groups of fields. `hosts_required`: what says no hosts here is for nobody."""

    sections: tuple[str, ...]
    hosts_required: bool

    def group(self, group: GroupType, place: Place) -> Schema:
        properties: Schema = {field.name: self._field(field, place) for field in group.fields}
        if group.holds_resources:
            properties |= {name: {"$ref": f"#/definitions/{name}"} for name in self.sections}
        required: list[JsonValue] = [
            field.name for field in group.fields if self._is_required(group, field, place)
        ]
        return {
            "type": "object",
            "properties": properties,
            **({"required": required} if required else {}),
            "additionalProperties": False,
            **_exactly_one(group),
        }

    def entry(self, entry: SectionEntry) -> Schema:
        """One resource: what tells it apart is in every declaration of it, all else in any of them."""
        required: list[JsonValue] = [
            field.name for field in entry.fields if field.name in entry.identified_by and field.required
        ]
        own: Schema = {field.name: self._field(field, _IN_AN_ENTRY) for field in entry.fields}
        common: Schema = {field.name: self._field(field, _AS_IT_IS) for field in entry.common}
        return {
            "title": entry.kind.replace("_", " ").capitalize(),
            **_described(entry.description),
            "type": "object",
            "properties": {**own, **common},
            "required": [*required, *(["hosts"] if self.hosts_required else [])],
            "additionalProperties": False,
            "defaultSnippets": entry_snippets(entry, with_hosts=self.hosts_required),
        }

    def _is_required(self, group: GroupType, field: Field, place: Place) -> bool:
        if group.name == "ProfileUse" and field.name == "hosts":
            return self.hosts_required
        return field.required and not place.part

    def _field(self, field: Field, place: Place) -> Schema:
        drawn = value_schema(field.type, place, self.group)
        if place.part and "null" not in types_of(drawn):
            drawn = either([drawn, {"type": "null"}])
        description = field.description
        if field.unites:
            description += "\n\nNearer layers add to this list."
        return {
            "title": field.name.replace("_", " ").capitalize(),
            **_described(description),
            **drawn,
            **({} if field.default is None else {"default": field.default}),
            **({"examples": list(field.examples)} if field.examples else {}),
        }


def _described(description: str) -> Schema:
    """A description, and where it holds code the same as Markdown: editors show what they understand."""
    if not description:
        return {}
    if "`" not in description:
        return {"description": description}
    return {"description": description.replace("`", ""), "markdownDescription": description}


def _exactly_one(group: GroupType) -> Schema:
    if not group.exactly_one:
        return {}
    if len(group.exactly_one) == len(group.fields):
        return {"minProperties": 1, "maxProperties": 1}
    given: Schema = {"not": {"type": "null"}}
    return {"oneOf": [{"required": [name], "properties": {name: given}} for name in group.exactly_one]}
