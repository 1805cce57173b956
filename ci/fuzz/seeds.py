"""What documents are made from: a small district that is right, and every manifest of the repository."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from engine.compiler.sections import section_fields
from engine.manifest.documents.base import Common
from engine.manifest.documents.catalog import (
    Detection,
    Installer,
    PrinterDocument,
    SoftwareDocument,
    SoftwareVersion,
)
from engine.manifest.documents.district import Connection, DistrictDocument, HostGroup, SchoolDocument
from engine.manifest.documents.profile import Parameter, ProfileDocument
from tests.support.small_district import FILES

TOP = Path(__file__).resolve().parents[2]

DISTRICT, SCHOOL, RESOURCES = "district.yaml", "schools/alpha/school.yaml", "schools/alpha/resources.yaml"
PROFILE, SOFTWARE, PRINTER = (
    "profiles/marked.yaml",
    "catalog/software/tool.yaml",
    "catalog/printers/laser.yaml",
)
TEMPLATE = "../templates/room.txt.j2"
TARGETS = (DISTRICT, SCHOOL, RESOURCES, RESOURCES, PROFILE, SOFTWARE, PRINTER, TEMPLATE)

# The small district with more that can go wrong: nested profiles, printers, a delivered template, needs.
BASE: Mapping[str, str] = {
    **FILES,
    "profiles/room.yaml": """\
profile: room
parameters: {queue: {type: text}, sites: {type: list, default: [a, b]}}
profiles:
  - use: marked
    with: {label: 'Room {{ parameters.queue }}'}
files:
  - {path: 'C:\\\\room.txt', template: room.txt.j2}
registry_values:
  - {key: 'HKLM\\\\SOFTWARE\\\\Test', name: Sites, type: multi_string, data: '{{ parameters.sites }}'}
  - {key: 'HKLM\\\\SOFTWARE\\\\Test', name: Queue, type: string, data: '{{ parameters.queue }}',
     needs: 'server/printer/{{ parameters.queue }}'}
""".replace("\\\\", "\\"),
    SCHOOL: FILES[SCHOOL] + "profiles:\n  - {use: room, hosts: lab, with: {queue: Laser}}\n",
    "schools/alpha/printers.yaml": (
        "printers:\n  - {name: Laser, hosts: server, model: laser, address: 10.0.0.9, shared: true}\n"
    ),
    TEMPLATE: "{{ school.name }}{% if host.room is defined %}, room {{ host.room }}{% endif %}\n",
}


class Seed(NamedTuple):
    """A text, and the file of the small district in whose place it may stand."""

    target: str
    text: str


def seeds() -> tuple[Seed, ...]:
    """The base, the sample, and the manifests that are known to be wrong."""
    found = [Seed(target, BASE[target]) for target in dict.fromkeys(TARGETS)]
    sample = TOP / "manifests"
    found += [Seed(_target(path.relative_to(sample)), _read(path)) for path in sorted(sample.rglob("*.yaml"))]
    found += [Seed(TEMPLATE, _read(path)) for path in sorted((TOP / "templates").glob("*.j2"))]
    for case in sorted((TOP / "tests" / "compiler" / "mistakes").glob("*.txt")):
        for block in _read(case).split("=== ")[1:]:
            name, _, text = block.partition("\n")
            if name != "findings":
                found.append(Seed(_target(Path(name)), text))
    return tuple(found)


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def _target(path: Path) -> str:
    """The file of the small district that holds the same type of document."""
    if path.suffix == ".j2":
        return TEMPLATE
    folder = path.parts[0]
    if folder == "schools":
        return SCHOOL if path.name == "school.yaml" else RESOURCES
    if folder == "catalog":
        return PRINTER if path.parts[1] == "printers" else SOFTWARE
    return PROFILE if folder == "profiles" else DISTRICT


def field_names() -> tuple[str, ...]:
    """Every word that means something as a key, somewhere."""
    models = (
        *(Common, Connection, Detection, DistrictDocument, HostGroup, Installer, Parameter, PrinterDocument),
        *(ProfileDocument, SchoolDocument, SoftwareDocument, SoftwareVersion),
    )
    names: dict[str, None] = {}
    for model in models:
        names.update(dict.fromkeys(info.alias or name for name, info in model.model_fields.items()))
    for section, fields in section_fields().items():
        names.update(dict.fromkeys((section, *sorted(fields))))
    return tuple(names)
