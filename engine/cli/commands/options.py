"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine.app.selection import KIND_NAMES, Selection
from engine.app.target import Target
from engine.cli.context import DataFormat, Format

School = Annotated[
    list[str] | None,
    typer.Option("--school", "-s", metavar="SCHOOL", help="Only this school; may be repeated."),
]
Host = Annotated[
    list[str] | None,
    typer.Option(
        "--host", "-H", metavar="HOST", help="Only this computer, range, group or role; may be repeated."
    ),
]
Kind = Annotated[
    list[str] | None,
    typer.Option(
        "--kind",
        "-k",
        metavar="KIND",
        help=f"Only resources of this kind ({', '.join(KIND_NAMES)}); may be repeated.",
    ),
]
To = Annotated[
    Target, typer.Option("--target", "-t", help="The district's computers, or their running rehearsal.")
]
Drawn = Annotated[Format, typer.Option("--format", "-f", help="How the result is written to stdout.")]
Data = Annotated[DataFormat, typer.Option("--format", "-f", help="How the result is written to stdout.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--out", "-o", metavar="FILE", dir_okay=False, help="Save the document itself (JSON) here too."
    ),
]


def selection(schools: list[str] | None, hosts: list[str] | None, kinds: list[str] | None) -> Selection:
    """What was chosen by options."""
    return Selection(tuple(schools or ()), tuple(hosts or ()), tuple(kinds or ()))
