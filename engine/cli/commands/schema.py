"""`rollcall schema`"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.app.editing import EditorFile, editor_files, outdated, schema_file, schemas, write_files
from engine.app.exits import ExitCode
from engine.cli.context import of
from engine.cli.failures import Refused
from engine.cli.screen import Screen, emit, say


class DocumentName(StrEnum):
    """The types of documents that have a schema of their own."""

    DISTRICT = "district"
    SCHOOL = "school"
    PROFILE = "profile"
    SOFTWARE = "software"
    PRINTER = "printer"
    REHEARSAL = "rehearsal"


def schema(
    context: typer.Context,
    document: Annotated[
        DocumentName | None, typer.Argument(metavar="[TYPE]", help="Only this type of document.")
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="DIR", file_okay=False, help="Write the schemas to this folder."),
    ] = None,
    vscode: Annotated[
        bool, typer.Option("--vscode", help="Write schemas and settings for VS Code into .vscode/.")
    ] = False,
) -> ExitCode:
    """JSON Schemas of the manifests, for completion, explanations and marks in an editor.

    One TYPE is printed; without one, the types are listed with the files that they are for.

    \b
    Examples:
      rollcall schema --vscode         set up VS Code for this district
      rollcall schema school           print the schema of a school's files
      rollcall schema --out schemas    write all of them, for another editor

    VS Code needs the extension redhat.vscode-yaml, which it then offers to install. Run this again after an
    update of Rollcall. What .vscode/settings.json holds already is kept.
    """
    if vscode:
        return _set_up_vscode(context)
    screen = of(context).screen
    chosen = [each for each in schemas() if document is None or each.name == document.value]
    if out is not None:
        _write(screen, out, tuple(schema_file(each) for each in chosen))
    elif document is not None:
        emit(screen, "".join(schema_file(each).text for each in chosen))
    else:
        emit(screen, "".join(f"{each.name:10} {', '.join(each.globs)}\n" for each in chosen))
    return ExitCode.DONE


def _set_up_vscode(context: typer.Context) -> ExitCode:
    screen, manifests = of(context).screen, of(context).project().manifests
    folder = manifests.parent
    try:
        changed = outdated(folder, editor_files(folder, manifests.name))
    except OSError as error:
        raise Refused(f"{error.filename} cannot be read: {error.strerror}") from None
    _write(screen, folder, changed)
    if not changed:
        say(screen, "Everything is up to date.")
    return ExitCode.DONE


def _write(screen: Screen, folder: Path, files: tuple[EditorFile, ...]) -> None:
    try:
        write_files(folder, files)
    except OSError as error:
        raise Refused(f"{error.filename} cannot be written: {error.strerror}") from None
    emit(screen, "".join(f"{folder / file.path}\n" for file in files))
