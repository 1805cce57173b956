"""Every drawing of a graph can be read back, whatever names are in it, and has its nodes and edges."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.graph import Edge, Graph, How, Node
from engine.report.graph.dot import dot
from engine.report.graph.mermaid import mermaid
from engine.report.graph.svg import svg
from tests.report.graph.readers import read_dot, read_mermaid

HOSTILE = [
    'say "quoted"', "[x]{y}(z)", "line\nbreak", "end", "graph TD; A-->B", "a --> b", "n1", "#35;",
    "</script><script>alert(1)</script>", "%% comment", "`tick`", "back\\slash\\", "\\N", "\\l", "]]>", "",
    "ümlaut 漢字 🖨", "\u202eright to left", "\x00\x1b[31m", "\ufffe\uffff", "\ud800", "class absent",
    "-->|x|", "click n1 href", "<br/>", "' onload='alert(1)", '" onload="alert(1)', "subgraph", "&lt;b&gt;",
]  # fmt: skip
HOWS: Sequence[How] = ("needs", "after", "implied")


def node(number: int, name: str, host: str = "H-01") -> Node:
    return Node(
        id=f"n{number}", school="alpha", hosts=(host,), kind="share", name=name, state="present",
        protected=False, place=f"manifests/{name}.yaml:1:1",
    )  # fmt: skip


def chain(names: Sequence[str]) -> Graph:
    """Each waits for the one before it, in another way each time."""
    nodes = tuple(node(number, name) for number, name in enumerate(names, 1))
    edges = tuple(
        Edge(waits=f"n{number + 1}", waits_for=f"n{number}", how=HOWS[number % 3], count=1)
        for number in range(1, len(names))
    )
    return Graph(title=names[0] if names else "", nodes=nodes, edges=edges)


def ends(graph: Graph) -> list[tuple[str, str]]:
    return [(edge.waits, edge.waits_for) for edge in graph.edges]


texts = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(HOSTILE)), min_size=1, max_size=8)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_mermaid_is_a_flowchart(names: list[str]) -> None:
    graph = chain(names)
    nodes, edges = read_mermaid(mermaid(graph))
    assert list(nodes) == [each.id for each in graph.nodes]
    assert edges == ends(graph)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_dot_is_a_digraph(names: list[str]) -> None:
    graph = chain(names)
    nodes, edges = read_dot(dot(graph))
    assert list(nodes) == [each.id for each in graph.nodes]
    assert edges == ends(graph)


@given(texts)
@settings(max_examples=150, deadline=None)
def test_svg_is_xml_without_anything_that_acts(names: list[str]) -> None:
    graph = chain(names)
    root = ET.fromstring(svg(graph))  # noqa: S314 - our own text; a bomb would need a document type
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "style", "defs", "marker", "path", "rect", "clipPath", "g", "text"}
    attributes = {name for element in root.iter() for name in element.attrib}
    assert not any(name.startswith("on") or name.endswith("href") for name in attributes)
    boxes = [element for element in root.iter() if element.get("class") == "box"]
    drawn = [element for element in root.iter() if str(element.get("class")).startswith("edge")]
    assert len(boxes) == len(graph.nodes)
    assert len(drawn) == len(graph.edges) + 3  # the legend has one of each


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_one_label(name: str) -> None:
    graph = chain([name, "other"])
    assert list(read_mermaid(mermaid(graph))[0]) == ["n1", "n2"]
    assert list(read_dot(dot(graph))[0]) == ["n1", "n2"]
    ET.fromstring(svg(graph))  # noqa: S314 - see above


def test_a_name_can_be_read_in_each_drawing() -> None:
    graph = chain(['C:\\Program Files\\[a] "b" & <c>', "x"])
    expected = graph.nodes[0].name
    mermaid_label = read_mermaid(mermaid(graph))[0]["n1"]
    assert mermaid_label.split("<br/>")[1] == expected
    assert read_dot(dot(graph))[0]["n1"].split("\n")[1] == expected
    titles = [element.text or "" for element in ET.fromstring(svg(graph)).iter() if "title" in element.tag]  # noqa: S314
    assert any(text.split("\n")[0] == expected for text in titles)


def test_the_three_ways_of_waiting_are_drawn_apart() -> None:
    graph = chain(["a", "b", "c", "d"])
    assert {edge.how for edge in graph.edges} == set(HOWS)
    assert (
        len({line.split()[1] for line in mermaid(graph).splitlines() if re.match(r"  n\d+ \S+ n", line)}) == 3
    )
    assert len(set(re.findall(r'-> n\d+ \[style="(\w+)"', dot(graph)))) == 3
    assert set(re.findall(r'class="edge (\w+)" d="M\d+ \d+(?:\.\d)? C', svg(graph))) == set(HOWS)


def test_absent_resources_and_many_schools() -> None:
    first, second = node(1, "A"), node(2, "B").model_copy(update={"school": "beta", "state": "absent"})
    graph = Graph(title="two", nodes=(first, second), edges=())
    assert "class n2 absent" in mermaid(graph)
    assert 'style="dashed"' in dot(graph)
    assert "share · absent" in svg(graph)
    for drawn in (mermaid(graph), dot(graph), svg(graph)):
        assert "alpha: H-01" in drawn
        assert "beta: H-01" in drawn


def test_an_empty_graph_is_still_a_drawing() -> None:
    empty = Graph(title="nothing", nodes=(), edges=())
    assert read_mermaid(mermaid(empty)) == ({}, [])
    assert read_dot(dot(empty)) == ({}, [])
    ET.fromstring(svg(empty))  # noqa: S314 - see above


def test_long_and_wide_names_are_cut_in_the_middle() -> None:
    picture = svg(chain(["C:\\" + "very " * 40 + "\\end.txt", "漢" * 60]))
    shown = re.findall(r'<text class="name"[^>]*>([^<]*)</text>', picture)
    assert shown[0].endswith("end.txt")
    assert "…" in shown[0]
    assert len(shown[0]) <= 30
    assert len(shown[1]) <= 16


def test_graphviz_reads_it(tmp_path: Path) -> None:
    program = shutil.which("dot")
    if program is None:
        pytest.skip("Graphviz's dot is not installed")
    file = tmp_path / "g.dot"
    file.write_text(dot(chain(HOSTILE)), encoding="utf-8")
    done = subprocess.run([program, "-Tplain", str(file)], capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
