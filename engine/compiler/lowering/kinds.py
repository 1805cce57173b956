"""What every lowering gets and gives, and the plain one: an entry that is its kind's spec already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol, TypeVar

from pydantic import BaseModel

from engine.compiler.lowering.places import NO_PLACES, Places
from engine.compiler.media import Media
from engine.kinds.contract import Essential
from engine.kinds.table import SPECS
from engine.manifest.documents.catalog import PrinterDocument, SoftwareDocument
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode
from engine.manifest.schema import check
from engine.manifest.templates import Context, Templates
from engine.model.origin import Finding
from engine.model.resource import Spec


@dataclass(frozen=True, slots=True)
class Sources:
    """What entries may refer to. One for each district; files are read once."""

    software: Mapping[str, Written[SoftwareDocument]]
    printers: Mapping[str, Written[PrinterDocument]]
    media: Media  # the manifests folder
    delivered: Media  # the folder of templates
    templates: Templates
    broken: frozenset[str]  # files of the catalog with mistakes of their own, which are not missing


@dataclass(frozen=True, slots=True)
class Entry:
    """One merged and rendered entry of a section."""

    kind: str
    body: MappingNode
    what: str  # the entry in messages: the share `Staff`
    present: bool  # False where it is declared absent: what would only be needed to make it may be missing
    context: Context


class Brought(NamedTuple):
    """A resource that another one brings along unless it is declared. For `places` see `Lowered`.

    One that is `absent` comes along as to be removed: another one takes its place.
    """

    kind: str
    spec: Spec
    places: Places = NO_PLACES
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Lowered:
    """A spec, and the resources that it brings along.

    `places` says where the value of a field was written that is not the entry's own field of the same name:
    a line of the catalog, or another field of the entry. What is neither there nor in the entry is the
    kind's default.
    """

    spec: Spec
    brings: tuple[Brought, ...] = ()
    places: Places = field(default_factory=lambda: NO_PLACES)


S = TypeVar("S", bound=BaseModel)
Lowering = tuple[Lowered | None, tuple[Finding, ...]]


class Lower(Protocol):
    def __call__(self, entry: Entry, sources: Sources, /) -> Lowering:
        """Make an entry's spec. Pure but for reading files through `sources`; never raises for bad input."""


def lower_kind(entry: Entry, sources: Sources, /) -> Lowering:
    """An entry whose fields are those of its kind's spec."""
    del sources
    spec, findings = check_spec(SPECS[entry.kind], entry)
    return (None if spec is None else Lowered(spec)), findings


def check_spec(model: type[S], entry: Entry) -> tuple[S | None, tuple[Finding, ...]]:
    """An entry's model, with what only something that is to be there needs."""
    spec, findings = check(model, entry.body, entry.what)
    missing = [name for name in essential_fields(model) if entry.present and entry.body.get(name) is None]
    if not missing:
        return spec, findings
    needed = (f"{entry.what} needs `{name}`" for name in missing)
    more = [Finding(entry.body.origin, "missing-field", message) for message in needed]
    return None, tuple(sorted({*findings, *more}))


def essential_fields(model: type[BaseModel]) -> tuple[str, ...]:
    """The fields of a model that only what is to be there needs, in declared order."""
    return tuple(
        name
        for name, field in model.model_fields.items()
        if any(isinstance(mark, Essential) for mark in field.metadata)
    )
