"""What the catalog says of products that nobody uses is held against the kind as well."""

from __future__ import annotations

from pathlib import Path

from tests.compiler.test_mistakes import read_case
from tests.support.small_district import problems, write_district

CASE = Path(__file__).parent / "mistakes" / "catalog-relative-file-version.txt"


def test_it_is_told_once_whether_the_product_is_used_or_not(tmp_path: Path) -> None:
    files, expected = read_case(CASE)
    used = {**files, "schools/alpha/more.yaml": "software:\n  - {name: vlc, hosts: all}\n"}
    (tmp_path / "idle").mkdir()
    (tmp_path / "used").mkdir()
    idle = problems(write_district(tmp_path / "idle", files))
    manifests = write_district(tmp_path / "used", used)
    (manifests / "media" / "vlc.exe").write_bytes(b"MZ")
    assert idle == problems(manifests) == expected


def test_a_timeout_that_the_catalog_takes_the_kind_takes(tmp_path: Path) -> None:
    files, _ = read_case(CASE.with_name("catalog-timeout-too-long.txt"))
    right = {
        name: text.replace("timeout_minutes: 361", "timeout_minutes: 360") for name, text in files.items()
    }
    assert problems(write_district(tmp_path, right)) == []


def test_letters_in_versions_that_are_texts_stay(tmp_path: Path) -> None:
    files, _ = read_case(CASE.with_name("catalog-version-with-letter.txt"))
    right = {name: text.replace("versions:", "comparison: text\nversions:") for name, text in files.items()}
    assert problems(write_district(tmp_path, right)) == []


def test_an_exe_may_say_that_it_needs_no_switch(tmp_path: Path) -> None:
    files, _ = read_case(CASE.with_name("catalog-exe-without-arguments.txt"))
    right = {name: text.replace("vlc.exe,", "vlc.exe, arguments: [],") for name, text in files.items()}
    assert problems(write_district(tmp_path, right)) == []
