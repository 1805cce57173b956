"""What stands in a node, whatever it is drawn with."""

from __future__ import annotations

from unicodedata import east_asian_width

from engine.model.graph import Graph, How, Node
from engine.report.ranges import host_range
from engine.report.visible import clean

LEGEND: dict[How, str] = {
    "needs": "needs: skipped if the other failed",
    "implied": "needs, because its kind says so",
    "after": "comes after, in any case",
}


def what(node: Node) -> str:
    """The node's kind, with what is special about it."""
    state = () if node.state == "present" else (node.state,)
    protected = ("protected",) if node.protected else ()
    return " · ".join((node.kind.replace("_", " "), *state, *protected))


def where(node: Node, graph: Graph) -> str:
    """The node's hosts; with their school where the graph has several."""
    schools = {each.school for each in graph.nodes}
    school = f"{clean(node.school)}: " if len(schools) > 1 else ""
    return f"{school}{host_range(node.hosts)}"


def width(text: str) -> int:
    """Columns that a text takes; wide characters take two."""
    return sum(2 if east_asian_width(each) in "WF" else 1 for each in text)


def fitted(text: str, columns: int) -> str:
    """A text cut in its middle to fit: the end of a path says more than what is before it."""
    if width(text) <= columns:
        return text
    head, tail = "", ""
    room = columns - 1
    for each in text:
        if width(head + each) > room // 3:
            break
        head += each
    for each in reversed(text):
        if width(head) + width(each + tail) > room:
            break
        tail = each + tail
    return f"{head}…{tail}"
