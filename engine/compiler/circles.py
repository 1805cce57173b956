"""Circles in a graph, by the graph library.

That takes long to import, so it is asked only for what is known to have a circle.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TypeVar

import networkx as nx

N = TypeVar("N", int, str)


def circles(links: Iterable[tuple[N, N]]) -> Iterator[list[tuple[N, N]]]:
    """One circle of each knot, the knots in order of their least member: breaking it may show another."""
    graph: nx.DiGraph[N] = nx.DiGraph()
    graph.add_edges_from(links)
    knots = [knot for knot in nx.strongly_connected_components(graph) if len(knot) > 1]
    knots += [{node} for node, other in nx.selfloop_edges(graph) if node == other]
    for knot in sorted(knots, key=min):
        yield list(nx.find_cycle(graph.subgraph(knot), source=min(knot)))
