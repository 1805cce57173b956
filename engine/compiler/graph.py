"""The graph of a school: a stable order, or its cycles in full."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from graphlib import CycleError, TopologicalSorter
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from engine.compiler.edges import ClassEdge, Edge
from engine.model.origin import Finding

if TYPE_CHECKING:
    from engine.compiler.cycles import Describe


def order(
    count: int, edges: Sequence[Edge], describe: Describe
) -> tuple[tuple[int, ...], tuple[Finding, ...]]:
    """Positions 0 to count-1 in an order that respects the edges; among those free to go, the lowest first.

    With cycles the order is empty, and each cycle is a finding that names all its edges with file and line.
    """
    ordered = tuple(_ordered(count, edges))
    if len(ordered) == count:
        return ordered, ()
    # Only where there is a cycle: the graph library takes a third of the time that a check needs to start.
    from engine.compiler.cycles import cycles

    return (), tuple(cycles(edges, describe))


def _ordered(count: int, edges: Sequence[Edge]) -> Iterator[int]:
    """Kahn's algorithm with a heap; what a cycle keeps waiting is left out."""
    waits = [0] * count
    followers: dict[int, list[int]] = {}
    for edge in edges:
        waits[edge.later] += 1
        followers.setdefault(edge.earlier, []).append(edge.later)
    free = [position for position in range(count) if not waits[position]]  # sorted, and so a heap
    while free:
        position = heappop(free)
        yield position
        for later in followers.get(position, ()):
            waits[later] -= 1
            if not waits[later]:
                heappush(free, later)


def has_cycle(edges: Iterable[ClassEdge]) -> bool:
    """Whether a resource of some host class comes before itself."""
    earlier: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for edge in edges:
        earlier.setdefault(edge.later, []).append(edge.earlier)
    try:
        TopologicalSorter(earlier).prepare()
    except CycleError:
        return True
    return False
