"""`rollcall graph`"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from engine.app.errors import TooMuch
from engine.app.exits import ExitCode
from engine.app.graphing import graph as whole_graph
from engine.app.graphing import graph_around
from engine.cli.commands.options import Host, Kind, School, selection
from engine.cli.context import of
from engine.cli.saving import expect_place, save_text
from engine.cli.screen import emit, say
from engine.model.graph import Graph
from engine.report.graph.dot import dot
from engine.report.graph.mermaid import mermaid
from engine.report.graph.svg import svg


class GraphFormat(StrEnum):
    """How a graph is written."""

    MERMAID = "mermaid"
    DOT = "dot"
    SVG = "svg"
    JSON = "json"


def _json(graph: Graph) -> str:
    return graph.model_dump_json(indent=2) + "\n"


_DRAW: Mapping[GraphFormat, Callable[[Graph], str]] = {
    GraphFormat.MERMAID: mermaid,
    GraphFormat.DOT: dot,
    GraphFormat.SVG: svg,
    GraphFormat.JSON: _json,
}
# Nodes and edges beyond which nobody can read the picture, or, for Mermaid, the program refuses to draw it.
_LIMITS: Mapping[GraphFormat, tuple[int, int]] = {
    GraphFormat.MERMAID: (300, 500),
    GraphFormat.DOT: (5_000, 20_000),
    GraphFormat.SVG: (600, 3_000),
}


def graph(
    context: typer.Context,
    school: School = None,
    host: Host = None,
    kind: Kind = None,
    around: Annotated[
        str | None,
        typer.Option(
            "--around",
            "-a",
            metavar="RESOURCE",
            help="Only what is joined to this resource, on any computer.",
        ),
    ] = None,
    depth: Annotated[
        int, typer.Option("--depth", "-d", min=0, max=100, help="How many arrows away, for --around.")
    ] = 2,
    hosts: Annotated[
        bool, typer.Option("--hosts", help="Each computer on its own, even where they are alike.")
    ] = False,
    form: Annotated[
        GraphFormat, typer.Option("--format", "-f", help="How it is drawn.")
    ] = GraphFormat.MERMAID,
    out: Annotated[
        Path | None,
        typer.Option("--out", "-o", metavar="FILE", dir_okay=False, help="Write here, not to stdout."),
    ] = None,
) -> ExitCode:
    """Draw which resource waits for which. No computer is asked.

    An arrow points from a resource to what it waits for. Resources that are the same on many computers are
    drawn once. With a selection, only arrows within it are drawn; --around follows them anywhere.

    \b
    Examples:
      rollcall graph --school dundalk-hs --format svg --out dundalk.svg
      rollcall graph --around DHS-SRV01/printer/L114-Laser
      rollcall graph --host DHS-SRV01 --kind share --kind directory --format dot
      rollcall graph --school logan-es --format json

    Exit codes: 0 drawn, 3 wrong input, or too much for one picture.
    """
    screen, project = of(context).screen, of(context).project()
    expect_place(out)
    chosen = selection(school, host, kind)
    if around is None:
        found = whole_graph(project, chosen, each_host=hosts)
    else:
        found = graph_around(project, chosen, around, depth, each_host=hosts)
    _expect_readable(found, form)
    drawn = _DRAW[form](found)
    if out is None:
        emit(screen, drawn)
    else:
        save_text(out, drawn)
        say(screen, f"Written to {out}: {len(found.nodes)} resources, {len(found.edges)} arrows")
    return ExitCode.DONE


def _expect_readable(found: Graph, form: GraphFormat) -> None:
    """Refuse what is too big for a picture, and say how to choose a part.

    Raises:
        TooMuch: it is.
    """
    limit = _LIMITS.get(form)
    if limit is None or (len(found.nodes) <= limit[0] and len(found.edges) <= limit[1]):
        return
    size = f"{len(found.nodes):,} resources and {len(found.edges):,} arrows"
    raise TooMuch(
        f"{size} are too much for one {form} picture, which takes {limit[0]:,} and {limit[1]:,};"
        " choose a part with --school, --host, --kind or --around, or take --format json"
    )
