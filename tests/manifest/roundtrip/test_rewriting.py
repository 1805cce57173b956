"""Files are rewritten completely or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.manifest.roundtrip.rewriting import (
    NotRewritten,
    Source,
    check_meaning,
    formatted,
    read_source,
)
from engine.manifest.yaml import parse_yaml


@pytest.mark.parametrize("text", ["a: '1'", "b: 1", "a: 1\nb: 2", "a: [1]", "a: 1.0", "a: {", "a: 1\na: 1"])
def test_another_meaning_is_refused(text: str) -> None:
    meant, _ = parse_yaml("a: 1", "a.yaml")
    assert meant is not None
    check_meaning("a:    1 # c", meant)
    with pytest.raises(NotRewritten):
        check_meaning(text, meant)


def test_formatting_compares_with_what_the_file_says(tmp_path: Path) -> None:
    other, _ = parse_yaml("a: 2\n", "a.yaml")
    assert other is not None
    with pytest.raises(NotRewritten, match="something else in line 1"):
        formatted(Source(tmp_path, "a.yaml", "a: 1\n", other, b"a: 1\n"))


@pytest.mark.parametrize(
    ("data", "rule"),
    [
        (b"a: 1\na: 2\n", "yaml-duplicate-key"),
        (b"a: !x 1\n", "yaml-tag"),
        (b"a: [1\n", "yaml-bracket"),
        (b"- a\n", "wrong-type"),
        (b"# nothing\n", "empty-file"),
        ("a: é".encode("latin-1"), "file-encoding"),
        ("a: 1".encode("utf-16"), "file-encoding"),
        (b"a: Room #5\n", "yaml-comment"),
    ],
)
def test_a_file_with_a_mistake_is_not_to_be_rewritten(tmp_path: Path, data: bytes, rule: str) -> None:
    (tmp_path / "a.yaml").write_bytes(data)
    source, findings = read_source(tmp_path.resolve(), "a.yaml")
    assert source is None
    assert [finding.rule for finding in findings] == [rule]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "outside.yaml").write_text("a:  1\n")
    root = tmp_path / "manifests"
    root.mkdir()
    (root / "a.yaml").symlink_to(tmp_path / "outside.yaml")
    source, findings = read_source(root.resolve(), "a.yaml")
    assert source is None
    assert [finding.rule for finding in findings] == ["file-outside"]


@pytest.mark.parametrize(
    ("text", "words"),
    [("? \n: 1\n", "key is empty"), ("a: &x # c\n  |\n  b\n", "block text")],
)
def test_what_has_no_form_is_left_alone_with_a_reason(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "a.yaml").write_text(text)
    source, findings = read_source(tmp_path.resolve(), "a.yaml")
    assert findings == ()
    assert source is not None
    with pytest.raises(NotRewritten, match=words):
        formatted(source)
