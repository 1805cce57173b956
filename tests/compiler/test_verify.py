"""The catalog's files are the ones that were meant."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from engine.compiler.verify import verify_media
from tests.support.small_district import DIGEST, FILES, load, write_district

DRIVER = b"[Version]\n"


def told(manifests: Path) -> list[str]:
    return [str(finding) for finding in verify_media(load(manifests))]


def test_the_right_files(tmp_path: Path) -> None:
    assert told(write_district(tmp_path)) == []


def test_an_exchanged_installer_is_told_for_each_version_that_names_it(tmp_path: Path) -> None:
    manifests = write_district(tmp_path)
    (manifests / "media/tool-2.msi").write_bytes(b"something else")
    found = sha256(b"something else").hexdigest()
    assert told(manifests) == [
        f"manifests/catalog/software/tool.yaml:{line}:62: media/tool-2.msi is not the file that was meant:"
        f" its SHA-256 is {found} (look why first: who changed the file,"
        " and is it its maker's? Only then write the new digest) [wrong-file]"
        for line in (9, 12)
    ]


@pytest.mark.parametrize(
    ("kind", "arguments", "begins", "what"),
    [
        ("msi", "", b"MZ", "no package of Windows Installer"),
        ("exe", ", arguments: [/S]", b"<!DOCTYPE html>", "no program of Windows"),
    ],
)
def test_a_file_that_is_not_of_its_type(
    tmp_path: Path, kind: str, arguments: str, begins: bytes, what: str
) -> None:
    tool = FILES["catalog/software/tool.yaml"]
    other = tool.replace("software: tool", "software: other").replace(DIGEST, sha256(begins).hexdigest())
    other = other.replace("type: msi", f"type: {kind}{arguments}").replace(".msi,", f".b.{kind},")
    manifests = write_district(tmp_path, {"catalog/software/other.yaml": other})
    for name in ("tool-1", "tool-2"):
        (manifests / f"media/{name}.b.{kind}").write_bytes(begins)
    said = told(manifests)
    assert len(said) == 3
    assert all(f".b.{kind} is {what}: it does not begin as one" in line for line in said)


def test_the_files_of_a_driver(tmp_path: Path) -> None:
    right = sha256(DRIVER).hexdigest()
    model = (
        "printer: laser\ntitle: Laser\ndriver: Laser PCL\n"
        f"package:\n  folder: media/laser\n  inf: l.inf\n  files:\n    l.inf: {right}\n    l.cat: {right}\n"
    )
    manifests = write_district(tmp_path, {"catalog/printers/laser.yaml": model})
    (manifests / "media/laser").mkdir()
    (manifests / "media/laser/l.inf").write_bytes(DRIVER)
    assert told(manifests) == [
        "manifests/catalog/printers/laser.yaml:9:12: there is no file media/laser/l.cat [wrong-file]"
    ]
