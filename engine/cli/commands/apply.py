"""`rollcall apply`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.app.applying import apply_ready, prepare
from engine.app.exits import ExitCode
from engine.app.planfile import load_plan
from engine.app.planning import make_plan
from engine.app.target import Target
from engine.app.verdicts import exit_code_of_run
from engine.cli.commands.options import Drawn, Host, Kind, Out, School, selection
from engine.cli.context import Format, of
from engine.cli.drawing import show_plan, show_run
from engine.cli.failures import Refused
from engine.cli.fetching import fetching
from engine.cli.interrupt import cancellation
from engine.cli.progress import applying, reading
from engine.cli.saving import opened
from engine.cli.screen import Screen, say
from engine.model.plan import HostStatus, Plan
from engine.report.documents import to_json
from engine.report.lines import draw
from engine.report.plan_text import plan_text
from engine.report.ranges import host_range


def apply(
    context: typer.Context,
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="A plan that was saved; else a plan is made now.")
    ] = None,
    school: School = None,
    host: Host = None,
    kind: Kind = None,
    target: Annotated[
        Target | None,
        typer.Option(
            "--target", "-t", help="The district's computers (the default), or their running rehearsal."
        ),
    ] = None,
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="Do not ask before acting.")] = False,
    form: Drawn = Format.TEXT,
    out: Out = None,
) -> ExitCode:
    """Do what a plan says: the one in FILE, or one that is made and shown now.

    Each change is done only if its object still looks as it did when it was planned, and counts as done only
    when the object was read again as wanted. Installers on servers are fetched before anything is changed.
    Ctrl-C finishes the running steps and stops.

    \b
    Examples:
      rollcall apply                           plans, shows the plan, asks, acts
      rollcall apply monday.json               exactly that plan
      rollcall apply --school dundalk-hs
      rollcall apply --target rehearsal --auto-approve

    Exit codes: 0 done, 3 wrong input, 4 some changes failed, 5 some were refused, 6 some computers did not
    answer, 130 cancelled. Deferred, to be seen after a restart, counts as done; but it is 4 if changes were
    skipped for it.
    """
    screen, project = of(context).screen, of(context).project()
    saved = None if file is None else load_plan(file)
    if not auto_approve and screen.ask is None:
        raise Refused("apply asks before it acts, and nobody is there to answer; add --auto-approve")
    if saved is not None and (school or host or kind or target):
        raise Refused(
            "a saved plan has its own selection and target; leave --school, --host, --kind, --target out"
        )
    with opened(out) as keep:
        if saved is None:
            with reading(screen) as progress:
                plan = make_plan(project, selection(school, host, kind), target or Target.LIVE, progress)
        else:
            plan = saved
            _say_unread(screen, plan)
        drawn = form is Format.TEXT and saved is None
        if drawn:
            show_plan(screen, plan, form)
        if plan.changes and not auto_approve and not _approved(screen, plan, drawn=drawn):
            say(screen, "Nothing was changed.")
            return ExitCode.CANCELLED
        with cancellation(screen) as cancel:
            with fetching(screen) as fetched:
                ready = prepare(project, plan, fetched, cancel)
            with applying(screen, len(plan.changes)) as listener:
                run = apply_ready(ready, listener, cancel)
        try:
            keep(to_json(run))
        finally:  # what was done is told, whatever becomes of the file
            show_run(screen, plan, run, form)
    return exit_code_of_run(plan, run)


def _say_unread(screen: Screen, plan: Plan) -> None:
    """A saved plan holds nothing for hosts that could not be read: without a word that looks like done."""
    unread = host_range(host.host for host in plan.hosts if host.status is not HostStatus.READ)
    if unread:
        say(screen, f"Not read when the plan was made, so nothing is done there: {unread}")


def _approved(screen: Screen, plan: Plan, *, drawn: bool) -> bool:
    """Ask, after the plan was shown: where stdout is for a machine, or the plan is from a file, on stderr."""
    if screen.ask is None:
        return False
    if not drawn:
        draw(screen.err, plan_text(plan))
    where = "the rehearsal" if plan.target == Target.REHEARSAL else "the district's computers"
    screen.err.print(f"\nDo this on {where}? Only 'yes' is taken as a yes: ", end="")
    return screen.ask().strip() == "yes"
