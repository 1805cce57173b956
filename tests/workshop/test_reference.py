"""The reference: up to date, complete, and its examples are manifests that are right."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel, TypeAdapter
from pydantic.fields import FieldInfo

from ci.reference.__main__ import REFERENCE, main, outdated, write
from ci.reference.language import LIMITS
from ci.reference.pages import pages
from engine.compiler.language.documents import document_types, section_entries
from engine.compiler.language.types import EitherType, Field, GroupType, ListType, MapType, Type
from engine.compiler.sections import SECTIONS
from engine.manifest import limits
from engine.manifest.documents.base import Common
from engine.manifest.documents.catalog import PrinterDocument, SoftwareDocument
from engine.manifest.documents.district import DistrictDocument, SchoolDocument
from engine.manifest.documents.profile import ProfileDocument
from engine.manifest.documents.rehearsal import RehearsalDocument
from engine.manifest.nodes import plain
from engine.manifest.yaml import parse_yaml
from tests.support.small_district import problems

MODELS: tuple[type[BaseModel], ...] = (
    *(DistrictDocument, SchoolDocument, ProfileDocument, SoftwareDocument, PrinterDocument),
    *(RehearsalDocument, Common),
    *(section.entry for section in SECTIONS.values()),
)
PAGES = pages()


def example(page: str) -> str:
    found = re.search(r"```yaml\n(.*?)```", PAGES[page], re.DOTALL)
    assert found
    return found[1]


def test_it_is_up_to_date() -> None:
    assert outdated(REFERENCE) == ()
    assert main(["--check"]) == 0


def test_pages_that_are_wrong_missing_or_too_many_are_found(tmp_path: Path) -> None:
    write(tmp_path)
    assert outdated(tmp_path) == ()
    (tmp_path / "rules.md").write_text("nothing")
    (tmp_path / "README.md").unlink()
    (tmp_path / "documents/gone.md").write_text("gone")
    assert outdated(tmp_path) == ("README.md", "documents/gone.md", "rules.md")
    write(tmp_path)
    assert outdated(tmp_path) == ()


def test_every_limit_is_told() -> None:
    assert set(LIMITS) == {name for name in vars(limits) if name.isupper()}


def test_no_page_is_long() -> None:
    assert {name: text.count("\n") for name, text in PAGES.items() if text.count("\n") > 400} == {}


def test_links_lead_somewhere() -> None:
    broken = []
    for name, text in PAGES.items():
        for target in re.findall(r"\]\(([^)#]+\.md)", text):
            if not (REFERENCE / Path(name).parent / target).resolve().is_file():
                broken.append((name, target))
        anchors = {re.sub(r"[`.]", "", head).lower() for head in re.findall(r"^#+ (.*)$", text, re.MULTILINE)}
        broken += [(name, anchor) for anchor in re.findall(r"\]\(#([^)]+)\)", text) if anchor not in anchors]
    assert broken == []


def groups_in(of: Type) -> Iterator[GroupType]:
    match of:
        case GroupType():
            yield of
            for field in of.fields:
                yield from groups_in(field.type)
        case ListType():
            yield from groups_in(of.item)
        case MapType():
            yield from groups_in(of.value)
        case EitherType():
            for member in of.members:
                yield from groups_in(member)


def every_field() -> Iterator[tuple[str, Field]]:
    for document in document_types():
        for group in groups_in(document.group):
            yield from ((f"{group.name}.{field.name}", field) for field in group.fields)
    for entry in section_entries():
        for field in (*entry.fields, *entry.common):
            yield f"{entry.section}.{field.name}", field
            for group in groups_in(field.type):
                yield from ((f"{group.name}.{inner.name}", inner) for inner in group.fields)


def test_every_field_is_described_in_a_sentence() -> None:
    assert [name for name, field in every_field() if not field.description.endswith((".", "..."))] == []


def test_every_group_and_section_is_described() -> None:
    named = [group for document in document_types() for group in groups_in(document.group)]
    assert [group.name for group in named if not group.description] == []
    assert [entry.section for entry in section_entries() if not entry.description] == []


def test_every_text_has_an_example() -> None:
    wanting = [name for name, field in every_field() if field.required and not field.examples]
    groups = {"SoftwareVersion.installer", "SoftwareVersion.detection", "SoftwareDocument.versions"}
    choices = {"Installer.type", "RehearsalDocument.domain", "DriverPackage.files"}
    assert set(wanting) <= groups | choices


def models_below(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    for name, info in model.model_fields.items():
        yield f"{model.__name__}.{name}", info
    seen = {each for info in model.model_fields.values() for each in _classes(info.annotation)}
    for each in seen:
        yield from models_below(each)


def _classes(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in getattr(annotation, "__args__", ()):
        yield from _classes(inner)


EXAMPLES = {
    (name, json.dumps(each)): (info, each)
    for model in MODELS
    for name, info in models_below(model)
    for each in info.examples or ()
}


@pytest.mark.parametrize(("name", "written"), sorted(EXAMPLES), ids=lambda value: str(value)[:60])
def test_an_example_of_a_field_is_a_value_of_it(name: str, written: str) -> None:
    info, _ = EXAMPLES[name, written]
    node, findings = parse_yaml(written, "example.yaml")
    assert findings == ()
    assert node is not None
    TypeAdapter(info.rebuild_annotation()).validate_python(plain(node), strict=True)


def test_the_examples_make_a_district_without_mistakes(tmp_path: Path) -> None:
    product = example("documents/software.md")
    files = {
        "district.yaml": example("documents/district.md"),
        "schools/dundalk-hs/school.yaml": example("documents/school.md"),
        "schools/other/school.yaml": "school: other\nname: Other\nhosts: {lab-114: {name: OTHER-01}}\n",
        "schools/other/part.yaml": example("documents/school-part.md"),
        "profiles/computer-lab.yaml": example("documents/profile.md"),
        "profiles/workstation.yaml": "profile: workstation\n",
        "catalog/software/geogebra.yaml": product,
        "catalog/printers/hp-m611.yaml": example("documents/printer.md"),
        "rehearsal.yaml": example("documents/rehearsal.md"),
    }
    for other in ("vc-redist", "geogebra-5"):
        text = product.replace("software: geogebra", f"software: {other}")
        files[f"catalog/software/{other}.yaml"] = re.sub(
            r"^(requires|supersedes): .*\n", "", text, flags=re.M
        )
    for entry in section_entries():
        files[f"schools/dundalk-hs/{entry.section}.yaml"] = example(f"resources/{entry.section}.md")
    media = {
        "media/geogebra-6.0.848.msi": 84_213_760,
        "media/hp-upd/hpcu270u.inf": 48_211,
        "media/hp-upd/hpcu270u.cat": 1_000,
        "files/district-ca.pem": 1_000,
        "../templates/welcome.txt.j2": 10,
    }
    for name, text in files.items():
        path = tmp_path / "manifests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    for name, size in media.items():
        path = tmp_path / "manifests" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            file.truncate(size)  # sparse: nothing is read but its size
    assert problems(tmp_path / "manifests") == []
