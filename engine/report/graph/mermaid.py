"""The graph as a Mermaid flowchart, as GitHub, GitLab and many wikis draw it.

Mermaid's documentation of flowcharts: texts in quotes may hold anything, with `#NNN;` for the character of
that number; https://mermaid.js.org/syntax/flowchart.html
"""

from __future__ import annotations

from collections.abc import Iterator

from engine.model.graph import Graph, How, Node
from engine.report.graph.labels import LEGEND, what, where
from engine.report.visible import clean

_ARROWS: dict[How, str] = {"needs": "==>", "implied": "-->", "after": "-.->"}
_PLAIN = frozenset(" .,:-_/()·")  # beside letters and digits, what means nothing to Mermaid within quotes
_STYLES = {"absent": "stroke-dasharray: 5 4", "forget": "stroke-dasharray: 2 3"}


def mermaid(graph: Graph) -> str:
    """A flowchart, each arrow from a resource to what it waits for."""
    return "".join(f"{line}\n" for line in _lines(graph))


def _lines(graph: Graph) -> Iterator[str]:
    yield "flowchart RL"
    for how, text in LEGEND.items():
        yield f"  %% {_ARROWS[how]} {text}"
    for node in graph.nodes:
        yield f'  {node.id}["{_label(node, graph)}"]'
    for edge in graph.edges:
        yield f"  {edge.waits} {_ARROWS[edge.how]} {edge.waits_for}"
    for state, style in _STYLES.items():
        marked = [node.id for node in graph.nodes if node.state == state]
        if marked:
            yield f"  classDef {state} {style}"
            yield f"  class {','.join(marked)} {state}"


def _label(node: Node, graph: Graph) -> str:
    return "<br/>".join(_text(part) for part in (what(node), clean(node.name), where(node, graph)))


def _text(text: str) -> str:
    return "".join(each if each.isalnum() or each in _PLAIN else f"#{ord(each)};" for each in text)
