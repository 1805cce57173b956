"""The entry point: `rollcall`."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.cli.context import Context, of
from engine.cli.failures import report_failure
from engine.cli.lazy import Deferred, LazyGroup
from engine.cli.logfile import logged
from engine.cli.screen import emit, open_screen


class Commands(LazyGroup):
    """All commands, in the order in which people meet them. Each file of `engine.cli.commands` is one."""

    deferred = MappingProxyType(
        {
            "init": Deferred(
                "init",
                "init",
                "Start a district: a folder with one school in it that can be tried out at once.",
            ),
            "validate": Deferred(
                "validate",
                "validate",
                "Check the manifests without talking to any computer, unless --fetch asks for it.",
            ),
            "fmt": Deferred(
                "fmt",
                "fmt",
                "Put manifests into their one canonical form: indentation, quotes, spacing, blank lines.",
            ),
            "new": Deferred(
                "new",
                "app",
                "Add a school, a program or a printer model: a file that is right, to go on from.",
            ),
            "catalog": Deferred("catalog", "app", "What the district offers: software and printer models."),
            "schema": Deferred(
                "schema",
                "schema",
                "JSON Schemas of the manifests, for completion, explanations and marks in an editor.",
            ),
            "explain": Deferred("explain", "explain", "Say where everything about a resource was written."),
            "graph": Deferred("graph", "graph", "Draw which resource waits for which. No computer is asked."),
            "diff": Deferred(
                "diff",
                "diff",
                "Show what a change of the manifests changes on which computers. None of them is asked.",
            ),
            "plan": Deferred(
                "plan",
                "plan",
                "Show what would change on which computer. Nothing is written to any of them.",
            ),
            "apply": Deferred(
                "apply", "apply", "Do what a plan says: the one in FILE, or one that is made and shown now."
            ),
            "report": Deferred(
                "report", "report", "Draw saved plans and runs as one HTML page that needs nothing else."
            ),
            "rehearse": Deferred(
                "rehearse",
                "app",
                "Simulated computers that speak real WinRM and SMB, to try things out without touching"
                " a school.",
            ),
        }
    )


app = typer.Typer(name="rollcall", cls=Commands, rich_markup_mode=None, pretty_exceptions_enable=False)
Commands.fill(app)


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
