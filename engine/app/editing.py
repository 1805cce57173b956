"""What editors need beside the manifests: schemas for completion, hover and marks, and VS Code's settings."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import JsonValue, TypeAdapter

from engine.app.beside import leads_out, replace_file
from engine.app.errors import NotWritten, UnreadableSettings
from engine.compiler.language.documents import document_types
from engine.compiler.language.jsonschema import SchemaFile, schema_files
from engine.compiler.language.writing import json_text

SCHEMAS = ".vscode/rollcall"  # below the project folder
SETTINGS = ".vscode/settings.json"
EXTENSIONS = ".vscode/extensions.json"
EXTENSION = "redhat.vscode-yaml"

_OBJECT: TypeAdapter[dict[str, JsonValue]] = TypeAdapter(dict[str, JsonValue])


@dataclass(frozen=True, slots=True)
class EditorFile:
    """A file as it should be. `path`: relative to the folder that it is written to."""

    path: str
    text: str


def schemas() -> tuple[SchemaFile, ...]:
    """The schema of every type of document, by name of the type."""
    return schema_files(document_types())


def schema_file(schema: SchemaFile) -> EditorFile:
    return EditorFile(f"{schema.name}.schema.json", json_text(schema.schema))


def editor_files(project: Path, manifests: str) -> tuple[EditorFile, ...]:
    """The schemas and VS Code's settings for a project folder.

    `manifests` is the name of the manifests folder in it. What the settings files hold already is kept.

    Raises:
        UnreadableSettings: one of them is no plain JSON: it has comments, for example.
        NotWritten: the way to one of them leads out of the folder by a link.
        OSError: one of them cannot be read.
    """
    drawn = schemas()
    settings = _settings(drawn, manifests)
    recommended: dict[str, JsonValue] = {"recommendations": [EXTENSION]}
    return (
        *(EditorFile(f"{SCHEMAS}/{file.path}", file.text) for file in map(schema_file, drawn)),
        EditorFile(SETTINGS, _merged(project, SETTINGS, settings)),
        EditorFile(EXTENSIONS, _merged(project, EXTENSIONS, recommended)),
    )


def outdated(folder: Path, files: tuple[EditorFile, ...]) -> tuple[EditorFile, ...]:
    """Those of the files that are not there, or say something else.

    Raises:
        OSError: one of them cannot be read.
    """
    return tuple(file for file in files if _read(_place(folder, file.path)) != file.text.encode())


def write_files(folder: Path, files: tuple[EditorFile, ...]) -> None:
    """Write them below a folder, each whole or not at all. A link within the folder stays a link.

    Raises:
        NotWritten: the way to one of them leads out of the folder by a link; nothing was written.
        OSError: one of them cannot be written.
    """
    places = [_place(folder, file.path) for file in files]
    for file, path in zip(files, places, strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        replace_file(path, file.text.encode())


def _settings(drawn: tuple[SchemaFile, ...], manifests: str) -> dict[str, JsonValue]:
    return {
        "yaml.schemas": {
            f"./{SCHEMAS}/{schema_file(schema).path}": [f"{manifests}/{glob}" for glob in schema.globs]
            for schema in drawn
        },
        "yaml.yamlVersion": "1.2",
        "yaml.customTags": [],
        "yaml.format.enable": False,  # `rollcall fmt` has the one canonical form
        "files.associations": {f"**/{manifests}/**/*.yaml": "yaml"},
        "[yaml]": {"editor.insertSpaces": True, "editor.tabSize": 2},
    }


def _place(folder: Path, path: str) -> Path:
    """The file itself, also where its name is a link."""
    if leads_out(folder, folder / path):
        raise NotWritten(f"{path} leads out of {folder} by a link: nothing outside is read or written")
    return (folder / path).resolve()


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _merged(project: Path, path: str, ours: Mapping[str, JsonValue]) -> str:
    """The file with ours added. What people set stays, but for what an older Rollcall set of its schemas."""
    there = _read(_place(project, path))
    theirs: dict[str, JsonValue] = {}
    if there is not None and there.strip():
        try:
            theirs = _OBJECT.validate_python(json.loads(there.decode()))
        except (ValueError, RecursionError):  # neither UTF-8 nor JSON, or no group of settings
            wanted = json_text(ours).rstrip("\n")
            raise UnreadableSettings(
                f"{path} is no plain JSON: it may have comments, and they would be lost. Add this by hand:",
                wanted,
            ) from None
    return json.dumps(_united(_without_old_schemas(theirs), ours), indent=2, ensure_ascii=False) + "\n"


def _without_old_schemas(settings: dict[str, JsonValue]) -> dict[str, JsonValue]:
    known = settings.get("yaml.schemas")
    if not isinstance(known, dict):
        return settings
    kept = {key: globs for key, globs in known.items() if not key.startswith(f"./{SCHEMAS}/")}
    return {**settings, "yaml.schemas": kept}


def _united(theirs: Mapping[str, JsonValue], ours: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    united: dict[str, JsonValue] = dict(theirs)
    for key, value in ours.items():
        there = united.get(key)
        if isinstance(there, dict) and isinstance(value, dict):
            united[key] = _united(there, value)
        elif isinstance(there, list) and isinstance(value, list):
            united[key] = [*there, *(item for item in value if item not in there)]
        elif key not in united:
            united[key] = value
    return united
