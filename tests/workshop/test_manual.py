"""The manual's examples are one district, and it is right. Commands and fields that it names exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer

from engine.cli.main import Commands, app
from engine.compiler.school import compile_school
from tests.support.editor import marks
from tests.support.editor_yaml import read_document
from tests.support.small_district import load, problems

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS / "manifests.md", *sorted((DOCS / "manual").glob("*.md"))]
_BLOCK = re.compile(r"^```yaml\n# (?P<file>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def files() -> dict[str, str]:
    """What the blocks of all pages make: those of one file, one after the other."""
    made: dict[str, str] = {}
    for page in PAGES:
        for block in _BLOCK.finditer(page.read_text(encoding="utf-8")):
            made[block["file"]] = made.get(block["file"], "") + block["text"]
    return made


def write(folder: Path) -> Path:
    """The manual's district on disk; every file that it refers to is there."""
    manifests = folder / "manifests"
    for name, text in files().items():
        path = manifests / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        for source in re.findall(r"source: (media/\S+)", text):
            (manifests / source).parent.mkdir(exist_ok=True)
            (manifests / source).write_bytes(b"x")
        for template in re.findall(r"template: ([\w.]+)", text):
            (folder / "templates").mkdir(exist_ok=True)
            (folder / "templates" / template).touch()
    return manifests


def test_every_example_is_in_a_file() -> None:
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        assert text.count("```yaml") == len(_BLOCK.findall(text)), page.name


def test_the_examples_are_a_district_without_mistakes(tmp_path: Path) -> None:
    manifests = write(tmp_path)
    assert problems(manifests) == []
    compiled = compile_school(load(manifests), "dundalk-hs")
    assert compiled.intent is not None
    kinds = {resource.address.kind for resource in compiled.intent.resources}
    assert kinds >= {"share", "printer", "software", "file", "registry_value", "service"}


@pytest.mark.parametrize("file", files())
def test_an_editor_marks_nothing_in_them(file: str) -> None:
    assert marks(file, read_document(files()[file])) == set()


def test_the_commands_that_pages_name_exist() -> None:
    known = set(Commands.deferred)
    pages = [*PAGES, *DOCS.glob("*.md")]
    named = {
        name for page in pages for name in re.findall(r"`rollcall ([a-z]+)", page.read_text(encoding="utf-8"))
    }
    assert named - known == set()
    assert set(typer.main.get_group(app).commands) == known
