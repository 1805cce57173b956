"""The cycles of a school's graph, each named in full."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from engine.compiler.circles import circles
from engine.compiler.edges import Edge
from engine.model.address import Address
from engine.model.origin import Finding, Origin

Describe = Callable[[int], tuple[Address, Origin]]

_CYCLES = 20  # shown at once; one mistake often closes many
_FIRST, _LAST = 12, 4  # steps shown of a long one


def cycles(edges: Sequence[Edge], describe: Describe) -> Iterator[Finding]:
    """One cycle of each knot, with the file and line of its edges: breaking it may show another.

    Of a long one the first and the last edges are told.
    """
    by_ends = {(edge.earlier, edge.later): edge for edge in edges}
    for circle in islice(circles(by_ends), _CYCLES):
        yield _finding([by_ends[ends] for ends in circle], describe)


def _finding(cycle: Sequence[Edge], describe: Describe) -> Finding:
    steps = []
    for edge in reversed(cycle):
        later, earlier = describe(edge.later)[0], describe(edge.earlier)[0]
        steps.append(f"{_short(later)} needs {_short(earlier)} ({edge.origin})")
    if len(steps) > _FIRST + _LAST + 1:
        between = len(steps) - _FIRST - _LAST
        steps = [*steps[:_FIRST], f"{between:,} more steps", *steps[-_LAST:]]
    message = f"these wait for each other: {'; '.join(steps)}"
    return Finding(
        min(edge.origin for edge in cycle), "cycle", message, "remove one of these `needs` or `after`"
    )


def _short(address: Address) -> str:
    return f"{address.host}/{address.kind}/{address.name}"
