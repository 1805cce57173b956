"""`rollcall rehearse ...`"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated

import typer

from engine.app import rehearsing
from engine.app.exits import ExitCode
from engine.cli.commands.options import Data
from engine.cli.context import DataFormat, of
from engine.cli.screen import emit, say
from engine.report.visible import clean_lines

app = typer.Typer(name="rehearse", rich_markup_mode=None, add_completion=False)

HostName = Annotated[str, typer.Argument(metavar="HOST", help="A computer's name, such as DHS-SRV01.")]


@app.callback(invoke_without_command=True)
def rehearse(context: typer.Context) -> ExitCode:
    """Simulated computers that speak real WinRM and SMB, to try things out without touching a school.

    \b
    Examples:
      rollcall rehearse start
      rollcall plan --target rehearsal
      rollcall apply --target rehearsal
      rollcall rehearse stop
    """
    if context.invoked_subcommand is None:
        emit(of(context).screen, context.get_help() + "\n")
        return ExitCode.INVALID
    return ExitCode.DONE


@app.command()
def start(
    context: typer.Context,
    fresh: Annotated[
        bool, typer.Option("--fresh", help="Forget what the computers kept from earlier runs.")
    ] = False,
    form: Data = DataFormat.TEXT,
) -> ExitCode:
    """Start a simulated computer for each one in the manifests, in the background.

    One that runs already is left as it is. What is changed on the computers is kept between runs.

    \b
    Examples:
      rollcall rehearse start
      rollcall rehearse start --fresh
    """
    screen = of(context).screen
    status = rehearsing.start_rehearsal(of(context).project(), fresh=fresh)
    if form is DataFormat.JSON:
        emit(screen, _as_json(status))
    else:
        took = f" in {status.seconds:.1f} s" if status.seconds else ""
        screen.out.print(f"{len(status.hosts)} simulated computers run{took}.", soft_wrap=True)
    return ExitCode.DONE


@app.command()
def stop(context: typer.Context) -> ExitCode:
    """Stop the simulated computers; what they hold is kept for the next start.

    \b
    Example:
      rollcall rehearse stop
    """
    here = of(context)
    stopped = rehearsing.stop_rehearsal(here.project())
    here.screen.out.print("Stopped." if stopped else "No rehearsal was running.")
    return ExitCode.DONE


@app.command()
def status(context: typer.Context, form: Data = DataFormat.TEXT) -> ExitCode:
    """Show which simulated computers run, and where they listen.

    \b
    Examples:
      rollcall rehearse status
      rollcall rehearse status --format json
    """
    screen = of(context).screen
    now = rehearsing.rehearsal_status(of(context).project())
    if form is DataFormat.JSON:
        emit(screen, _as_json(now))
        return ExitCode.DONE
    if not now.running:
        screen.out.print("No rehearsal is running; start one with: rollcall rehearse start", soft_wrap=True)
    width = max((len(host.name) for host in now.hosts), default=0)
    for host in now.hosts:
        ports = f"WinRM {host.winrm_http}, TLS {host.winrm_https}, SMB {host.smb}"
        screen.out.print(f"{host.name:<{width}}  {host.address:<15}  {ports}", soft_wrap=True)
    return ExitCode.DONE


@app.command()
def run(
    context: typer.Context,
    host: HostName,
    command: Annotated[
        str, typer.Argument(metavar="COMMAND", help="One PowerShell command line, in quotes.")
    ],
) -> ExitCode:
    """Run one command on a simulated computer, as an administrator would by hand.

    \b
    Examples:
      rollcall rehearse run DHS-SRV01 "Get-SmbShare"
      rollcall rehearse run DHS-SRV01 "Get-Service -Name Spooler"
      rollcall rehearse run DHS-SRV01 "Remove-SmbShare -Name Staff -Force"

    Exit codes: 0 it ran, 3 it cannot be understood, 4 the computer answered with an error.
    """
    screen = of(context).screen
    answer = rehearsing.run_on_rehearsed_host(of(context).project(), host, command)
    for line in answer.lines:
        emit(screen, "".join(f"{text}\n" for text in clean_lines(line)))
    for line in answer.errors:
        for text in clean_lines(line):
            say(screen, text)
    return ExitCode.FAILED if answer.errors else ExitCode.DONE


@app.command()
def fault(
    context: typer.Context,
    host: HostName,
    name: Annotated[str, typer.Argument(metavar="FAULT", help=f"One of {', '.join(rehearsing.FAULTS)}.")],
    off: Annotated[bool, typer.Option("--off", help="Switch it off again.")] = False,
) -> ExitCode:
    """Make a simulated computer misbehave, to see what Rollcall makes of it.

    \b
    Examples:
      rollcall rehearse fault DHS-L114-03 refuse
      rollcall rehearse fault DHS-L114-03 refuse --off
    """
    here = of(context)
    rehearsing.set_fault(here.project(), host, name, on=not off)
    here.screen.out.print(f"{host}: {name} is {'off' if off else 'on'}.", soft_wrap=True)
    return ExitCode.DONE


def _as_json(status: rehearsing.RehearsalStatus) -> str:
    return json.dumps(asdict(status), indent=2) + "\n"
