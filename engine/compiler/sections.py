"""Sections of documents: which kind each holds, and by what a resource is the same one in every layer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from pydantic import BaseModel

from engine.compiler.lowering.files import FileEntry, lower_file
from engine.compiler.lowering.kinds import Lower, lower_kind
from engine.compiler.lowering.printers import PrinterEntry, lower_printer
from engine.compiler.lowering.services import lower_service
from engine.compiler.lowering.software import SoftwareEntry, lower_software
from engine.kinds.contract import United
from engine.kinds.directory import DirectorySpec
from engine.kinds.paths import normal_path
from engine.kinds.registry_value import RegistryValueSpec, normal_key
from engine.kinds.service import ServiceSpec
from engine.kinds.table import SPECS
from engine.manifest.fields import allowed_fields, marked_fields
from engine.manifest.nodes import MappingNode, ScalarNode


@dataclass(frozen=True, slots=True)
class Section:
    """One section.

    `entry`: an entry's own fields as people write them, without those of `Common`. `identified_by`: the
    fields that tell its entries apart, each with its normal form.
    """

    kind: str
    entry: type[BaseModel]
    identified_by: tuple[tuple[str, Callable[[str], str]], ...]
    lower: Lower


def _as_written(text: str) -> str:
    return text


_NAME = (("name", _as_written),)
_PATH = (("path", normal_path),)
_SPECIAL: Mapping[str, tuple[str, Section]] = {
    "directory": ("directories", Section("directory", DirectorySpec, _PATH, lower_kind)),
    "file": ("files", Section("file", FileEntry, _PATH, lower_file)),
    "printer": ("printers", Section("printer", PrinterEntry, _NAME, lower_printer)),
    "registry_value": (
        "registry_values",
        Section(
            "registry_value",
            RegistryValueSpec,
            (("key", normal_key), ("name", _as_written), ("view", _as_written)),
            lower_kind,
        ),
    ),
    "service": ("services", Section("service", ServiceSpec, _NAME, lower_service)),
    "software": ("software", Section("software", SoftwareEntry, _NAME, lower_software)),
}


def _sections() -> dict[str, Section]:
    """Every kind has a section; one that needs no lowering is named in the plural, its entries by `name`."""
    sections: dict[str, Section] = {}
    for kind, spec in SPECS.items():
        title, section = _SPECIAL.get(kind, (f"{kind}s", Section(kind, spec, _NAME, lower_kind)))
        sections[title] = section
    return sections


SECTIONS: Mapping[str, Section] = _sections()


# By kind, the paths of the lists to which nearer declarations add, as the kinds' specs say.
UNITED_FIELDS: Mapping[str, frozenset[tuple[str, ...]]] = {
    kind: marked_fields(spec, United) for kind, spec in SPECS.items()
}


def section_fields() -> Mapping[str, frozenset[str]]:
    """For each section, what people may write in its entries beside the fields that all have."""
    return {title: frozenset(allowed_fields(section.entry, ())) for title, section in SECTIONS.items()}


def identity(section: Section, body: MappingNode) -> str | None:
    """What tells an entry apart from the section's others, without case; None where a field is missing."""
    parts: list[str] = []
    for field, normal in section.identified_by:
        node = body.get(field)
        if node is None and field == "view":
            parts.append("64")
            continue
        if not isinstance(node, ScalarNode):
            return None
        try:
            parts.append(normal(node.text).casefold())
        except ValueError:
            parts.append(node.text.casefold())  # the spec's own check says what is wrong with it
    return "\x00".join(parts)


def title(section: Section, body: MappingNode) -> str:
    """How messages name an entry: the share `Staff`."""
    kind = section.kind.replace("_", " ")
    node = body.get(section.identified_by[-1 if section.kind != "registry_value" else 1][0])
    return f"the {kind} `{node.text}`" if isinstance(node, ScalarNode) and node.text else f"the {kind}"
