"""`rollcall validate`"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.app.validating import Validation
from engine.app.validating import validate as validate_project
from engine.cli.commands.options import Data
from engine.cli.context import DataFormat, of
from engine.cli.screen import emit, say
from engine.report.visible import clean


def validate(
    context: typer.Context,
    files: Annotated[
        bool,
        typer.Option("--files", help="Also read the catalog's files and compare each with its SHA-256."),
    ] = False,
    form: Data = DataFormat.TEXT,
) -> ExitCode:
    """Check the manifests without talking to any computer.

    Every mistake is shown, one per line: file, line, column, what is wrong, and what to do about it.

    \b
    Examples:
      rollcall validate
      rollcall validate --files                after new installers or drivers
      rollcall validate --format json

    Exit codes: 0 no mistakes, 3 mistakes found.
    """
    screen = of(context).screen
    found = validate_project(of(context).project(), files=files)
    if form is DataFormat.JSON:
        emit(screen, _as_json(found))
    else:
        for finding in found.findings:
            say(screen, clean(str(finding)))
        if not found.findings:
            counts = f"{found.schools} schools, {found.hosts} hosts, {found.resources} resources"
            screen.out.print(f"{counts}: no mistakes found.", soft_wrap=True)
    return ExitCode.INVALID if found.findings else ExitCode.DONE


def _as_json(found: Validation) -> str:
    return json.dumps(asdict(found), indent=2) + "\n"
