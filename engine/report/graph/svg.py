"""The graph as an SVG picture that needs nothing else, light or dark as its reader likes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.sax.saxutils import escape

from engine.model.graph import Graph, Node
from engine.report.graph.labels import LEGEND, fitted, what, where
from engine.report.graph.layout import Layout, lay_out
from engine.report.visible import clean

_BOX = 272, 56  # width and height, in pixels
_GAP = 90, 16  # between columns, and between rows
_MARGIN = 24
_HEAD = 92  # above the boxes: the title and the legend
_COLUMNS = {"kind": 38, "name": 30, "hosts": 38}  # of a line in its box
_ALONE = 4  # columns at least of the boxes without edges, which stand below the others

_STYLE = """
:root { color-scheme: light dark; }
svg { --page: #ffffff; --ink: #1b1f24; --quiet: #59636e; --box: #f6f8fa; --rim: #818b98; --line: #59636e;
      --needs: #0550ae; font-family: system-ui, "Segoe UI", sans-serif; }
@media (prefers-color-scheme: dark) {
  svg { --page: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --box: #161b22; --rim: #656c76; --line: #9198a1;
        --needs: #79c0ff; }
}
.page { fill: var(--page); }
.box { fill: var(--box); stroke: var(--rim); }
.absent .box { stroke-dasharray: 5 4; }
.forget .box { stroke-dasharray: 2 3; }
text { fill: var(--ink); font-size: 12px; }
.title { font-size: 16px; font-weight: 600; }
.kind, .hosts, .legend { fill: var(--quiet); font-size: 11px; }
.name { font-weight: 600; }
.edge { fill: none; stroke: var(--line); stroke-width: 1.1; marker-end: url(#tip); }
.needs { stroke: var(--needs); stroke-width: 2; }
.after { stroke-dasharray: 5 4; }
marker path { fill: var(--line); stroke: none; }
.edge:hover { stroke-width: 3; }
"""


class _Point(NamedTuple):
    x: float
    y: float


class _Picture(NamedTuple):
    """Where each node's box is, by its upper left corner, and the points of each edge.

    From `alone` downwards stand the nodes without edges; None where all or none have some.
    """

    boxes: tuple[_Point, ...]
    edges: tuple[tuple[_Point, ...], ...]
    alone: float | None
    size: _Point


def svg(graph: Graph) -> str:
    """A picture, each arrow from a resource to what it waits for; what waits for nothing stands left."""
    return "".join(f"{line}\n" for line in _lines(graph, _picture(graph)))


def _picture(graph: Graph) -> _Picture:
    at = {node.id: position for position, node in enumerate(graph.nodes)}
    joined = sorted({at[end] for edge in graph.edges for end in (edge.waits, edge.waits_for)})
    place = {node: position for position, node in enumerate(joined)}
    edges = [(place[at[edge.waits]], place[at[edge.waits_for]]) for edge in graph.edges]
    layout = lay_out(len(joined), edges)
    boxes = {node: _corner(layout, position) for node, position in place.items()}
    below = max((corner.y + _pitch()[1] + _GAP[1] for corner in boxes.values()), default=_HEAD - 2 * _GAP[1])
    alone = [position for position in range(len(graph.nodes)) if position not in place]
    across = max(max(layout.columns, default=0) + 1, min(_ALONE, len(alone)))
    for number, node in enumerate(alone):
        row, column = divmod(number, across)
        boxes[node] = _Point(_MARGIN + column * _pitch()[0], below + 2 * _GAP[1] + row * _pitch()[1])
    right = max((corner.x for corner in boxes.values()), default=_MARGIN) + _BOX[0]
    bottom = max((corner.y for corner in boxes.values()), default=_HEAD) + _BOX[1]
    return _Picture(
        tuple(boxes[position] for position in range(len(graph.nodes))),
        tuple(tuple(_points(layout, path)) for path in layout.paths),
        below if alone and joined else None,
        _Point(max(right, 3 * _BOX[0]) + _MARGIN, bottom + _MARGIN),
    )


def _pitch() -> tuple[int, int]:
    """From one column or row to the next."""
    return _BOX[0] + _GAP[0], _BOX[1] + _GAP[1]


def _corner(layout: Layout, position: int) -> _Point:
    wide, high = _pitch()
    return _Point(_MARGIN + layout.columns[position] * wide, _HEAD + layout.rows[position] * high)


def _points(layout: Layout, path: Sequence[int]) -> Iterator[_Point]:
    """Both sides of each bend, so that an edge runs level past the boxes of the columns between its ends."""
    corners = [_corner(layout, position) for position in path]
    leftwards = corners[0].x >= corners[-1].x
    for number, corner in enumerate(corners):
        middle = corner.y + _BOX[1] / 2
        left, right = _Point(corner.x, middle), _Point(corner.x + _BOX[0], middle)
        into, out = (right, left) if leftwards else (left, right)
        if number > 0:
            yield into
        if number < len(corners) - 1:
            yield out


def _lines(graph: Graph, picture: _Picture) -> Iterator[str]:
    wide, high = _number(picture.size.x), _number(picture.size.y)
    yield '<?xml version="1.0" encoding="UTF-8"?>'
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}"'
        f' viewBox="0 0 {wide} {high}" role="img">'
    )
    yield f"<title>{_text(graph.title)}</title>"
    yield f"<style>{_STYLE}</style>"
    yield (
        '<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="8" markerHeight="8"'
        ' markerUnits="userSpaceOnUse" orient="auto"><path d="M0 0 L8 4 L0 8 z"/></marker>'
        f'<clipPath id="box"><rect width="{_BOX[0] - 6}" height="{_BOX[1]}"/></clipPath></defs>'
    )
    yield f'<rect class="page" width="{wide}" height="{high}"/>'
    yield f'<text class="title" x="{_MARGIN}" y="34">{_text(graph.title)}</text>'
    yield from _legend()
    for edge, points in zip(graph.edges, picture.edges, strict=True):
        title = f"{edge.how}, {edge.count} times" if edge.count > 1 else edge.how
        yield f'<path class="edge {edge.how}" d="{_curve(points)}"><title>{title}</title></path>'
    if picture.alone is not None:
        y = _number(picture.alone + _GAP[1])
        text = "These wait for nothing, and nothing waits for them:"
        yield f'<text class="legend" x="{_MARGIN}" y="{y}">{text}</text>'
    for node, corner in zip(graph.nodes, picture.boxes, strict=True):
        yield from _box(node, graph, corner)
    yield "</svg>"


def _legend() -> Iterator[str]:
    for number, (how, text) in enumerate(LEGEND.items()):
        x = _MARGIN + number * 240
        yield f'<path class="edge {how}" d="M{x} 60 H{x + 28}"/>'
        yield f'<text class="legend" x="{x + 36}" y="64">{_text(text)}</text>'


def _curve(points: Sequence[_Point]) -> str:
    """Level lines past the boxes, joined by curves that leave and arrive level."""
    first, *rest = points
    parts = [f"M{_number(first.x)} {_number(first.y)}"]
    here = first
    for number, there in enumerate(rest):
        if number % 2:
            parts.append(f"L{_number(there.x)} {_number(there.y)}")
        else:
            middle = _number((here.x + there.x) / 2)
            end = f"{_number(there.x)} {_number(there.y)}"
            parts.append(f"C{middle} {_number(here.y)} {middle} {_number(there.y)} {end}")
        here = there
    return " ".join(parts)


def _box(node: Node, graph: Graph, corner: _Point) -> Iterator[str]:
    hosts = where(node, graph)
    yield f'<g class="{node.state}" transform="translate({_number(corner.x)} {_number(corner.y)})">'
    yield f"<title>{_text(clean(node.name))}\n{_text(hosts)}\n{_text(clean(node.place))}</title>"
    yield f'<rect class="box" width="{_BOX[0]}" height="{_BOX[1]}" rx="6"/>'
    yield '<g clip-path="url(#box)">'
    lines = (("kind", what(node)), ("name", clean(node.name)), ("hosts", hosts))
    for number, (style, text) in enumerate(lines):
        shown = _text(fitted(text, _COLUMNS[style]))
        yield f'<text class="{style}" x="10" y="{17 + 15 * number}">{shown}</text>'
    yield "</g></g>"


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")


def _text(text: str) -> str:
    """A text of XML 1.0, which cannot hold the last two code points of a plane's first page."""
    return escape(clean(text).replace("\ufffe", "\ufffd").replace("\uffff", "\ufffd"))
