"""Who comes before whom: edges within a host, found once for all hosts alike, and edges across hosts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from engine.compiler.bounds import Allowance
from engine.compiler.inventory import Inventory
from engine.compiler.references import Reference
from engine.compiler.resources import Made, Making, by_key
from engine.compiler.selectors import check_selectors, select
from engine.manifest import limits
from engine.manifest.suggest import did_you_mean
from engine.model.origin import Finding, Origin


class Edge(NamedTuple):
    """`later` comes after `earlier`, both positions in a list of resources; with `must`, it needs it."""

    earlier: int
    later: int
    must: bool
    origin: Origin  # of the line that asks for it


class Crossing(NamedTuple):
    """An edge between hosts: for each end the host's position and the resource's position on that host."""

    earlier: tuple[int, int]
    later: tuple[int, int]
    must: bool
    origin: Origin


class ClassEdge(NamedTuple):
    """An edge between host classes: for each end the class's number and the resource's position in it."""

    earlier: tuple[int, int]
    later: tuple[int, int]


@dataclass(frozen=True, slots=True)
class HostClass:
    """What hosts that share all inputs should have, with the edges within each of them."""

    made: tuple[Made, ...]
    faulty: frozenset[tuple[str, str]]  # see Making
    keys: Mapping[tuple[str, str], int]
    edges: tuple[Edge, ...]
    crossing: tuple[tuple[int, Reference, bool], ...]  # references to other hosts, by resource
    findings: tuple[Finding, ...]


def host_class(making: Making) -> HostClass:
    """Sort a host's resources by kind and name and connect them.

    What is declared but faulty is told where its mistake is: references to it are no mistakes of their own.
    """
    ordered = tuple(sorted(making.made, key=lambda each: each.key))
    keys = by_key(ordered)
    edges: list[Edge] = []
    crossing: list[tuple[int, Reference, bool]] = []
    findings: list[Finding] = []
    for later, each in enumerate(ordered):
        for key in each.implied:
            earlier = keys.get(key)
            if earlier is not None:
                edges += _edge(ordered, earlier, later, True, each.origin, findings)
        for key in each.displaces:
            earlier = keys.get(key)
            if earlier is not None:
                edges += _displacing(ordered, earlier, later, findings)
        for reference, must in _references(each):
            if reference.host is not None:
                crossing.append((later, reference, must))
                continue
            earlier = keys.get(reference.key)
            if earlier is not None:
                edges += _edge(ordered, earlier, later, must, reference.origin, findings)
            elif not _is_faulty(reference, making.faulty):
                findings.append(_unknown(reference, ordered, "the same host", len(findings) < limits.HINTS))
    return HostClass(
        ordered, making.faulty, keys, tuple(dict.fromkeys(edges)), tuple(crossing), tuple(findings)
    )


def _references(made: Made) -> Iterator[tuple[Reference, bool]]:
    for reference in made.needs:
        yield reference, True
    for reference in made.after:
        yield reference, False


def _edge(
    made: Sequence[Made], earlier: int, later: int, must: bool, origin: Origin, findings: list[Finding]
) -> Iterator[Edge]:
    """The edge, turned round where both are removed: what stands on the other goes first."""
    first, second = made[earlier], made[later]
    if "forget" in (first.state, second.state):
        if must and first.state == "forget" and second.state == "present" and first.kind == "software":
            findings.append(_needs_forgotten(first, second, origin))
        return
    if first.state == "absent" and second.state == "absent":
        yield Edge(later, earlier, False, origin)
    elif first.state == "absent":
        if must:
            findings.append(_needs_absent(first, second, origin))
    elif second.state != "absent":
        yield Edge(earlier, later, must, origin)


def _displacing(made: Sequence[Made], earlier: int, later: int, findings: list[Finding]) -> Iterator[Edge]:
    """What takes another one's place comes when that is gone."""
    old, new = made[earlier], made[later]
    if new.state != "present":
        return
    if old.state == "forget":
        message = (
            f"{new.kind}/{new.name} takes the place of {old.kind}/{old.name}, which is to be forgotten as"
            f" {old.origin} says: it would stay beside it"
        )
        findings.append(Finding(new.origin, "superseded", message, "write `state: absent` there"))
        return
    if old.state == "absent":
        yield Edge(earlier, later, True, new.origin)
        return
    comes = "comes along with" if old.derived else "is declared in"
    message = (
        f"{new.kind}/{new.name} takes the place of {old.kind}/{old.name}, which {comes} {old.origin}"
        " for the same host"
    )
    findings.append(Finding(new.origin, "superseded", message, "declare only one of them there"))


def _needs_absent(needed: Made, needing: Made, origin: Origin) -> Finding:
    goes = "gives way to what is declared in" if needed.derived else "is declared absent in"
    message = f"{needing.kind}/{needing.name} needs {needed.kind}/{needed.name}, which {goes} {needed.origin}"
    return Finding(origin, "needs-absent", message, "remove both, or neither")


def _needs_forgotten(needed: Made, needing: Made, origin: Origin) -> Finding:
    """A product that another requires would neither be installed nor looked for."""
    message = (
        f"{needing.kind}/{needing.name} needs {needed.kind}/{needed.name}, which is to be forgotten as"
        f" {needed.origin} says: nobody would see whether it is there"
    )
    return Finding(origin, "needs-absent", message, "forget both, or neither")


def _is_faulty(reference: Reference, faulty: frozenset[tuple[str, str]]) -> bool:
    return reference.key in faulty or (reference.kind, "") in faulty


def _unknown(reference: Reference, made: Sequence[Made], where: str, has_hint: bool) -> Finding:
    """Told where the name was given: a profile that needs it is used by others with other names."""
    message = f"{reference.kind}/{reference.name} is not declared for {where}"
    origin = reference.origin
    if reference.giver is not None:
        origin, parameter = reference.giver
        named = f", by the name that `{parameter}` gives" if parameter else ""
        message += f"; the profile needs it in {reference.origin}{named}"
    names = [each.name for each in made if each.kind == reference.kind]
    hint = did_you_mean(reference.name, names) if has_hint else ""
    return Finding(origin, "unknown-reference", message, hint)


def cross_edges(
    classes: Sequence[HostClass], inventory: Inventory
) -> tuple[tuple[Crossing, ...], tuple[Finding, ...]]:
    """The edges that references to other hosts ask for. `classes` has each host's, by position.

    Raises:
        TooMuch: there are more than any school needs.
    """
    edges: list[Crossing] = []
    findings: list[Finding] = []
    targets = _resolved(classes, inventory, findings)
    for host, each in enumerate(classes):
        for later, reference, must in each.crossing:
            for target in targets[reference]:
                if target != (host, later):
                    edges += _crossing(classes, target, (host, later), must, reference.origin, findings)
    return tuple(edges), tuple(dict.fromkeys(findings))


def class_edges(
    classes: Sequence[HostClass], inventory: Inventory
) -> tuple[frozenset[ClassEdge], tuple[Finding, ...]]:
    """All edges, with each host replaced by its class; and the findings of `cross_edges`.

    A circle of hosts' resources is one of their classes' too: where these have none, the hosts have none.

    Raises:
        TooMuch: as `cross_edges`.
    """
    found: dict[int, int] = {}  # each class's number
    of_host = [found.setdefault(id(each), len(found)) for each in classes]
    sizes = Counter(of_host)
    edges: set[ClassEdge] = set()
    findings: list[Finding] = []
    targets = _resolved(classes, inventory, findings)
    for number, host in {number: host for host, number in enumerate(of_host)}.items():
        edges.update(ClassEdge((number, edge.earlier), (number, edge.later)) for edge in classes[host].edges)
        for later, reference, must in classes[host].crossing:
            one_of_each = {(of_host[at], place): (at, place) for at, place in targets[reference]}
            if sizes[number] == 1:
                one_of_each.pop((number, later), None)  # it does not wait for itself
            for target in one_of_each.values():
                for edge in _crossing(classes, target, (host, later), must, reference.origin, findings):
                    edges.add(ClassEdge(*((of_host[at], place) for at, place in (edge.earlier, edge.later))))
    return frozenset(edges), tuple(dict.fromkeys(findings))


_Targets = tuple[tuple[int, int], ...]  # positions of hosts, each with that of a resource on it


def _resolved(
    classes: Sequence[HostClass], inventory: Inventory, findings: list[Finding]
) -> Mapping[Reference, _Targets]:
    """Where the resources are that references to other hosts mean; counted before any edge is made."""
    sizes = Counter(map(id, classes))
    waits = Allowance(limits.WAITS, "waits of one host's resource for another's")
    targets: dict[Reference, _Targets] = {}
    for each in {id(known): known for known in classes}.values():
        for _, reference, _ in each.crossing:
            if reference not in targets:
                targets[reference] = _targets(reference, classes, inventory, findings)
            waits.spend(sizes[id(each)] * len(targets[reference]), reference.origin)
    return targets


def _targets(
    reference: Reference, classes: Sequence[HostClass], inventory: Inventory, findings: list[Finding]
) -> _Targets:
    """Where the resource is, on each host that the reference names. Hosts without it are one finding."""
    if reference.host is None:
        return ()
    has_hint = len(findings) < limits.HINTS
    findings += check_selectors((reference.host,), (inventory,), inventory.school, int(has_hint))
    found: list[tuple[int, int]] = []
    without: list[int] = []
    for host in select((reference.host,), inventory):
        position = classes[host].keys.get(reference.key)
        if position is not None:
            found.append((host, position))
        elif not _is_faulty(reference, classes[host].faulty):
            without.append(host)
    if without:
        where = inventory.hosts[without[0]].name
        where += f" and {len(without) - 1:,} more of these hosts" if len(without) > 1 else ""
        findings.append(_unknown(reference, classes[without[0]].made, where, has_hint))
    return tuple(found)


def _crossing(
    classes: Sequence[HostClass],
    earlier: tuple[int, int],
    later: tuple[int, int],
    must: bool,
    origin: Origin,
    findings: list[Finding],
) -> Iterator[Crossing]:
    pair = (classes[earlier[0]].made[earlier[1]], classes[later[0]].made[later[1]])
    for edge in _edge(pair, 0, 1, must, origin, findings):
        first, second = (earlier, later) if edge.earlier == 0 else (later, earlier)
        yield Crossing(first, second, edge.must, origin)
