"""`rollcall init`"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.app.authoring.scaffolding import Forge, Names, names, scaffold
from engine.app.exits import ExitCode
from engine.cli.context import of
from engine.cli.screen import Screen, emit, say
from engine.report.visible import clean


def init(
    context: typer.Context,
    folder: Annotated[
        Path, typer.Argument(metavar="[FOLDER]", file_okay=False, help="Where the district goes.")
    ] = Path(),
    name: Annotated[
        str | None, typer.Option("--name", metavar="NAME", help="The district's name for people.")
    ] = None,
    identifier: Annotated[
        str | None, typer.Option("--id", metavar="ID", help="The district's short name.")
    ] = None,
    domain: Annotated[
        str | None, typer.Option("--domain", metavar="NAME", help="The Active Directory domain's short name.")
    ] = None,
    dns: Annotated[
        str | None, typer.Option("--dns", metavar="NAME", help="The domain's DNS name, to reach hosts by.")
    ] = None,
    school: Annotated[
        str | None, typer.Option("--school", metavar="NAME", help="The first school's name for people.")
    ] = None,
    school_identifier: Annotated[
        str | None, typer.Option("--school-id", metavar="ID", help="The first school's short name.")
    ] = None,
    prefix: Annotated[
        str | None, typer.Option("--prefix", metavar="ABC", help="How its computers' names start.")
    ] = None,
    ci: Annotated[Forge | None, typer.Option("--ci", help="Add the pipeline for this forge.")] = None,
    vscode: Annotated[
        bool, typer.Option("--vscode/--no-vscode", help="Add schemas and settings for VS Code.")
    ] = True,
) -> ExitCode:
    """Start a district: a folder with one school in it that can be tried out at once.

    Nothing that is there is overwritten. On a terminal the names that are not given are asked for; else, and
    where the answer is empty, an example's are taken. All of them can be changed later.

    \b
    Examples:
      rollcall init bay-county --name 'Bay County Public Schools' --domain BCPS
      rollcall init --school 'Dundalk High School' --prefix DHS --ci github

    Exit codes: 0 done, 3 a name is not possible, 5 files are in the way, 130 cancelled (Ctrl-C, Ctrl-D).
    """
    screen = of(context).screen
    chosen = names(
        district_name=name or _ask(screen, "The district's name", "Example Public Schools"),
        school_name=school or _ask(screen, "The first school's name", "Example High School"),
        district=identifier,
        domain=domain,
        dns=dns,
        school=school_identifier,
        prefix=prefix,
    )
    written = scaffold(folder, chosen, ci, vscode=vscode)
    for path in written:
        emit(screen, f"{clean(path)}\n")
    _tell_next(screen, folder, chosen)
    return ExitCode.DONE


def _ask(screen: Screen, question: str, default: str) -> str:
    """The answer, or the default where it is empty or nobody is there to give one. Ctrl-D cancels."""
    if screen.ask is None:
        return default
    screen.err.print(f"{question} [{default}]: ", end="")
    answer = screen.ask()
    if not answer:  # Ctrl-D, which ends the input: not even the end of a line came
        say(screen, "\nCancelled; nothing was written.")
        raise typer.Exit(ExitCode.CANCELLED)
    return answer.strip() or default


def _tell_next(screen: Screen, folder: Path, chosen: Names) -> None:
    here = folder.resolve() == Path.cwd()
    lines = (
        *(() if here else (f"cd {clean(str(folder))}",)),
        "rollcall validate",
        "rollcall rehearse start",
        "rollcall plan --target rehearsal",
    )
    say(screen, f"The district {chosen.district} is ready. Next:")
    for line in lines:
        say(screen, f"  {line}")
