"""Files are read with suspicion."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.app.excerpts import with_lines
from engine.manifest import limits
from engine.manifest.files import read_bytes, read_text, walk_yaml
from engine.manifest.opening import NotAFile
from engine.manifest.packages.msi import read_msi
from engine.model.origin import Finding, Origin
from tests.support.small_district import problems, write_district


def refused(folder: Path, name: str, data: bytes | None = None) -> str:
    """What is said of a file of a folder named `district`."""
    root = folder / "district"
    root.mkdir()
    if data is not None:
        (root / name).write_bytes(data)
    text, finding = read_text(root, name)
    assert text == ""
    return str(finding)


def test_a_mark_and_windows_line_endings_are_no_content(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_bytes(b"\xef\xbb\xbfa: 1\r\nb: 2\r")
    assert read_text(tmp_path, "a.yaml") == ("a: 1\nb: 2\n", None)


def test_utf_16_as_notepad_writes_it(tmp_path: Path) -> None:
    expected = "district/a.yaml:1:1: the file is in UTF-16 (save it as UTF-8) [file-encoding]"
    assert refused(tmp_path, "a.yaml", "a: 1".encode("utf-16")) == expected


def test_an_ansi_file_names_the_byte(tmp_path: Path) -> None:
    expected = "district/a.yaml:2:10: the byte 0xE9 is not UTF-8 (save the file as UTF-8) [file-encoding]"
    assert refused(tmp_path, "a.yaml", b"a: 1\nname: Caf\xe9\n") == expected


def test_a_place_is_counted_in_characters_without_the_mark(tmp_path: Path) -> None:
    expected = "district/a.yaml:1:9: the byte 0xE9 is not UTF-8 (save the file as UTF-8) [file-encoding]"
    assert (
        refused(
            tmp_path, "a.yaml", b"\xef\xbb\xbfa: \xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80Caf"[:-1] + b"\xe9\n"
        )
        == expected
    )


def test_a_file_over_the_limit(tmp_path: Path) -> None:
    expected = "district/a.yaml:1:1: the file is bigger than 1,048,576 bytes (split it) [file-size]"
    assert refused(tmp_path, "a.yaml", b"#" * (limits.FILE_BYTES + 1)) == expected


@pytest.mark.parametrize("name", ["../secret.yaml", "link.yaml", "folder/link.yaml"])
def test_nothing_outside_the_folder_is_read(tmp_path: Path, name: str) -> None:
    root = tmp_path / "root"
    (root / "folder").mkdir(parents=True)
    (tmp_path / "secret.yaml").write_text("password: x")
    (root / "link.yaml").symlink_to(tmp_path / "secret.yaml")
    (root / "folder" / "link.yaml").symlink_to("../../secret.yaml")
    data, finding = read_bytes(root, name, 100)
    assert data == b""
    assert finding is not None
    assert finding.rule == "file-outside"


def test_a_missing_file_is_no_crash(tmp_path: Path) -> None:
    assert refused(tmp_path, "a.yaml").startswith("district/a.yaml:1:1: the file cannot be read:")


def test_links_to_folders_are_told_and_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "x.yaml").write_text("a: 1")
    root = tmp_path / "root"
    root.mkdir()
    (root / "b.yaml").write_text("a: 1")
    (root / "link").symlink_to(outside)
    (root / "loop").symlink_to(root)
    findings: list[Finding] = []
    assert list(walk_yaml(root, ".", findings)) == ["b.yaml"]
    assert [finding.origin.file for finding in findings] == ["root/link", "root/loop"]


def test_a_linked_manifest_out_of_the_tree_is_a_finding(tmp_path: Path) -> None:
    manifests = write_district(tmp_path)
    (tmp_path / "elsewhere.yaml").write_text("shares: []\n")
    (manifests / "schools/alpha/more.yaml").symlink_to(tmp_path / "elsewhere.yaml")
    assert problems(manifests) == [
        "manifests/schools/alpha/more.yaml:1:1: the path leads out of the folder, by a link or by `..`"
        " (keep the file itself in the folder) [file-outside]"
    ]


def test_a_folder_without_a_district(tmp_path: Path) -> None:
    (tmp_path / "fleet").mkdir()
    expected = "fleet/district.yaml:1:1: there is no district.yaml in the manifests folder [no-district]"
    assert problems(tmp_path / "fleet") == [expected]


def test_the_rehearsal_is_no_manifest(tmp_path: Path) -> None:
    assert problems(write_district(tmp_path, {"rehearsal.yaml": "anything: at all\n"})) == []


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    """Nobody writes to it: opening it as usual would never end."""
    manifests = write_district(tmp_path)
    os.mkfifo(manifests / "schools/alpha/pipe.yaml")
    told = (
        "manifests/schools/alpha/pipe.yaml:1:1: the file cannot be read: it is not a file [file-unreadable]"
    )
    assert problems(manifests) == [told]
    shown = with_lines(
        [Finding(Origin("manifests/schools/alpha/pipe.yaml", 1, 1), "selector", "x")], tmp_path, ""
    )
    assert [each.source for each in shown] == [None]
    with pytest.raises(NotAFile):
        read_msi(manifests / "schools/alpha/pipe.yaml")


@pytest.mark.parametrize(
    ("file", "told"),
    [
        ("schools/alpha/resources2.YAML", "manifests end in .yaml (rename it to resources2.yaml)"),
        ("schools/alpha/q.yaml.txt", "manifests end in .yaml (rename it to q.yaml)"),
        ("schools/q.YML", "manifests end in .yaml (rename it to q.yaml)"),
        ("profiles/q.json", "manifests end in .yaml (rename it to q.yaml)"),
        ("catalog/software/q.yml", "manifests end in .yaml (rename it to q.yaml)"),
        ("catalog/q.json", "manifests end in .yaml (rename it to q.yaml)"),
        ("catalog/notes.txt", "this is no manifest, so nobody would read it (move it to another folder)"),
        ("profiles/README", "this is no manifest, so nobody would read it (move it to another folder)"),
    ],
)
def test_files_that_nobody_would_read_are_told(tmp_path: Path, file: str, told: str) -> None:
    manifests = write_district(tmp_path, {file: "services: []\n"})
    assert problems(manifests) == [f"manifests/{file}:1:1: {told} [file-name]"]


@pytest.mark.parametrize("file", ["profiles/.gitkeep", "schools/Thumbs.db", "media/notes.txt", "notes.txt"])
def test_files_that_nobody_sees_or_that_stand_elsewhere_are_not(tmp_path: Path, file: str) -> None:
    assert problems(write_district(tmp_path, {file: "x"})) == []
