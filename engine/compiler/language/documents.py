"""Every type of document, described."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import get_args

from pydantic import BaseModel

from engine.compiler.final import COMMON
from engine.compiler.language.reading import read_group
from engine.compiler.language.types import (
    ChoiceType,
    DocumentType,
    EitherType,
    Field,
    GroupType,
    ListType,
    NothingType,
    SectionEntry,
    SwitchType,
    Type,
)
from engine.compiler.sections import SECTIONS, Section
from engine.manifest.declarations import WordState
from engine.manifest.documents.base import Common
from engine.manifest.documents.catalog import PrinterDocument, SoftwareDocument
from engine.manifest.documents.district import DistrictDocument, SchoolDocument, SchoolGroup, SchoolPart
from engine.manifest.documents.profile import ProfileDocument
from engine.manifest.documents.rehearsal import RehearsalDocument

_HOLD_RESOURCES: frozenset[type[BaseModel]] = frozenset(
    {DistrictDocument, SchoolGroup, SchoolDocument, SchoolPart, ProfileDocument}
)


def section_entries() -> tuple[SectionEntry, ...]:
    """All sections, by name."""
    return tuple(_entry(name, section) for name, section in sorted(SECTIONS.items()))


def _entry(name: str, section: Section) -> SectionEntry:
    own = read_group(section.entry)
    names = {field.name for field in own.fields}
    could_be_final = ListType(ChoiceType(tuple(dict.fromkeys((*_paths(own.fields), *COMMON)))))
    return SectionEntry(
        section=name,
        kind=section.kind,
        description=own.description,
        identified_by=tuple(field for field, _ in section.identified_by),
        fields=tuple(_also_a_word_state(field) if field.name == "state" else field for field in own.fields),
        common=tuple(
            replace(field, type=EitherType((SwitchType(), could_be_final, NothingType())))
            if field.name == "final"
            else field
            for field in common_fields()
            if field.name not in names
        ),
        exactly_one=own.exactly_one,
    )


def common_fields() -> tuple[Field, ...]:
    """The fields that all sections' entries have, as they are described for all."""
    return read_group(Common).fields


def _paths(fields: Iterable[Field], prefix: str = "") -> Iterator[str]:
    """The names of fields and, with dots, of those in groups of fields: what `final` can name."""
    for field in fields:
        yield prefix + field.name
        members = field.type.members if isinstance(field.type, EitherType) else (field.type,)
        for member in members:
            if isinstance(member, GroupType):
                yield from _paths(member.fields, f"{prefix}{field.name}.")


def _also_a_word_state(field: Field) -> Field:
    """A kind's own `state` also takes the words that every resource's `state` takes."""
    words = ChoiceType(get_args(WordState))
    members: tuple[Type, ...] = field.type.members if isinstance(field.type, EitherType) else (field.type,)
    return replace(field, type=EitherType((*members, words)))


def document_types() -> tuple[DocumentType, ...]:
    """All types of documents, the widest first.

    Raises:
        Undescribed: a model uses what there are no words for.
    """
    sections = section_entries()

    def holding(name: str, title: str, files: str, model: type[BaseModel]) -> DocumentType:
        group = read_group(model, holds_resources=_HOLD_RESOURCES)
        return DocumentType(name, title, files, group, sections, model is ProfileDocument)

    def plain(name: str, title: str, files: str, model: type[BaseModel]) -> DocumentType:
        return DocumentType(name, title, files, read_group(model))

    return (
        holding("district", "District", "district.yaml", DistrictDocument),
        holding("school", "School", "schools/<school>/school.yaml", SchoolDocument),
        holding("school-part", "Further file of a school", "schools/<school>/<file>.yaml", SchoolPart),
        holding("profile", "Profile", "profiles/<name>.yaml", ProfileDocument),
        plain("software", "Product of the catalog", "catalog/software/<id>.yaml", SoftwareDocument),
        plain("printer", "Printer model of the catalog", "catalog/printers/<model>.yaml", PrinterDocument),
        plain("rehearsal", "Rehearsal", "rehearsal.yaml", RehearsalDocument),
    )
