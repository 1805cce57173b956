"""VS Code's settings: made, kept up to date, and nothing that people wrote is lost."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.app.editing import EditorFile, editor_files, outdated, write_files
from engine.app.errors import NotWritten, UnreadableSettings

REPOSITORY = Path(__file__).resolve().parents[2]


def settings(files: tuple[EditorFile, ...]) -> dict[str, object]:
    text = next(file.text for file in files if file.path == ".vscode/settings.json")
    read: dict[str, object] = json.loads(text)
    return read


def written(folder: Path, text: str, name: str = "settings.json") -> None:
    (folder / ".vscode").mkdir(exist_ok=True)
    (folder / ".vscode" / name).write_text(text, encoding="utf-8")


def test_this_repository_is_set_up() -> None:
    assert [file.path for file in outdated(REPOSITORY, editor_files(REPOSITORY, "manifests"))] == []


def test_every_schema_that_the_settings_name_is_there(tmp_path: Path) -> None:
    files = editor_files(tmp_path, "manifests")
    schemas = settings(files)["yaml.schemas"]
    assert isinstance(schemas, dict)
    assert schemas["./.vscode/rollcall/school.schema.json"] == ["manifests/schools/**/*.yaml"]
    assert {path.removeprefix("./") for path in schemas} < {file.path for file in files}


def test_it_is_the_same_every_time(tmp_path: Path) -> None:
    first = editor_files(tmp_path, "manifests")
    write_files(tmp_path, first)
    assert editor_files(tmp_path, "manifests") == first
    assert outdated(tmp_path, first) == ()


def test_what_people_set_stays(tmp_path: Path) -> None:
    theirs = {
        "editor.fontSize": 16,
        "yaml.customTags": ["!secret"],
        "yaml.format.enable": True,
        "yaml.schemas": {"./mine.json": ["mine/*.yaml"]},
        "[yaml]": {"editor.tabSize": 4},
    }
    written(tmp_path, json.dumps(theirs))
    merged = settings(editor_files(tmp_path, "manifests"))
    assert list(merged)[:5] == list(theirs)
    assert {key: merged[key] for key in ("editor.fontSize", "yaml.customTags", "yaml.format.enable")} == {
        key: theirs[key] for key in ("editor.fontSize", "yaml.customTags", "yaml.format.enable")
    }
    assert merged["[yaml]"] == {"editor.tabSize": 4, "editor.insertSpaces": True}
    schemas = merged["yaml.schemas"]
    assert isinstance(schemas, dict)
    assert schemas["./mine.json"] == ["mine/*.yaml"]
    assert len(schemas) == 7


def test_what_an_older_rollcall_set_goes(tmp_path: Path) -> None:
    old = {
        "./.vscode/rollcall/gone.schema.json": ["*.yaml"],
        "./.vscode/rollcall/school.schema.json": ["old"],
    }
    written(tmp_path, json.dumps({"yaml.schemas": old}))
    schemas = settings(editor_files(tmp_path, "manifests"))["yaml.schemas"]
    assert isinstance(schemas, dict)
    assert "./.vscode/rollcall/gone.schema.json" not in schemas
    assert schemas["./.vscode/rollcall/school.schema.json"] == ["manifests/schools/**/*.yaml"]


@pytest.mark.parametrize(
    "text", ['{\n  // the size\n  "editor.fontSize": 16\n}', '{"a": 1,}', "[]", "{", "[" * 100_000]
)
def test_a_file_with_comments_is_left_alone(tmp_path: Path, text: str) -> None:
    written(tmp_path, text)
    with pytest.raises(UnreadableSettings) as refused:
        editor_files(tmp_path, "manifests")
    added = refused.value.block
    assert json.loads(added)["yaml.yamlVersion"] == "1.2"
    assert (tmp_path / ".vscode/settings.json").read_text() == text


def test_a_file_of_another_encoding_is_left_alone(tmp_path: Path) -> None:
    written(tmp_path, "")
    (tmp_path / ".vscode/settings.json").write_bytes('{"größe": 1}'.encode("latin-1"))
    with pytest.raises(UnreadableSettings):
        editor_files(tmp_path, "manifests")


def test_recommendations_are_added(tmp_path: Path) -> None:
    written(tmp_path, '{"recommendations": ["other.extension"]}', "extensions.json")
    files = {file.path: file.text for file in editor_files(tmp_path, "manifests")}
    assert json.loads(files[".vscode/extensions.json"]) == {
        "recommendations": ["other.extension", "redhat.vscode-yaml"]
    }


def test_an_empty_file_is_filled(tmp_path: Path) -> None:
    written(tmp_path, "\n")
    assert settings(editor_files(tmp_path, "manifests"))["yaml.customTags"] == []


@pytest.mark.parametrize("linked", [".vscode", ".vscode/settings.json", ".vscode/rollcall"])
def test_nothing_is_written_through_a_link_out_of_the_project(tmp_path: Path, linked: str) -> None:
    files = editor_files(tmp_path, "manifests")
    project, outside = tmp_path / "project", tmp_path / "outside"
    project.mkdir()
    outside.mkdir()
    (project / linked).parent.mkdir(exist_ok=True)
    (project / linked).symlink_to(outside / "settings.json" if linked.endswith("json") else outside)
    with pytest.raises(NotWritten, match="by a link"):
        write_files(project, files)
    with pytest.raises(NotWritten, match="by a link"):
        outdated(project, files)
    assert list(outside.iterdir()) == []


def test_settings_are_there_whole_whatever_happens_while_they_are_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, '{"editor.fontSize": 16}')
    files = editor_files(tmp_path, "manifests")

    def crash(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.app.beside.os.fsync", crash)
    with pytest.raises(KeyboardInterrupt):
        write_files(tmp_path, tuple(file for file in files if file.path.endswith("settings.json")))
    assert (tmp_path / ".vscode/settings.json").read_text() == '{"editor.fontSize": 16}'
    assert [path.name for path in (tmp_path / ".vscode").iterdir()] == ["settings.json"]
