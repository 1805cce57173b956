"""`rollcall explain`"""

from __future__ import annotations

from typing import Annotated

import typer

from engine.app.exits import ExitCode
from engine.app.explaining import explain as explain_project
from engine.cli.commands.options import Data, Host, Kind, School, selection
from engine.cli.context import DataFormat, of
from engine.cli.screen import emit
from engine.report.explanation_text import explanation_text
from engine.report.lines import draw


def explain(
    context: typer.Context,
    resource: Annotated[
        str,
        typer.Argument(
            metavar="RESOURCE",
            help="`school/host/kind/name`, or what is left of it when that is enough: `share/Staff`, `Staff`."
            " The name of a computer explains the computer; where something else has that name too,"
            " write `host` and the name.",
        ),
    ],
    field: Annotated[
        str | None,
        typer.Argument(
            metavar="[FIELD]", help="Only this field, such as `access`; after `host`, a computer."
        ),
    ] = None,
    school: School = None,
    host: Host = None,
    kind: Kind = None,
    form: Data = DataFormat.TEXT,
) -> ExitCode:
    """Say where everything about a resource was written.

    For each field: its value, the line that set it and that line's layer, and what it took the place of.
    For the resource: why it is on this computer, what it needs, and what needs it. For one that is not on a
    computer: which lines declare it, and for which computers those are.

    \b
    Examples:
      rollcall explain DHS-SRV01/share/Staff
      rollcall explain DHS-SRV01/share/Staff access
      rollcall explain software/geogebra --host DHS-L210-08
      rollcall explain DHS-SRV01/software/geogebra   not there: why not
      rollcall explain DHS-L114-01                   the computer: room, roles
      rollcall explain host DHS-L114-01              never a resource of that name

    Exit codes: 0 explained, 3 wrong input, or there is no such resource.
    """
    screen = of(context).screen
    found = explain_project(of(context).project(), resource, field, selection(school, host, kind))
    if form is DataFormat.JSON:
        emit(screen, found.model_dump_json(indent=2) + "\n")
    else:
        draw(screen.out, explanation_text(found))
    return ExitCode.DONE
