"""`rollcall validate`"""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version
from typing import Annotated

import typer

from engine.app.excerpts import with_lines
from engine.app.exits import ExitCode
from engine.app.project import Project
from engine.app.validating import Validation, prefix_in_repository
from engine.app.validating import validate as validate_project
from engine.cli.bars import checking
from engine.cli.commands.options import School
from engine.cli.context import FindingsFormat, of
from engine.cli.findings import draw_findings
from engine.cli.screen import Screen, emit
from engine.report.findings import Looked
from engine.report.findings_github import findings_github
from engine.report.findings_json import findings_json
from engine.report.findings_sarif import findings_sarif


def validate(
    context: typer.Context,
    school: School = None,
    files: Annotated[
        bool,
        typer.Option("--files", help="Also read the catalog's files and compare each with its SHA-256."),
    ] = False,
    fetch: Annotated[
        bool,
        typer.Option(
            "--fetch", help="Also fetch the catalog's installers from their servers, and check them."
        ),
    ] = False,
    form: Annotated[
        FindingsFormat, typer.Option("--format", "-f", help="How mistakes are written to stdout.")
    ] = FindingsFormat.TEXT,
) -> ExitCode:
    """Check the manifests without talking to any computer, unless --fetch asks for it.

    Every mistake is shown: file, line, column, what is wrong, what to do about it, and the line itself.
    --files reads files below the manifests folder only. --fetch logs on to the servers that the manifests
    name: use it on manifests that you trust, never on a pull request before its review.

    \b
    Examples:
      rollcall validate
      rollcall validate --school dundalk-hs    one school and what it shares
      rollcall validate --files                after new installers or drivers
      rollcall validate --fetch                after new installers on servers
      rollcall validate --format github        beside a pull request's lines
      rollcall validate --format sarif         for code scanning and editors

    Exit codes: 0 no mistakes, 3 mistakes found.
    """
    screen, project = of(context).screen, of(context).project()
    with checking(screen) as progress:
        found = validate_project(project, schools=school or (), files=files, progress=progress)
    if fetch:
        found = _with_servers(screen, project, found)
    _show(screen, project, found, form)
    if school and form is FindingsFormat.TEXT:
        screen.out.print("What only all schools together show was not looked at.", soft_wrap=True)
    return ExitCode.INVALID if found.findings else ExitCode.DONE


def _with_servers(screen: Screen, project: Project, found: Validation) -> Validation:
    # Imported here: only this talks to servers, and everybody else need not wait for what that takes.
    from engine.app.verifying import verify_on_servers
    from engine.cli.fetching import fetching

    with fetching(screen) as progress:
        more = verify_on_servers(project, progress)
    return replace(found, findings=tuple(sorted({*found.findings, *more})))


def _show(screen: Screen, project: Project, found: Validation, form: FindingsFormat) -> None:
    looked = Looked(found.schools, found.hosts, found.resources)
    if form is FindingsFormat.TEXT:
        if found.findings:
            draw_findings(screen.out, found.findings, project.folder)
        else:
            screen.out.print(f"{looked}: no mistakes found.", soft_wrap=True)
        return
    # Lines of manifests are for people who have them anyway; documents travel.
    shown = with_lines(found.findings, None, prefix_in_repository(project))
    match form:
        case FindingsFormat.JSON:
            emit(screen, findings_json(shown, looked))
        case FindingsFormat.GITHUB:
            emit(screen, findings_github(shown))
        case FindingsFormat.SARIF:
            emit(screen, findings_sarif(shown, version("rollcall")))
