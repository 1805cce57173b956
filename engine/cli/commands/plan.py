"""`rollcall plan`"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.app.history.diffing import diff_intents
from engine.app.planfile import save_plan
from engine.app.planning import make_plan
from engine.app.project import Project
from engine.app.selection import Selection
from engine.app.target import Target
from engine.app.verdicts import exit_code_of_plan
from engine.cli.bars import checking
from engine.cli.commands.options import Drawn, Host, Kind, Out, School, To, selection
from engine.cli.context import Format, of
from engine.cli.drawing import show_plan
from engine.cli.interrupt import gentle_end
from engine.cli.progress import reading
from engine.cli.saving import expect_place, save
from engine.cli.screen import Screen, say
from engine.report.intent_view import reach
from engine.report.visible import clean


def plan(
    context: typer.Context,
    school: School = None,
    host: Host = None,
    kind: Kind = None,
    changed_since: Annotated[
        str | None,
        typer.Option(
            "--changed-since",
            metavar="REV",
            help="Only schools whose resources differ from those at this revision (git).",
        ),
    ] = None,
    target: To = Target.LIVE,
    form: Drawn = Format.TEXT,
    out: Out = None,
    detailed_exitcode: Annotated[
        bool, typer.Option("--detailed-exitcode", help="Exit with 2 when there is something to change.")
    ] = False,
) -> ExitCode:
    """Show what would change on which computer. Nothing is written to any of them.

    \b
    Examples:
      rollcall plan
      rollcall plan --school dundalk-hs --kind share
      rollcall plan --out monday.json          then: rollcall apply monday.json
      rollcall plan --changed-since origin/main
      rollcall plan --target rehearsal --detailed-exitcode
      rollcall plan --format markdown          for a comment on a pull request

    Exit codes: 0 planned, 2 there are changes (with --detailed-exitcode), 3 wrong input, 4 some computers or
    resources could not be read, 5 something is refused, 6 some computers did not answer, 130 cancelled.
    """
    screen, project = of(context).screen, of(context).project()
    expect_place(out)
    chosen = selection(school, host, kind)
    if changed_since is not None:
        chosen = _changed(screen, project, chosen, changed_since)
    with reading(screen) as progress:
        made = make_plan(project, chosen, target, progress)
    if out is not None:
        save(out, partial(save_plan, made))  # first: what reads stdout may go away in the middle
    show_plan(screen, made, form)
    if out is not None:
        say(screen, f"Saved. To do exactly this: rollcall apply {out}" if made.changes else f"Saved to {out}")
    return exit_code_of_plan(made, detailed=detailed_exitcode)


def _changed(screen: Screen, project: Project, chosen: Selection, revision: str) -> Selection:
    """Of what was chosen, the schools that the manifests change since a revision; says which, and how much.

    A school is planned whole: what a computer is to lose is in no manifest any more.
    """
    with gentle_end(), checking(screen) as progress:
        found = diff_intents(project, revision, schools=chosen.schools, progress=progress)
    say(screen, f"Changed since {clean(revision)}: {reach(found)}")
    return replace(chosen, within=frozenset(found.schools))
