"""The entry point: `rollcall`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.cli.commands import apply, plan, rehearse, report, validate
from engine.cli.context import Context, of
from engine.cli.drawing import emit
from engine.cli.failures import report_failure
from engine.cli.logfile import logged
from engine.cli.screen import open_screen

app = typer.Typer(name="rollcall", rich_markup_mode=None, pretty_exceptions_enable=False)
for command in (validate.validate, plan.plan, apply.apply, report.report):
    app.command()(command)
app.add_typer(rehearse.app, name="rehearse")


@app.callback(invoke_without_command=True)
def rollcall(
    context: typer.Context,
    manifests: Annotated[
        Path | None,
        typer.Option(
            "--manifests", "-m", metavar="DIR", help="The manifests; else found here or in a folder above."
        ),
    ] = None,
    no_color: Annotated[
        bool, typer.Option("--no-color", help="No colours; NO_COLOR=1 does the same.")
    ] = False,
    show_version: Annotated[bool, typer.Option("--version", help="Show the version.")] = False,
) -> ExitCode:
    """Configuration as code for a school district's Windows computers.

    \b
    A first look, without touching a school:
      rollcall validate                        check what is written in manifests/
      rollcall rehearse start                  start simulated computers
      rollcall plan --target rehearsal         see what would change
      rollcall apply --target rehearsal        do it

    Every command explains itself: rollcall plan --help
    """
    context.obj = Context(open_screen(no_color=no_color), manifests)
    if show_version:
        emit(of(context).screen, f"rollcall {version('rollcall')}\n")
    elif context.invoked_subcommand is None:
        emit(of(context).screen, context.get_help() + "\n")
        return ExitCode.INVALID
    return ExitCode.DONE


def run(arguments: Sequence[str]) -> int:
    """Run one command line and give its exit code; errors are said on stderr."""
    try:
        with logged(arguments):
            code = app(list(arguments), prog_name="rollcall", standalone_mode=False)
        sys.stdout.flush()
    except Exception as error:  # noqa: BLE001  the outermost boundary: whatever it is becomes a line and a code
        return report_failure(open_screen(no_color="--no-color" in arguments), error, arguments)
    return int(code or 0)


def main() -> None:
    """Run this process's command line and end it."""
    code = run(sys.argv[1:])
    if code == ExitCode.CANCELLED:
        # A thread may still wait for a host that does not answer; nobody waits for the thread.
        sys.stdout.flush()
        os._exit(code)
    sys.exit(code)
