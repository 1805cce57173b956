"""The order of a school: stable, and each resource follows what it needs."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from random import Random

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.compiler.edges import Edge
from engine.compiler.graph import order
from engine.model.address import Address
from engine.model.origin import Origin
from tests.support.small_district import intent, problems, resource, write_district

SIZE = 8
PAIRS = st.tuples(st.integers(0, SIZE - 1), st.integers(0, SIZE - 1))


def edges(pairs: list[tuple[int, int]]) -> list[Edge]:
    return [Edge(one, two, True, Origin("f.yaml", line, 1)) for line, (one, two) in enumerate(pairs, 1)]


def describe(position: int) -> tuple[Address, Origin]:
    return Address(f"school/H{position}/service/S"), Origin("f.yaml", position + 1, 1)


@given(st.lists(PAIRS.filter(lambda pair: pair[0] < pair[1]), max_size=20))
def test_an_order_respects_its_edges(pairs: list[tuple[int, int]]) -> None:
    found, findings = order(SIZE, edges(pairs), describe)
    assert findings == ()
    assert sorted(found) == list(range(SIZE))
    assert all(found.index(one) < found.index(two) for one, two in pairs)


@given(st.lists(PAIRS.filter(lambda pair: pair[0] != pair[1]), max_size=12), st.randoms())
def test_the_order_does_not_depend_on_how_edges_are_listed(
    pairs: list[tuple[int, int]], random: Random
) -> None:
    shuffled = list(pairs)
    random.shuffle(shuffled)
    assert order(SIZE, edges(pairs), describe)[0] == order(SIZE, edges(shuffled), describe)[0]


@given(st.lists(PAIRS, max_size=20))
def test_a_cycle_is_always_found_and_named_in_full(pairs: list[tuple[int, int]]) -> None:
    graph: nx.DiGraph[int] = nx.DiGraph(pairs)
    found, findings = order(SIZE, edges(pairs), describe)
    if nx.is_directed_acyclic_graph(graph):
        assert findings == ()
        return
    assert found == ()
    for finding in findings:
        steps = finding.message.removeprefix("these wait for each other: ").split("; ")
        ends = [step.split(" (")[0].split(" needs ") for step in steps]
        assert ends[0][0] == ends[-1][1]
        assert all(this[1] == following[0] for this, following in pairwise(ends))


def test_without_edges_the_order_is_that_of_host_kind_and_name(tmp_path: Path) -> None:
    school = intent(write_district(tmp_path))
    keys = [
        (each.address.host.casefold(), each.address.kind, each.address.name.casefold())
        for each in school.resources
        if not each.needs
    ]
    assert keys == sorted(keys)


def test_removing_runs_the_other_way_round(tmp_path: Path) -> None:
    text = (
        "directories:\n  - {path: 'D:\\S', hosts: server, state: absent}\n"
        "shares:\n  - {name: S, path: 'D:\\S', hosts: server, state: absent}\n"
    )
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    folder, share = resource(school, r"A-SRV/directory/D:\S"), resource(school, "A-SRV/share/S")
    assert folder.after == (share.address,)
    assert share.needs == ()
    order_of = [each.address for each in school.resources]
    assert order_of.index(share.address) < order_of.index(folder.address)


def test_a_share_brings_its_folder_unless_it_is_declared(tmp_path: Path) -> None:
    school = intent(write_district(tmp_path))
    share, folder = resource(school, "A-SRV/share/Staff"), resource(school, r"A-SRV/directory/D:\Staff")
    assert share.needs == (folder.address,)
    assert folder.origin == share.origin
    text = "directories:\n  - {path: 'd:/staff/', hosts: server, protect: true}\n"
    other = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    declared = resource(other, r"A-SRV/directory/D:\Staff")
    assert declared.protected
    assert declared.origin.file == "manifests/schools/alpha/more.yaml"


@pytest.mark.parametrize("word", ["needs", "after"])
@pytest.mark.parametrize("target", ["A-SRV/share/staff", "server/share/Staff"])
def test_references_across_hosts(tmp_path: Path, word: str, target: str) -> None:
    text = f"services:\n  - {{name: W, start: manual, hosts: lab, {word}: ['{target}', service/V]}}\n"
    text += "  - {name: V, start: manual, hosts: lab}\n"
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    service = resource(school, "A-LAB-03/service/W")
    expected = {Address("alpha/A-SRV/share/Staff"), Address("alpha/A-LAB-03/service/V")}
    assert set(getattr(service, word)) == expected
    assert getattr(service, "after" if word == "needs" else "needs") == ()


def test_a_reference_to_a_group_means_each_of_its_hosts(tmp_path: Path) -> None:
    text = (
        "services:\n"
        "  - {name: W, start: manual, hosts: server, after: library/service/V}\n"
        "  - {name: V, start: manual, hosts: library}\n"
    )
    school = intent(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
    assert [each.host for each in resource(school, "A-SRV/service/W").after] == ["A-LIB-1", "A-LIB-2"]


def test_a_long_cycle_is_told_by_its_first_and_last_steps(tmp_path: Path) -> None:
    count = 400
    services = "".join(
        f"  - {{name: S{n}, start: manual, hosts: server, needs: service/S{(n + 1) % count}}}\n"
        for n in range(count)
    )
    (told,) = problems(write_district(tmp_path, {"schools/alpha/more.yaml": f"services:\n{services}"}))
    assert "; 384 more steps; " in told
    assert told.count(" needs ") == 16
