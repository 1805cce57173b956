"""`rollcall init` and `rollcall new`"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.cli import main
from engine.cli.screen import open_screen
from tests.cli.conftest import Invoke


@pytest.fixture
def started(district: Path, invoke: Invoke) -> Path:
    """A district that init made, which is the current folder."""
    (district / "manifests/district.yaml").unlink()
    (district / "manifests").rmdir()
    done = invoke("init", "--name", "Bay County", "--school", "Dundalk High School", "--ci", "github")
    assert done.code == 0
    assert "manifests/district.yaml\n" in done.out
    assert "rollcall plan --target rehearsal" in done.err
    return district


def test_a_district_is_right_without_a_question(started: Path, invoke: Invoke) -> None:
    assert (started / ".github/workflows/rollcall.yml").is_file()
    assert invoke("validate").code == 0
    assert invoke("fmt", "--check").code == 0


def test_what_is_in_the_way_has_the_code_of_what_is_refused(started: Path, invoke: Invoke) -> None:
    before = (started / "README.md").read_text()
    done = invoke("init")
    assert (done.code, (started / "README.md").read_text()) == (5, before)
    assert "README.md" in done.err


def test_a_name_that_is_not_possible_is_wrong_input(invoke: Invoke) -> None:
    assert invoke("init", "elsewhere", "--id", "No Name").code == 3
    assert not Path("elsewhere").exists()


def test_a_folder_is_made_and_named_in_what_comes_next(invoke: Invoke) -> None:
    done = invoke("init", "bay", "--no-vscode")
    assert done.code == 0
    assert "  cd bay\n" in done.err
    assert not Path("bay/.vscode").exists()


def test_schools_programs_and_printers_are_added(started: Path, invoke: Invoke) -> None:
    done = invoke("new", "school", "Logan School", "--hosts", "lab=LS-LAB-[01-04]", "--group", "high")
    assert (done.code, done.out) == (0, "manifests/schools/logan-school/school.yaml\n")
    (started / "vlc.exe").write_bytes(b"MZ")
    new = ("new", "software", "vlc", "--file", "vlc.exe", "--version", "3.0")
    done = invoke(*new)
    assert done.code == 3
    assert "--uninstall-key" in done.err
    assert invoke(*new, "--uninstall-key", "VLC media player", "--argument", "/S").code == 0
    assert invoke("new", "printer", "hp-m611").code == 0
    assert invoke("new", "printer", "hp-m611").code == 5
    assert invoke("validate", "--files").code == 0
    assert invoke("fmt", "--check").code == 0


def test_a_group_of_computers_needs_both_of_its_sides(started: Path, invoke: Invoke) -> None:
    assert started.is_dir()
    done = invoke("new", "school", "Logan", "--hosts", "LAB")
    assert done.code == 3
    assert "NAME=HOSTS" in done.err


def test_on_a_terminal_the_names_are_asked_for(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["Bay County\n", "\n"])
    screen = replace(open_screen(no_color=True), ask=lambda: next(answers))
    monkeypatch.setattr(main, "open_screen", lambda **_: screen)
    done = invoke("init", "bay", "--no-vscode")
    assert done.code == 0
    assert "\nname: Bay County\n" in Path("bay/manifests/district.yaml").read_text()
    assert "\nname: Example High School\n" in (
        Path("bay/manifests/schools/example-high-school/school.yaml").read_text()
    )
    assert "The first school's name [Example High School]: " in done.err


def test_ctrl_d_at_a_question_cancels(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["Bay County\n", ""])
    screen = replace(open_screen(no_color=True), ask=lambda: next(answers))
    monkeypatch.setattr(main, "open_screen", lambda **_: screen)
    done = invoke("init", "bay", "--no-vscode")
    assert done.code == 130
    assert done.err.endswith("\nCancelled; nothing was written.\n")
    assert not Path("bay").exists()


def test_what_is_left_to_do_is_shown_with_its_line(started: Path, invoke: Invoke) -> None:
    profile = started / "manifests/district.yaml"
    profile.write_text(profile.read_text() + "shares: [{name: X, hosts: all, path: '{{ vars.nobody }}'}]\n")
    done = invoke("new", "school", "Logan School")
    assert done.code == 3
    assert "ask for what it does not say yet:\nmanifests/district.yaml:" in done.err
    assert "^\n" in done.err
