"""`rollcall fmt`"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Invoke


@pytest.fixture
def untidy(district: Path) -> Path:
    file = district / "manifests" / "district.yaml"
    file.write_text('district:   test\nname: "Test"\n')
    return file


def test_check_lists_what_would_change_and_has_a_code_of_its_own(untidy: Path, invoke: Invoke) -> None:
    done = invoke("fmt", "--check")
    assert (done.code, done.out) == (2, "manifests/district.yaml\n")
    assert untidy.read_text() == 'district:   test\nname: "Test"\n'

    assert invoke("fmt").code == 0
    assert untidy.read_text() == "district: test\nname: Test\n"
    done = invoke("fmt", "--check")
    assert (done.code, done.out) == (0, "")


def test_diff_shows_and_writes_nothing(untidy: Path, invoke: Invoke) -> None:
    done = invoke("fmt", "--diff", str(untidy))
    assert done.code == 0
    assert '-district:   test\n-name: "Test"\n+district: test\n+name: Test\n' in done.out
    assert invoke("fmt", "--diff", "--check").code == 2


def test_mistakes_have_the_code_of_wrong_input(district: Path, invoke: Invoke) -> None:
    (district / "manifests" / "district.yaml").write_text("name: Test\nname: Again\n")
    done = invoke("fmt")
    assert done.code == 3
    place, line, mark = done.err.splitlines()[:3]
    assert place.startswith("manifests/district.yaml:2:1: ")
    assert (line, mark) == ("    name: Again", "    ^")


def test_files_are_named_as_seen_from_the_current_folder(
    untidy: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(untidy.parent)
    assert invoke("fmt", "--check").out.splitlines()[0] == "../manifests/district.yaml"
    untidy.write_text("name: Test\nname: Again\n")
    assert invoke("fmt").err.startswith("../manifests/district.yaml:2:1: ")


def test_a_path_elsewhere_is_refused(district: Path, invoke: Invoke) -> None:
    (district / "other.yaml").write_text("a: 1\n")
    done = invoke("fmt", str(district / "other.yaml"))
    assert done.code == 3
    assert "is not below" in done.err
