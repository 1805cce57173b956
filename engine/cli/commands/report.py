"""`rollcall report`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.cli.context import of
from engine.cli.failures import Refused
from engine.cli.saving import save_text
from engine.cli.screen import emit, say
from engine.report.documents import NotADocument, from_json
from engine.report.html import Chapter, report_html


def report(
    context: typer.Context,
    files: Annotated[
        list[Path], typer.Argument(metavar="FILE", help="Saved plans and runs, in their order.")
    ],
    title: Annotated[str, typer.Option("--title", help="The page's heading.")] = "Rollcall report",
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", dir_okay=False, help="Write here, not to stdout."),
    ] = None,
) -> ExitCode:
    """Draw saved plans and runs as one HTML page that needs nothing else.

    A file's name becomes its chapter's heading. The page prints well, and is light or dark
    as its reader likes.

    \b
    Examples:
      rollcall plan --out plan.json
      rollcall apply plan.json --out run.json
      rollcall report plan.json run.json --title "Monday" --out monday.html
    """
    page = report_html(title, [_chapter(file) for file in files])
    if out is None:
        emit(of(context).screen, page)
    else:
        save_text(out, page)
        say(of(context).screen, f"Written to {out}")
    return ExitCode.DONE


def _chapter(file: Path) -> Chapter:
    try:
        return Chapter(file.stem.replace("-", " ").capitalize(), from_json(file.read_bytes()))
    except OSError as error:
        raise Refused(f"{file}: {error.strerror}") from None
    except NotADocument as error:
        raise Refused(f"{file}: {error}") from None
