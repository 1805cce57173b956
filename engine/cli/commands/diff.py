"""`rollcall diff`"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.app.history.diffing import diff_intents
from engine.cli.bars import checking
from engine.cli.commands.options import School
from engine.cli.context import of
from engine.cli.interrupt import gentle_end
from engine.cli.screen import Screen, emit
from engine.model.intent import IntentDiff
from engine.report.documents import intent_json
from engine.report.intent_markdown import intent_markdown
from engine.report.intent_text import intent_text
from engine.report.lines import draw


class DiffFormat(StrEnum):
    """How the difference is written to stdout."""

    TEXT = "text"
    JSON = "json"
    MARKDOWN = "markdown"


def diff(
    context: typer.Context,
    base: Annotated[
        str, typer.Option("--base", "-b", metavar="REV", help="The revision (git) to compare with.")
    ],
    head: Annotated[
        str | None,
        typer.Option("--head", metavar="REV", help="Compare this revision, not the files as they are now."),
    ] = None,
    school: School = None,
    form: Annotated[
        DiffFormat, typer.Option("--format", "-f", help="How the difference is written to stdout.")
    ] = DiffFormat.TEXT,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when something differs.")
    ] = False,
) -> ExitCode:
    """Show what a change of the manifests changes on which computers. None of them is asked.

    What a computer has now does not matter here: that is what a plan compares with.

    \b
    Examples:
      rollcall diff --base HEAD                what is not committed yet
      rollcall diff --base origin/main
      rollcall diff --base v2 --head v3 --school dundalk-hs
      rollcall diff --base main --format markdown

    Mistakes of the base are listed, and what they may reach counts as changed as a whole. Schools whose files
    are the same on both sides are not looked at: rollcall validate looks at all.

    Exit codes: 0 compared, 2 something differs (with --detailed-exitcode), 3 wrong input: also mistakes of
    the newer side, in what schools share or in a school that differs.
    """
    screen, project = of(context).screen, of(context).project()
    with gentle_end(), checking(screen) as progress:
        found = diff_intents(project, base, head, school or (), progress)
    _show(screen, found, form)
    return ExitCode.CHANGES if detailed_exitcode and not found.empty else ExitCode.DONE


def _show(screen: Screen, found: IntentDiff, form: DiffFormat) -> None:
    match form:
        case DiffFormat.TEXT:
            draw(screen.out, intent_text(found))
        case DiffFormat.JSON:
            emit(screen, intent_json(found))
        case DiffFormat.MARKDOWN:
            emit(screen, intent_markdown(found))
