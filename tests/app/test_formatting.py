"""Formatting whole folders: the sample, the corpus of mistakes, and what is left alone."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app.errors import NotAManifest
from engine.app.formatting import format_manifests
from engine.app.project import Project
from engine.compiler.district import load_district
from engine.compiler.school import compile_school
from engine.manifest.roundtrip.rewriting import Source, formatted, read_source
from engine.model.base import Frozen
from tests.support.small_district import write_district

TOP = Path(__file__).resolve().parents[2]
SAMPLE = TOP / "manifests"
CASES = sorted((TOP / "tests/compiler/mistakes").glob("*.txt"))


def _specs(manifests: Path) -> dict[str, Frozen]:
    """What every host of a district should have."""
    district = load_district(manifests).district
    assert district is not None
    specs: dict[str, Frozen] = {}
    for school in district.schools:
        intent = compile_school(district, school).intent
        assert intent is not None
        specs.update({str(resource.address): resource.spec for resource in intent.resources})
    return specs


def _in_double_quotes(quoted: re.Match[str]) -> str:
    return quoted[0] if "\\" in quoted[1] else f'"{quoted[1]}"'


def _hurried(text: str) -> str:
    """The same document with deeper indentation, other quotes, wide gaps and blanks at the ends of lines.

    The lines of a block text (`|`) are only indented: everything else in them is the text.
    """
    lines: list[str] = []
    block: int | None = None
    for line in text.split("\n"):
        body = line.lstrip(" ")
        indent = len(line) - len(body)
        if block is not None and (not body or indent > block):
            lines.append(" " * (2 * indent) + body)
            continue
        block = indent if body.endswith("|") else None
        body = f"-   {body[2:]}" if body.startswith("- ") else body
        deeper = " " * (2 * indent)
        if block is None and not body.startswith("#") and "#" not in body:
            body = re.sub(r"(?<=[ \[])'([^']*)'", _in_double_quotes, body) + "  "
            body = body.replace(", ", " ,   ") if "[" in body or "{" in body else body
        lines.append(deeper + body)
        if not body.strip():
            lines.append("")
    return "\n\n" + "\n".join(lines) + "\n\n"


@pytest.fixture
def hurried(tmp_path: Path) -> Path:
    shutil.copytree(TOP / "templates", tmp_path / "templates")
    manifests = tmp_path / "manifests"
    shutil.copytree(SAMPLE, manifests)
    for file in manifests.rglob("*.yaml"):
        file.write_text(_hurried(file.read_text()))
    return manifests


def test_the_sample_is_in_the_canonical_form() -> None:
    found = format_manifests(Project(SAMPLE), write=False)
    assert found.files == len(list(SAMPLE.rglob("*.yaml")))
    assert (found.changed, found.findings) == ((), ())


def test_the_sample_is_found_again_in_another_layout(hurried: Path) -> None:
    before = _specs(hurried)
    found = format_manifests(Project(hurried), write=True)
    assert found.findings == ()
    assert len(found.changed) == found.files
    assert before == _specs(hurried) == _specs(SAMPLE)
    for file in SAMPLE.rglob("*.yaml"):
        again = (hurried / file.relative_to(SAMPLE)).read_text()
        # Comments beside values are under each other only where they were.
        assert [re.sub(" +#", " #", line) for line in again.split("\n")] == [
            re.sub(" +#", " #", line) for line in file.read_text().split("\n")
        ]
    assert format_manifests(Project(hurried), write=True).changed == ()


def _texts() -> Iterator[str]:
    for case in CASES:
        for block in case.read_text().split("=== ")[1:]:
            name, _, text = block.partition("\n")
            if name.endswith(".yaml"):
                yield text


def test_readable_files_of_the_corpus_have_a_form(tmp_path: Path) -> None:
    root, readable = tmp_path.resolve(), 0
    for text in _texts():
        (root / "a.yaml").write_text(text)
        source, _ = read_source(root, "a.yaml")
        if source is None:
            continue
        readable += 1
        once = formatted(source)
        (root / "a.yaml").write_bytes(once)
        again, findings = read_source(root, "a.yaml")
        assert findings == ()
        assert again is not None
        assert formatted(again) == once
    assert readable > 60


def test_a_file_with_a_mistake_is_told_about_and_the_others_are_formatted(tmp_path: Path) -> None:
    manifests = write_district(
        tmp_path,
        {
            "schools/alpha/broken.yaml": "shares:\n    - {name: X\n",
            "schools/alpha/wide.yaml": "shares:   [  ]\n",
        },
    )
    found = format_manifests(Project(manifests), [manifests / "schools"], write=True)
    assert [finding.origin.file for finding in found.findings] == ["manifests/schools/alpha/broken.yaml"]
    assert (manifests / "schools/alpha/broken.yaml").read_text() == "shares:\n    - {name: X\n"
    assert (manifests / "schools/alpha/wide.yaml").read_text() == "shares: []\n"


def test_without_writing_nothing_changes_and_the_difference_is_known(tmp_path: Path) -> None:
    manifests = write_district(tmp_path, {"schools/alpha/wide.yaml": "shares:   [  ]"})
    found = format_manifests(Project(manifests), [manifests / "schools/alpha/wide.yaml"], write=False)
    (change,) = found.changed
    assert change.diff() == (
        "--- a/manifests/schools/alpha/wide.yaml\n+++ b/manifests/schools/alpha/wide.yaml\n@@ -1 +1 @@\n"
        "-shares:   [  ]\n\\ No newline at end of file\n+shares: []\n"
    )
    assert (manifests / "schools/alpha/wide.yaml").read_text() == "shares:   [  ]"


@pytest.mark.parametrize("path", ["../outside.yaml", "nowhere.yaml", "media/tool-2.msi"])
def test_other_paths_are_refused(tmp_path: Path, path: str) -> None:
    manifests = write_district(tmp_path)
    (tmp_path / "outside.yaml").write_text("a: 1\n")
    with pytest.raises(NotAManifest):
        format_manifests(Project(manifests), [manifests / path], write=True)


def test_what_is_written_while_a_file_is_formatted_is_not_lost(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifests = write_district(tmp_path)
    file = manifests / "district.yaml"
    file.write_text(file.read_text() + "\n\n\n")

    def edited_meanwhile(source: Source) -> bytes:
        file.write_text("edited: now\n")
        return formatted(source)

    monkeypatch.setattr("engine.app.formatting.formatted", edited_meanwhile)
    found = format_manifests(Project(manifests), [file], write=True)
    assert [finding.rule for finding in found.findings] == ["not-formatted"]
    assert found.changed == ()
    assert file.read_text() == "edited: now\n"
