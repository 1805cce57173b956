"""`rollcall plan`"""

from __future__ import annotations

from functools import partial
from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.app.planfile import save_plan
from engine.app.planning import make_plan
from engine.app.target import Target
from engine.app.verdicts import exit_code_of_plan
from engine.cli.commands.options import Drawn, Host, Kind, Out, School, To, selection
from engine.cli.context import Format, of
from engine.cli.drawing import show_plan
from engine.cli.progress import reading
from engine.cli.saving import expect_place, save
from engine.cli.screen import say


def plan(
    context: typer.Context,
    school: School = None,
    host: Host = None,
    kind: Kind = None,
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
      rollcall plan --target rehearsal --detailed-exitcode
      rollcall plan --format markdown          for a comment on a pull request

    Exit codes: 0 planned, 2 there are changes (with --detailed-exitcode), 3 wrong input, 4 some computers or
    resources could not be read, 5 something is refused, 6 some computers did not answer, 130 cancelled.
    """
    screen, project = of(context).screen, of(context).project()
    expect_place(out)
    with reading(screen) as progress:
        made = make_plan(project, selection(school, host, kind), target, progress)
    if out is not None:
        save(out, partial(save_plan, made))  # first: what reads stdout may go away in the middle
    show_plan(screen, made, form)
    if out is not None:
        say(screen, f"Saved. To do exactly this: rollcall apply {out}" if made.changes else f"Saved to {out}")
    return exit_code_of_plan(made, detailed=detailed_exitcode)
