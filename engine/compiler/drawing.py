"""The compiled graph for people: resources that are alike on many hosts become one node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from engine.kinds.table import KINDS
from engine.model.address import Address
from engine.model.graph import Edge, Graph, How, Node
from engine.model.resource import Resource

_Waiting = tuple[Address, How]


def graph_of(resources: Sequence[Resource], title: str, *, each_host: bool = False) -> Graph:
    """The graph of these resources: edges to others are left out. With `each_host`, nothing is collapsed."""
    by_address = {each.address: each for each in resources}
    waiting = {each.address: tuple(_waiting(each, by_address)) for each in resources}
    groups: dict[tuple[object, ...], list[Resource]] = {}
    for each in resources:
        groups.setdefault(_sameness(each, waiting[each.address], each_host=each_host), []).append(each)
    ordered = sorted(groups.values(), key=_order)
    ids = {each.address: f"n{number}" for number, group in enumerate(ordered, 1) for each in group}
    return Graph(
        title=title,
        nodes=tuple(_node(f"n{number}", group) for number, group in enumerate(ordered, 1)),
        edges=_edges(waiting, ids),
    )


def around(graph: Graph, centres: Collection[str], depth: int) -> Graph:
    """The part of a graph that is at most `depth` edges away from the nodes with these ids."""
    beside: dict[str, set[str]] = {}
    for edge in graph.edges:
        beside.setdefault(edge.waits, set()).add(edge.waits_for)
        beside.setdefault(edge.waits_for, set()).add(edge.waits)
    near = set(centres)
    border = set(centres)
    for _ in range(depth):
        border = {other for each in border for other in beside.get(each, ())} - near
        near |= border
    return Graph(
        title=graph.title,
        nodes=tuple(node for node in graph.nodes if node.id in near),
        edges=tuple(edge for edge in graph.edges if edge.waits in near and edge.waits_for in near),
    )


def _waiting(resource: Resource, known: Collection[Address]) -> Iterator[_Waiting]:
    """What a resource waits for, among the known. Where it is both asked for and implied, it is implied."""
    here = resource.address.host
    implied = {
        (each.kind, each.name.casefold()) for each in KINDS[resource.address.kind].dependencies(resource.spec)
    }
    for other in resource.needs:
        if other in known:
            is_implied = other.host == here and (other.kind, other.name.casefold()) in implied
            yield other, "implied" if is_implied else "needs"
    for other in resource.after:
        if other in known:
            yield other, "after"


def _sameness(resource: Resource, waiting: Iterable[_Waiting], *, each_host: bool) -> tuple[object, ...]:
    """What two resources must share to be drawn as one."""
    address = resource.address
    return (
        address.school,
        address.host if each_host else "",
        address.kind,
        address.name.casefold(),
        id(resource.spec),  # hosts that share everything share spec objects
        resource.origin,
        resource.absent,
        resource.forget,
        resource.protected,
        tuple(
            ("" if other.host == address.host else other.host, other.kind, other.name.casefold(), how)
            for other, how in waiting
        ),
    )


def _order(group: Sequence[Resource]) -> tuple[str, str, str, tuple[str, ...]]:
    first = group[0].address
    hosts = tuple(sorted(each.address.host.casefold() for each in group))
    return first.school, first.kind, first.name.casefold(), hosts


def _node(identifier: str, group: Sequence[Resource]) -> Node:
    first = min(group, key=lambda each: each.address)
    address = first.address
    return Node(
        id=identifier,
        school=address.school,
        hosts=tuple(sorted((each.address.host for each in group), key=str.casefold)),
        kind=address.kind,
        name=address.name,
        state="absent" if first.absent else "forget" if first.forget else "present",
        protected=first.protected,
        place=str(first.origin),
    )


def _edges(waiting: Mapping[Address, Sequence[_Waiting]], ids: Mapping[Address, str]) -> tuple[Edge, ...]:
    counts = Counter(
        (ids[address], ids[other], how) for address, others in waiting.items() for other, how in others
    )
    return tuple(
        Edge(waits=waits, waits_for=waits_for, how=how, count=count)
        for (waits, waits_for, how), count in sorted(counts.items(), key=lambda item: _numbers(item[0]))
    )


def _numbers(edge: tuple[str, str, How]) -> tuple[int, int, str]:
    waits, waits_for, how = edge
    return int(waits[1:]), int(waits_for[1:]), how
