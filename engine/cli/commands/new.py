"""`rollcall new ...`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.app.authoring.offering import CLASS_DRIVER, NewPrinter, NewProgram, new_printer, new_program
from engine.app.authoring.schools import NewSchool, new_school
from engine.app.authoring.writing import Started
from engine.app.exits import ExitCode
from engine.cli.context import of
from engine.cli.failures import Refused
from engine.cli.findings import draw_findings, from_here
from engine.cli.screen import emit, say
from engine.report.visible import clean

app = typer.Typer(name="new", rich_markup_mode=None, add_completion=False)


@app.callback(invoke_without_command=True)
def new(context: typer.Context) -> ExitCode:
    """Add a school, a program or a printer model: a file that is right, to go on from.

    \b
    Examples:
      rollcall new school 'Dundalk High School' --id dundalk-hs
      rollcall new printer hp-m611 --title 'HP LaserJet Enterprise M611'
      rollcall new software vlc --file vlc.exe --version 3 --uninstall-key VLC
    """
    if context.invoked_subcommand is None:
        emit(of(context).screen, context.get_help() + "\n")
        return ExitCode.INVALID
    return ExitCode.DONE


@app.command()
def school(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="The school's name for people.")],
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="Its short name; else made of the name.")
    ] = None,
    prefix: Annotated[
        str | None,
        typer.Option("--prefix", metavar="ABC", help="How its computers' names start; else the initials."),
    ] = None,
    group: Annotated[
        list[str] | None,
        typer.Option("--group", metavar="GROUP", help="A group of schools it belongs to; may be repeated."),
    ] = None,
    grade: Annotated[
        list[str] | None,
        typer.Option("--grade", metavar="GRADE", help="A grade it teaches, such as 9 or K; may be repeated."),
    ] = None,
    hosts: Annotated[
        list[str] | None,
        typer.Option(
            "--hosts", metavar="NAME=HOSTS", help="A group of computers, by name or range; may be repeated."
        ),
    ] = None,
) -> ExitCode:
    """Add a school with its server, and check it as `rollcall validate` does.

    \b
    Examples:
      rollcall new school 'Dundalk High School' --id dundalk-hs --group high
      rollcall new school 'Logan School' --hosts 'lab=LS-LAB-[01-06]'

    Exit codes: 0 done, 3 something is wrong or left to do, 5 the school is there already.
    """
    wanted = NewSchool(
        name=name,
        identifier=identifier,
        prefix=prefix,
        groups=tuple(group or ()),
        grades=tuple(grade or ()),
        hosts=tuple(_pair(text) for text in hosts or ()),
    )
    return _tell(context, new_school(of(context).project(), wanted))


@app.command()
def software(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(metavar="ID", help="The product's short name.")],
    file: Annotated[Path, typer.Option("--file", metavar="FILE.exe", help="The installer.")],
    version: Annotated[
        str, typer.Option("--version", metavar="VERSION", help="As the installed product reports it.")
    ],
    title: Annotated[
        str | None, typer.Option("--title", metavar="NAME", help="The product's name for people.")
    ] = None,
    publisher: Annotated[
        str | None, typer.Option("--publisher", metavar="NAME", help="Who makes it.")
    ] = None,
    argument: Annotated[
        list[str] | None,
        typer.Option("--argument", metavar="TEXT", help="A silent switch, such as /S; may be repeated."),
    ] = None,
    uninstall_key: Annotated[
        str | None,
        typer.Option("--uninstall-key", metavar="KEY", help="Recognise it by its key below Uninstall."),
    ] = None,
    display_name: Annotated[
        str | None,
        typer.Option("--display-name", metavar="NAME", help="Or by its name under Apps & features."),
    ] = None,
    file_version: Annotated[
        str | None,
        typer.Option("--file-version", metavar="PATH", help="Or by the version of a program file."),
    ] = None,
    uninstaller: Annotated[
        str | None,
        typer.Option("--uninstaller", metavar="PATH", help="The program on hosts that removes it."),
    ] = None,
    uninstaller_argument: Annotated[
        list[str] | None,
        typer.Option("--uninstaller-argument", metavar="TEXT", help="Its silent switch; may be repeated."),
    ] = None,
    folder: Annotated[
        str, typer.Option("--to", metavar="DIR", help="The folder below the manifests that gets the file.")
    ] = "media",
) -> ExitCode:
    """Add a program with an installer of its own (.exe) to the catalog. For a .msi: rollcall catalog add.

    \b
    Example:
      rollcall new software vlc --file vlc-3.0.21-win64.exe --version 3.0.21 \\
        --title 'VLC media player' --publisher VideoLAN --argument /S \\
        --uninstall-key 'VLC media player'

    Exit codes: 0 done, 3 something is wrong or not said, 5 the product or the file is there already.
    """
    wanted = NewProgram(
        identifier=identifier,
        file=file,
        version=version,
        title=title,
        publisher=publisher,
        arguments=tuple(argument or ()),
        uninstaller=uninstaller,
        uninstaller_arguments=tuple(uninstaller_argument or ()),
        key=uninstall_key,
        display_name=display_name,
        file_version=file_version,
    )
    return _tell(context, new_program(of(context).project(), wanted, folder))


@app.command()
def printer(
    context: typer.Context,
    identifier: Annotated[str, typer.Argument(metavar="MODEL", help="The model's short name.")],
    title: Annotated[
        str | None, typer.Option("--title", metavar="NAME", help="The model's name for people.")
    ] = None,
    driver: Annotated[
        str | None,
        typer.Option(
            "--driver",
            metavar="NAME",
            help=f"The driver's name, exactly as Windows shows it; else {CLASS_DRIVER}.",
        ),
    ] = None,
    inf: Annotated[
        Path | None,
        typer.Option("--inf", metavar="FILE.inf", help="The driver's package, below the manifests folder."),
    ] = None,
) -> ExitCode:
    """Add a printer model to the catalog. Without a package, its driver is on the servers already.

    \b
    Examples:
      rollcall new printer hp-m611 --title 'HP LaserJet Enterprise M611'
      rollcall new printer xerox-c8130 --driver 'Microsoft PS Class Driver'
      rollcall new printer hp-upd --driver 'HP Universal Printing PCL 6' \\
        --inf manifests/media/hp-upd/hpcu270u.inf

    Exit codes: 0 done, 3 something is wrong, 5 the model is there already.
    """
    return _tell(context, new_printer(of(context).project(), NewPrinter(identifier, title, driver, inf)))


def _pair(text: str) -> tuple[str, str]:
    name, equals, hosts = text.partition("=")
    if not equals or not name or not hosts:
        raise Refused(f"--hosts takes NAME=HOSTS, such as 'lab-114=DHS-L114-[01-30]', not {text!r}")
    return name, hosts


def _tell(context: typer.Context, started: Started) -> ExitCode:
    screen, folder = of(context).screen, of(context).project().folder
    emit(screen, f"{clean(from_here(folder) + started.file)}\n")
    for note in started.notes:
        say(screen, f"note: {clean(note)}")
    if not started.findings:
        return ExitCode.DONE
    own = [each for each in started.findings if each.origin.file == started.file]
    others = [each for each in started.findings if each.origin.file != started.file]
    if own:
        say(screen, "The file is written. To do before it is right:")
        draw_findings(screen.err, own, folder)
    if others:
        say(screen, "The file is written. Other files have mistakes, or ask for what it does not say yet:")
        draw_findings(screen.err, others, folder)
    return ExitCode.INVALID
