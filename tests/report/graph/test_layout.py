"""The layered layout: what is needed stands left, boxes keep apart, edges pass between them."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.report.graph.layout import Layout, lay_out

NODES = 14


@st.composite
def acyclic(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    """Nodes in a hidden order, and edges that go down in it."""
    count = draw(st.integers(1, NODES))
    order = draw(st.permutations(range(count)))
    pairs = [(order[high], order[low]) for high in range(count) for low in range(high)]
    return count, draw(st.lists(st.sampled_from(pairs), unique=True, max_size=30)) if pairs else []


any_edges = st.lists(st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1)), max_size=40)


def apart(layout: Layout) -> None:
    """Two places of one column are at least a row apart."""
    for column in set(layout.columns):
        rows = sorted(row for row, own in zip(layout.rows, layout.columns, strict=True) if own == column)
        assert all(below - above > 1 - 1e-6 for above, below in pairwise(rows))


@given(acyclic())
@settings(deadline=None)
def test_what_is_waited_for_stands_left(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = drawn
    layout = lay_out(count, edges)
    for waits, waits_for in edges:
        assert layout.columns[waits_for] < layout.columns[waits]
    for node in range(count):
        targets = [layout.columns[other] for own, other in edges if own == node]
        assert layout.columns[node] == max((column + 1 for column in targets), default=0)
    apart(layout)


@given(acyclic())
@settings(deadline=None)
def test_an_edge_has_a_bend_in_each_column_that_it_passes(drawn: tuple[int, list[tuple[int, int]]]) -> None:
    count, edges = drawn
    layout = lay_out(count, edges)
    assert [(path[0], path[-1]) for path in layout.paths] == edges
    for path in layout.paths:
        assert all(layout.columns[a] - layout.columns[b] == 1 for a, b in pairwise(path))
        assert all(bend >= count for bend in path[1:-1])


@given(any_edges)
@settings(max_examples=200, deadline=None)
def test_circles_are_drawn_too(edges: list[tuple[int, int]]) -> None:
    layout = lay_out(NODES, edges)
    assert [(path[0], path[-1]) for path in layout.paths] == edges
    assert min(layout.rows) == 0
    apart(layout)


def test_nothing_to_lay_out() -> None:
    assert lay_out(0, []) == Layout((), (), ())


def test_crossings_that_need_not_be_are_taken_out() -> None:
    # Three printers, with a driver that two of them share, and a port each.
    printers, shared, other, ports = (0, 1, 2), 3, 4, (5, 6, 7)
    edges = [(0, shared), (0, ports[0]), (1, other), (1, ports[1]), (2, shared), (2, ports[2])]
    rows = lay_out(8, edges).rows
    assert not [
        (one, two)
        for one in edges
        for two in edges
        if (rows[one[0]] - rows[two[0]]) * (rows[one[1]] - rows[two[1]]) < 0
    ]
    assert {lay_out(8, edges).columns[printer] for printer in printers} == {1}


def test_the_same_each_time() -> None:
    edges = [(5, 1), (4, 1), (3, 2), (5, 2), (4, 0)]
    assert lay_out(6, edges) == lay_out(6, edges)
