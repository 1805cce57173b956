"""`rollcall schema`: one printed, all written, VS Code set up."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.app.editing import schemas
from tests.cli.conftest import Invoke


def test_the_types_are_listed(invoke: Invoke) -> None:
    done = invoke("schema")
    assert done.code == 0
    assert [line.split()[0] for line in done.out.splitlines()] == [each.name for each in schemas()]


@pytest.mark.parametrize("name", [each.name for each in schemas()])
def test_one_is_printed(invoke: Invoke, name: str) -> None:
    done = invoke("schema", name)
    assert done.code == 0
    assert json.loads(done.out) == next(each.schema for each in schemas() if each.name == name)
    assert invoke("schema", name) == done


def test_all_are_written(invoke: Invoke, district: Path) -> None:
    assert invoke("schema", "--out", "drawn/schemas").code == 0
    files = {path.name for path in (district / "drawn/schemas").iterdir()}
    assert files == {f"{each.name}.schema.json" for each in schemas()}


def test_vs_code_is_set_up(invoke: Invoke, district: Path) -> None:
    first = invoke("schema", "--vscode")
    assert first.code == 0
    assert len(first.out.splitlines()) == len(schemas()) + 2
    settings = json.loads((district / ".vscode/settings.json").read_text())
    assert all((district / path).is_file() for path in settings["yaml.schemas"])
    again = invoke("schema", "--vscode")
    assert (again.code, again.out) == (0, "")


def test_settings_with_comments_are_told(invoke: Invoke, district: Path) -> None:
    (district / ".vscode").mkdir()
    (district / ".vscode/settings.json").write_text("{} // mine")
    done = invoke("schema", "--vscode")
    assert done.code == 3
    assert "Add this by hand" in done.err
    assert not (district / ".vscode/rollcall").exists()


def test_settings_that_cannot_be_read_are_told(invoke: Invoke, district: Path) -> None:
    (district / ".vscode/settings.json").mkdir(parents=True)
    done = invoke("schema", "--vscode")
    assert done.code == 3
    assert "settings.json cannot be read" in done.err


def test_a_folder_that_cannot_be_made_is_told(invoke: Invoke, district: Path) -> None:
    (district / "file").write_text("")
    done = invoke("schema", "--out", "file/below")
    assert done.code == 3
    assert "cannot be written" in done.err


def test_a_mistyped_name_is_told_with_the_near_one(invoke: Invoke) -> None:
    done = invoke("schema", "skool")
    assert done.code == 3
    assert "did you mean `school`?" in done.err
    assert "Value error" not in done.err


def test_what_is_to_be_added_by_hand_can_be_pasted(invoke: Invoke, district: Path) -> None:
    (district / ".vscode").mkdir()
    (district / ".vscode/settings.json").write_text('{\n  // ours\n  "a": 1\n}\n')
    done = invoke("schema", "--vscode")
    assert done.code == 3
    first, _, block = done.err.partition("\n")
    assert first.startswith("rollcall: .vscode/settings.json is no plain JSON")
    assert "yaml.schemas" in json.loads(block)
