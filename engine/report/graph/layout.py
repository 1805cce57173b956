"""Layered layout: columns by the longest path, few crossings, and boxes near what they are joined to.

The method is Sugiyama's: ranks; long edges cut by bends, one in each column that they pass; the order within
each column by barycentres, swept to and fro; then the places, as near to the neighbours' mean as their
distances allow. All of it is a function of the edges alone, and linear or nearly so in their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

_SWEEPS = 12


@dataclass(frozen=True, slots=True)
class Layout:
    """Columns from left to right and rows, which are no whole numbers, for each node and bend.

    Nodes are 0 to count-1. An edge runs from its node through its bends to the other node.
    """

    columns: tuple[int, ...]
    rows: tuple[float, ...]
    paths: tuple[tuple[int, ...], ...]  # for each edge: positions in `columns` and `rows`


def lay_out(count: int, edges: Sequence[tuple[int, int]]) -> Layout:
    """Lay out `count` nodes; each edge is (from, to), and `to` is drawn left of `from`.

    What is not joined stands below each other. Edges that close a circle are drawn against the direction of
    the others.
    """
    columns = list(_ranks(count, edges))
    paths = [_path(columns, edge) for edge in edges]
    beside = _beside(len(columns), paths)
    rows = [0.0] * len(columns)
    top = 0.0
    for island in _islands(count, beside):
        layers: list[list[int]] = [[] for _ in range(max(columns[place] for place in island) + 1)]
        for place in island:
            layers[columns[place]].append(place)
        found = _rows(_ordered(layers, beside), beside)
        shift = top - min(found.values())
        for place, row in found.items():
            rows[place] = row + shift
        top = max(rows[place] for place in island) + 1
    return Layout(tuple(columns), tuple(rows), tuple(paths))


def _islands(count: int, beside: Sequence[Sequence[int]]) -> list[list[int]]:
    """The places that are joined with each other, in the order of their first nodes."""
    seen: set[int] = set()
    islands = []
    for start in range(count):
        if start in seen:
            continue
        seen.add(start)
        island, border = [start], [start]
        while border:
            others = dict.fromkeys(other for place in border for other in beside[place])
            border = [other for other in others if other not in seen]
            seen.update(border)
            island += border
        islands.append(sorted(island))
    return islands


def _ranks(count: int, edges: Sequence[tuple[int, int]]) -> list[int]:
    """For each node the number of edges on the longest way from it to one that leads nowhere."""
    targets: list[list[int]] = [[] for _ in range(count)]
    for source, target in edges:
        targets[source].append(target)
    ranks = [-1] * count
    for start in range(count):
        _rank(start, targets, ranks)
    return ranks


def _rank(start: int, targets: Sequence[Sequence[int]], ranks: list[int]) -> None:
    """Depth first, without recursion; an edge back to where the search is does not count."""
    open_nodes = {start}
    stack = [(start, 0)] if ranks[start] < 0 else []
    while stack:
        node, position = stack.pop()
        if position < len(targets[node]):
            stack.append((node, position + 1))
            target = targets[node][position]
            if ranks[target] < 0 and target not in open_nodes:
                open_nodes.add(target)
                stack.append((target, 0))
        else:
            open_nodes.discard(node)
            ranks[node] = max((ranks[target] + 1 for target in targets[node]), default=0)


def _path(columns: list[int], edge: tuple[int, int]) -> tuple[int, ...]:
    """The edge with a bend in each column between its ends; bends are added to `columns`."""
    source, target = edge
    step = -1 if columns[source] > columns[target] else 1
    bends = []
    for column in range(columns[source] + step, columns[target], step):
        bends.append(len(columns))
        columns.append(column)
    return source, *bends, target


def _beside(count: int, paths: Iterable[Sequence[int]]) -> list[list[int]]:
    """The places that each place is joined to."""
    beside: list[list[int]] = [[] for _ in range(count)]
    for path in paths:
        for one, other in pairwise(path):
            beside[one].append(other)
            beside[other].append(one)
    return beside


def _ordered(layers: list[list[int]], beside: Sequence[Sequence[int]]) -> list[list[int]]:
    """The order of each column with the fewest crossings that the sweeps have found."""
    best, fewest = [list(layer) for layer in layers], _crossings(layers, beside)
    for sweep in range(_SWEEPS):
        if fewest == 0:
            break
        forward = sweep % 2 == 0
        order = range(1, len(layers)) if forward else range(len(layers) - 2, -1, -1)
        for column in order:
            other = column - 1 if forward else column + 1
            if sweep % 4 >= 2:
                layers[column].reverse()  # what is equal gets the other order too
            _sort(layers[column], _positions(layers[other]), beside)
        crossings = _crossings(layers, beside)
        if crossings < fewest:
            best, fewest = [list(layer) for layer in layers], crossings
    return best


def _positions(layer: Sequence[int]) -> Mapping[int, int]:
    return {place: position for position, place in enumerate(layer)}


def _sort(layer: list[int], fixed: Mapping[int, int], beside: Sequence[Sequence[int]]) -> None:
    """By the mean of the neighbours' positions; who has none there keeps its own position."""
    keys: dict[int, float] = {}
    for position, place in enumerate(layer):
        keys[place] = _mean([fixed[other] for other in beside[place] if other in fixed], position)
    layer.sort(key=lambda place: keys[place])


def _crossings(layers: Sequence[Sequence[int]], beside: Sequence[Sequence[int]]) -> int:
    return sum(_crossing(left, right, beside) for left, right in pairwise(layers))


def _crossing(left: Sequence[int], right: Sequence[int], beside: Sequence[Sequence[int]]) -> int:
    """Pairs of edges between two columns that cross: inversions, counted with a Fenwick tree."""
    at = _positions(right)
    ends = [end for place in left for end in sorted(at[other] for other in beside[place] if other in at)]
    tree = [0] * (len(right) + 1)
    crossings = 0
    for seen, end in enumerate(ends):
        index, below = end + 1, 0
        while index:
            below += tree[index]
            index &= index - 1
        crossings += seen - below
        index = end + 1
        while index <= len(right):
            tree[index] += 1
            index += index & -index
    return crossings


def _rows(layers: Sequence[Sequence[int]], beside: Sequence[Sequence[int]]) -> dict[int, float]:
    """Rows at least one apart within a column, pulled to the neighbours' means."""
    rows = {
        place: position - (len(layer) - 1) / 2 for layer in layers for position, place in enumerate(layer)
    }
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else layers[::-1]:
            wished = [_mean([rows[other] for other in beside[place]], rows[place]) for place in layer]
            rows.update(zip(layer, _apart(wished), strict=True))
    return rows


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _apart(wished: Sequence[float]) -> list[float]:
    """The rows nearest to those wished for, in their order and at least one apart.

    Least squares by pooling neighbours that are too near: the isotonic regression of `wished[i] - i`.
    """
    pools: list[tuple[float, int]] = []  # mean, members
    for index, wish in enumerate(wished):
        mean, members = wish - index, 1
        while pools and pools[-1][0] >= mean:
            other, count = pools.pop()
            mean = (mean * members + other * count) / (members + count)
            members += count
        pools.append((mean, members))
    means = [mean for mean, members in pools for _ in range(members)]
    return [mean + index for index, mean in enumerate(means)]
