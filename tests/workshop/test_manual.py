"""The manual's examples are one district, and it is right. Commands and fields that it names exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from typer._click import Command, Context  # as in engine.cli.lazy: typer has no public names for these
from typer.core import TyperGroup

from engine.cli.main import Commands
from engine.compiler.school import compile_school
from tests.support.editor import marks
from tests.support.editor_yaml import read_document
from tests.support.small_district import load, problems

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = [DOCS / "manifests.md", *sorted((DOCS / "manual").glob("*.md"))]
_BLOCK = re.compile(r"^```yaml\n# (?P<file>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def files() -> dict[str, str]:
    """What the blocks of all pages make: those of one file, one after the other."""
    made: dict[str, str] = {}
    for page in PAGES:
        for block in _BLOCK.finditer(read(page)):
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
        text = read(page)
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


def commands() -> list[tuple[str, ...]]:
    """The command lines of all pages, as words."""
    blocks = [block for page in PAGES for block in re.findall(r"^```sh\n(.*?)^```$", read(page), re.M | re.S)]
    return [tuple(shlex.split(line)[1:]) for block in blocks for line in block.splitlines()]


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_a_command_line_is_one_of_the_program(
    words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for file in (word for word in words if word.endswith((".msi", ".exe"))):
        Path(file).parent.mkdir(exist_ok=True)
        Path(file).touch()
    command: Command = Commands.deferred[words[0]].load(words[0])
    rest = list(words[1:])
    while isinstance(command, TyperGroup):
        _, inner, rest = command.resolve_command(Context(command), rest)
        assert inner is not None
        command = inner
    command.make_context(words[0], rest)  # raises for an option or a number of words that it does not have


def test_the_commands_that_pages_name_exist() -> None:
    pages = [*PAGES, *DOCS.glob("*.md")]
    named = {name for page in pages for name in re.findall(r"`rollcall ([a-z]+)", read(page))}
    assert named <= set(Commands.deferred)
