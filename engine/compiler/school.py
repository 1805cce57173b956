"""A school's desired resources, compiled once for each distinct input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.compiler.bindings import Rendering, looked_at
from engine.compiler.district import District
from engine.compiler.edges import Crossing, Edge, HostClass, cross_edges, host_class
from engine.compiler.graph import order
from engine.compiler.inventory import Inventory
from engine.compiler.layers import Layer
from engine.compiler.reaching import reaching
from engine.compiler.resources import Made, Maker, Making
from engine.model.address import Address
from engine.model.origin import Finding
from engine.model.resource import Host, Resource, SchoolIntent


@dataclass(frozen=True, slots=True)
class Compiled:
    """One school, compiled: its intent, or None and what is wrong, sorted by place."""

    intent: SchoolIntent | None
    findings: tuple[Finding, ...]


def compile_school(district: District, school: str) -> Compiled:
    """All desired resources of a school in an order in which each follows what it needs.

    Hosts that share everything share spec objects. Never raises for what people wrote.

    Raises:
        KeyError: the district has no such school.
    """
    inventory = district.inventories[school]
    findings: set[Finding] = set()
    applied = [each for _, each in reaching(district, school, inventory, findings)]
    documents = district.documents
    rendering = Rendering(
        district.sources.templates, documents.district.document, documents.schools[school].main.document
    )
    maker = Maker(applied, rendering, district.sources)
    classes = _classes(maker, inventory, district.lost(school))
    findings |= maker.findings
    crossing, problems = cross_edges(classes, inventory)
    findings.update(problems)
    for each in {id(host): host for host in classes}.values():
        findings.update(each.findings)
    if findings:
        return Compiled(None, tuple(sorted(findings)))
    resources, problems = _stamp(school, inventory, classes, crossing)
    if problems:
        return Compiled(None, tuple(sorted(problems)))
    hosts = tuple(Host(host.name, school, host.roles) for host in inventory.hosts)
    return Compiled(SchoolIntent(school, hosts, resources), ())


def _classes(maker: Maker, inventory: Inventory, lost: frozenset[tuple[str, str]]) -> list[HostClass]:
    """For each host, what it should have; hosts with the same inputs get the same object.

    `lost` is what may be declared for all of them in what could not be read.
    """
    reached: list[list[tuple[int, Layer]]] = [[] for _ in inventory.hosts]
    for position, applied in enumerate(maker.applied):
        for host, layer in applied.layers.items():
            reached[host].append((position, layer))
    known: dict[tuple[object, ...], HostClass] = {}
    classes: list[HostClass] = []
    for facts, declarations in zip(inventory.hosts, reached, strict=True):
        looked = tuple(
            looked_at(facts, chains) for position, _ in declarations if (chains := maker.chains(position))
        )
        key = (tuple(declarations), looked)
        if key not in known:
            making = maker.make(declarations, facts)
            known[key] = host_class(Making(making.made, making.faulty | lost))
        classes.append(known[key])
    return classes


def _stamp(
    school: str,
    inventory: Inventory,
    classes: Sequence[HostClass],
    crossing: Sequence[Crossing],
) -> tuple[tuple[Resource, ...], tuple[Finding, ...]]:
    """Give each host its own addresses, in the order of the school's graph."""
    offsets: list[int] = []
    made: list[Made] = []
    addresses: list[Address] = []
    for facts, each in zip(inventory.hosts, classes, strict=True):
        offsets.append(len(made))
        made.extend(each.made)
        addresses.extend(
            Address(f"{school}/{facts.name}/{resource.kind}/{resource.name}") for resource in each.made
        )
    edges = [*_inner(classes, offsets), *_outer(crossing, offsets)]
    positions, findings = order(
        len(made), edges, lambda position: (addresses[position], made[position].origin)
    )
    needs: dict[int, list[Address]] = {}
    after: dict[int, list[Address]] = {}
    for edge in edges:
        (needs if edge.must else after).setdefault(edge.later, []).append(addresses[edge.earlier])
    resources = tuple(
        Resource(
            address=addresses[position],
            spec=each.spec,
            origin=each.origin,
            absent=each.state == "absent",
            protected=each.protected,
            forget=each.state == "forget",
            needs=tuple(needs.get(position, ())),
            after=tuple(after.get(position, ())),
        )
        for position in positions
        for each in (made[position],)
    )
    return resources, findings


def _inner(classes: Sequence[HostClass], offsets: Sequence[int]) -> Iterator[Edge]:
    for each, offset in zip(classes, offsets, strict=True):
        for edge in each.edges:
            yield Edge(edge.earlier + offset, edge.later + offset, edge.must, edge.origin)


def _outer(crossing: Sequence[Crossing], offsets: Sequence[int]) -> Iterator[Edge]:
    for edge in crossing:
        earlier, later = offsets[edge.earlier[0]] + edge.earlier[1], offsets[edge.later[0]] + edge.later[1]
        yield Edge(earlier, later, edge.must, edge.origin)
