"""The graph in the DOT language of Graphviz.

Its documentation of the language: within quotes only `"` is escaped, by a backslash; labels also read
backslashes and the entities of HTML. https://graphviz.org/doc/info/lang.html
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.graph import Graph, How, Node
from engine.report.graph.labels import what, where
from engine.report.visible import clean

_STYLES: dict[How, str] = {"needs": "bold", "implied": "solid", "after": "dashed"}
_BORDERS = {"present": "solid", "absent": "dashed", "forget": "dotted"}


def dot(graph: Graph) -> str:
    """A digraph, each arrow from a resource to what it waits for."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield f"digraph {_quoted(clean(graph.title))} {{"
    yield '  rankdir="RL";'
    yield '  node [shape="box", fontname="sans-serif", fontsize="11"];'
    for node in graph.nodes:
        label = "\\n".join(_escaped(part) for part in (what(node), clean(node.name), where(node, graph)))
        tooltip, border = _quoted(_tooltip(node)), _BORDERS[node.state]
        yield f'  {node.id} [label="{label}", tooltip={tooltip}, style="{border}"];'
    for edge in graph.edges:
        yield f'  {edge.waits} -> {edge.waits_for} [style="{_STYLES[edge.how]}", tooltip="{edge.how}"];'
    yield "}"


def _tooltip(node: Node) -> str:
    return f"{clean(node.name)} ({clean(node.place)})"


def _quoted(text: str) -> str:
    return f'"{_escaped(text)}"'


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("\\", "\\\\").replace('"', '\\"')
