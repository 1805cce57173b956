"""The catalog's files are the ones that were meant."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.compiler.verify import verify_media
from tests.support.small_district import load, write_district

DRIVER = b"[Version]\n"


def told(manifests: Path) -> list[str]:
    return [str(finding) for finding in verify_media(load(manifests))]


def test_the_right_files(tmp_path: Path) -> None:
    assert told(write_district(tmp_path)) == []


def test_an_exchanged_installer_is_told_for_each_version_that_names_it(tmp_path: Path) -> None:
    manifests = write_district(tmp_path)
    (manifests / "media/tool-2.msi").write_bytes(b"something else")
    found = hashlib.sha256(b"something else").hexdigest()
    assert told(manifests) == [
        f"manifests/catalog/software/tool.yaml:{line}:62: media/tool-2.msi is not the file that was meant:"
        f" its SHA-256 is {found} (if the file is right, write this digest) [wrong-file]"
        for line in (9, 12)
    ]


def test_the_files_of_a_driver(tmp_path: Path) -> None:
    right = hashlib.sha256(DRIVER).hexdigest()
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
