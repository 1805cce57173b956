"""The graph of a school: a stable order, or its cycles in full."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

import networkx as nx

from engine.compiler.edges import Edge
from engine.model.address import Address
from engine.model.origin import Finding, Origin

Describe = Callable[[int], tuple[Address, Origin]]

_CYCLES = 20  # shown at once; one mistake often closes many


def order(
    count: int, edges: Sequence[Edge], describe: Describe
) -> tuple[tuple[int, ...], tuple[Finding, ...]]:
    """Positions 0 to count-1 in an order that respects the edges; among those free to go, the lowest first.

    With cycles the order is empty, and each cycle is a finding that names all its edges with file and line.
    """
    graph: nx.DiGraph[int] = nx.DiGraph()
    graph.add_nodes_from(range(count))
    graph.add_edges_from((edge.earlier, edge.later) for edge in edges)
    try:
        return tuple(nx.lexicographical_topological_sort(graph)), ()
    except nx.NetworkXUnfeasible:
        return (), tuple(_cycles(graph, edges, describe))


def _cycles(graph: nx.DiGraph[int], edges: Sequence[Edge], describe: Describe) -> Iterable[Finding]:
    """One cycle of each knot: breaking it may show another."""
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
