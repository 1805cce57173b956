"""The graph for people has the edges of the compiled graph, no more and no fewer."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from engine.compiler.drawing import around, graph_of
from engine.compiler.school import compile_school
from engine.model.graph import Graph
from engine.model.resource import Resource
from tests.support.small_district import intent, load, write_district

MANIFESTS = Path(__file__).resolve().parents[2] / "manifests"
Edge = tuple[str, str, bool]

TEXT = """\
shares:
  - {name: Old, path: 'D:\\Old', hosts: server, state: absent}
  - {name: Older, path: 'D:\\Older', hosts: server, state: absent, needs: share/Old}
services:
  - {name: Spooler, state: running, hosts: server, needs: share/Staff}
  - {name: W32Time, state: running, hosts: workstation, after: server/service/Spooler}
  - {name: Themes, state: running, hosts: lab, needs: service/W32Time}
  - {name: Themes, state: running, hosts: A-LAB-02, needs: A-LAB-01/service/Themes}
"""


def compiled_edges(resources: Sequence[Resource]) -> set[Edge]:
    return {
        (each.address.casefold(), other.casefold(), must)
        for each in resources
        for others, must in ((each.needs, True), (each.after, False))
        for other in others
    }


def drawn_edges(graph: Graph) -> set[Edge]:
    """The edges of a graph in which each host is drawn on its own."""
    names = {
        node.id: f"{node.school}/{node.hosts[0]}/{node.kind}/{node.name}".casefold() for node in graph.nodes
    }
    assert len(names) == len(set(names.values()))
    return {(names[edge.waits], names[edge.waits_for], edge.how != "after") for edge in graph.edges}


@pytest.fixture(params=["small", "dundalk-hs", "holabird-ms", "logan-es"])
def resources(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Resource, ...]:
    name = str(request.param)
    if name == "small":
        return intent(write_district(tmp_path, {"schools/alpha/more.yaml": TEXT})).resources
    found = compile_school(load(MANIFESTS), name).intent
    assert found is not None
    return found.resources


def test_each_host_on_its_own(resources: tuple[Resource, ...]) -> None:
    graph = graph_of(resources, "all", each_host=True)
    assert len(graph.nodes) == len(resources)
    assert drawn_edges(graph) == compiled_edges(resources)
    assert {edge.count for edge in graph.edges} == {1}


def test_alike_hosts_are_one_node_and_no_edge_is_lost(resources: tuple[Resource, ...]) -> None:
    graph = graph_of(resources, "all")
    assert len(graph.nodes) < len(resources)
    of = {
        f"{node.school}/{host}/{node.kind}/{node.name}".casefold(): node.id
        for node in graph.nodes
        for host in node.hosts
    }
    assert len(of) == len(resources)
    drawn = {(edge.waits, edge.waits_for, edge.how != "after"): edge.count for edge in graph.edges}
    told = [(of[later], of[earlier], must) for later, earlier, must in compiled_edges(resources)]
    assert drawn == {edge: told.count(edge) for edge in told}


def test_the_same_in_whatever_order(resources: tuple[Resource, ...]) -> None:
    assert graph_of(resources[::-1], "x").nodes == graph_of(resources, "x").nodes
    assert graph_of(resources[::-1], "x").edges == graph_of(resources, "x").edges


def test_what_the_kind_says_is_told_apart(tmp_path: Path) -> None:
    graph = graph_of(intent(write_district(tmp_path, {"schools/alpha/more.yaml": TEXT})).resources, "x")
    names = {node.id: (node.kind, node.name) for node in graph.nodes}
    how = {(names[edge.waits], names[edge.waits_for]): edge.how for edge in graph.edges}
    assert how[("share", "Staff"), ("directory", r"D:\Staff")] == "implied"
    assert how[("service", "Spooler"), ("share", "Staff")] == "needs"
    assert how[("service", "W32Time"), ("service", "Spooler")] == "after"
    assert how[("share", "Old"), ("share", "Older")] == "after"


def test_hosts_that_wait_for_others_are_told_apart(tmp_path: Path) -> None:
    graph = graph_of(intent(write_district(tmp_path, {"schools/alpha/more.yaml": TEXT})).resources, "x")
    themes = [node.hosts for node in graph.nodes if node.name == "Themes"]
    assert themes == [("A-LAB-01", "A-LAB-03", "A-LAB-04"), ("A-LAB-02",)]


def test_around_a_resource_to_a_depth(tmp_path: Path) -> None:
    graph = graph_of(intent(write_district(tmp_path, {"schools/alpha/more.yaml": TEXT})).resources, "x")
    (centre,) = (node.id for node in graph.nodes if node.name == "Spooler")

    def near(depth: int) -> set[str]:
        return {node.name for node in around(graph, [centre], depth).nodes}

    assert near(0) == {"Spooler"}
    assert near(1) == {"Spooler", "Staff", "W32Time"}
    assert near(2) == {"Spooler", "Staff", "W32Time", "Themes", r"D:\Staff"}
    kept = around(graph, [centre], 1)
    assert {edge.waits for edge in kept.edges} | {edge.waits_for for edge in kept.edges} <= {
        node.id for node in kept.nodes
    }
