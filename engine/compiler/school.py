"""A school's desired resources, compiled once for each distinct input."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.compiler.bounds import TooMuch
from engine.compiler.classes import host_classes
from engine.compiler.district import District
from engine.compiler.edges import Crossing, Edge, HostClass, class_edges, cross_edges
from engine.compiler.evaluation import SchoolUse, school_use
from engine.compiler.graph import has_cycle, order
from engine.compiler.inventory import Inventory
from engine.compiler.resources import Made
from engine.model.address import Address
from engine.model.origin import Finding
from engine.model.resource import Host, Resource, SchoolIntent


@dataclass(frozen=True, slots=True)
class Compiled:
    """One school, compiled: its intent, or None and what is wrong, sorted by place."""

    intent: SchoolIntent | None
    findings: tuple[Finding, ...]
    use: SchoolUse  # of the catalog's products


@dataclass(frozen=True, slots=True)
class Checked:
    """One school, checked: what is wrong, sorted by place, and how much was looked at.

    `resources` is 0 where something is wrong: how many there would be is not known.
    """

    findings: tuple[Finding, ...]
    hosts: int
    resources: int
    use: SchoolUse  # of the catalog's products


def check_school(district: District, school: str) -> Checked:
    """The findings of `compile_school`, without making what is each host's own.

    Raises:
        KeyError: the district has no such school.
    """
    inventory = district.inventories[school]
    findings: set[Finding] = set()
    try:
        classes = host_classes(district, school, findings)
        edges, problems = class_edges(classes, inventory)
    except TooMuch as too_much:
        findings.add(too_much.finding)
        return Checked(tuple(sorted(findings)), len(inventory.hosts), 0, SchoolUse(school, {}))
    findings.update(problems)
    if not findings and has_cycle(edges):
        # Each cycle of the hosts is one of their classes, but not the other way round: look at the hosts.
        findings.update(compile_school(district, school).findings)
    resources = 0 if findings else sum(len(each.made) for each in classes)
    use = school_use(school, classes)
    return Checked(tuple(sorted(findings)), len(inventory.hosts), resources, use)


def compile_school(district: District, school: str) -> Compiled:
    """All desired resources of a school in an order in which each follows what it needs.

    Hosts that share everything share spec objects. Never raises for what people wrote.

    Raises:
        KeyError: the district has no such school.
    """
    inventory = district.inventories[school]
    findings: set[Finding] = set()
    try:
        classes = host_classes(district, school, findings)
        crossing, problems = cross_edges(classes, inventory)
    except TooMuch as too_much:
        findings.add(too_much.finding)
        return Compiled(None, tuple(sorted(findings)), SchoolUse(school, {}))
    findings.update(problems)
    use = school_use(school, classes)
    if findings:
        return Compiled(None, tuple(sorted(findings)), use)
    resources, problems = _stamp(school, inventory, classes, crossing)
    if problems:
        return Compiled(None, tuple(sorted(set(problems))), use)
    hosts = tuple(Host(host.name, school, host.roles) for host in inventory.hosts)
    return Compiled(SchoolIntent(school, hosts, resources), (), use)


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
