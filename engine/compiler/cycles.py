"""The cycles of a school's graph, each named in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import networkx as nx

from engine.compiler.edges import Edge
from engine.model.address import Address
from engine.model.origin import Finding, Origin

Describe = Callable[[int], tuple[Address, Origin]]

_CYCLES = 20  # shown at once; one mistake often closes many


def cycles(edges: Sequence[Edge], describe: Describe) -> Iterator[Finding]:
    """One cycle of each knot, with the file and line of all its edges: breaking it may show another."""
    graph: nx.DiGraph[int] = nx.DiGraph((edge.earlier, edge.later) for edge in edges)
    by_ends = {(edge.earlier, edge.later): edge for edge in edges}
    knots = [knot for knot in nx.strongly_connected_components(graph) if len(knot) > 1]
    knots += [{node} for node, other in nx.selfloop_edges(graph) if node == other]
    for knot in sorted(knots, key=min)[:_CYCLES]:
        found = nx.find_cycle(graph.subgraph(knot), source=min(knot))
        yield _finding([by_ends[earlier, later] for earlier, later in found], describe)


def _finding(cycle: Sequence[Edge], describe: Describe) -> Finding:
    steps = []
    for edge in reversed(cycle):
        later, earlier = describe(edge.later)[0], describe(edge.earlier)[0]
        steps.append(f"{_short(later)} needs {_short(earlier)} ({edge.origin})")
    message = f"these wait for each other: {'; '.join(steps)}"
    return Finding(
        min(edge.origin for edge in cycle), "cycle", message, "remove one of these `needs` or `after`"
    )


def _short(address: Address) -> str:
    return f"{address.host}/{address.kind}/{address.name}"
