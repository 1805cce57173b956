"""`rollcall fmt`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.app.formatting import Formatting, format_manifests
from engine.cli.context import of
from engine.cli.findings import draw_findings, from_here
from engine.cli.screen import Screen, emit, say
from engine.report.visible import clean


def fmt(
    context: typer.Context,
    paths: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[PATH]...", help="Manifests or folders of them; else all.", show_default=False
        ),
    ] = None,
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; list the files that would change.")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")] = False,
) -> ExitCode:
    """Put manifests into their one canonical form: indentation, quotes, spacing, blank lines.

    Comments, the order of fields and the meaning of every value stay. A file with mistakes is left alone and
    its mistakes are shown.

    \b
    Examples:
      rollcall fmt
      rollcall fmt manifests/schools/dundalk-hs
      rollcall fmt --check                     in a pipeline
      rollcall fmt --diff

    Exit codes: 0 done, 2 files would change (with --check), 3 mistakes found.
    """
    project, screen = of(context).project(), of(context).screen
    found = format_manifests(project, paths or (), write=not (check or diff))
    if found.findings:
        draw_findings(screen.err, found.findings, project.folder)
    if diff:
        for change in found.changed:
            emit(screen, "".join(f"{clean(line)}\n" for line in change.diff().splitlines()))
    else:
        _list(screen, found, from_here(project.folder), written=not check)
    if found.findings:
        return ExitCode.INVALID
    return ExitCode.CHANGES if check and found.changed else ExitCode.DONE


def _list(screen: Screen, found: Formatting, prefix: str, *, written: bool) -> None:
    for change in found.changed:
        screen.out.print(clean(f"{prefix}{change.file}"), soft_wrap=True)
    files = f"{found.files} file" if found.files == 1 else f"{found.files} files"
    verb = "formatted" if written else "would be formatted"
    say(screen, f"{files} read, {len(found.changed)} {verb}.")
