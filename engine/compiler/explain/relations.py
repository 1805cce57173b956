"""What a resource waits for and what waits for it, each with the line that asks for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

from engine.compiler.explain.workings import Workings
from engine.compiler.references import Reference
from engine.compiler.resources import Made
from engine.compiler.selectors import select
from engine.model.address import Address
from engine.model.explanation import Relation
from engine.model.resource import Resource, SchoolIntent

How = Literal["needs", "after", "implied"]


class _Link(NamedTuple):
    kind: str
    name: str
    how: How
    place: str


def relations(
    workings: Workings, intent: SchoolIntent, resource: Resource
) -> tuple[tuple[Relation, ...], tuple[Relation, ...]]:
    """What the resource waits for, and what waits for it, in the graph that was compiled."""
    me = resource.address
    asked = _together((other, _link(workings, me, other, must)) for other, must in _ends(resource))
    asking = _together(
        (each.address, _link(workings, each.address, me, must))
        for each in intent.resources
        for other, must in _ends(each)
        if other == me
    )
    return asked, asking


def _ends(resource: Resource) -> Iterator[tuple[Address, bool]]:
    for address in resource.needs:
        yield address, True
    for address in resource.after:
        yield address, False


def _together(found: Iterable[tuple[Address, tuple[How, str]]]) -> tuple[Relation, ...]:
    """The same link to the same resource of many hosts is one relation."""
    hosts: dict[_Link, dict[str, None]] = {}
    for address, (how, place) in found:
        hosts.setdefault(_Link(address.kind, address.name, how, place), {})[address.host] = None
    return tuple(
        Relation(kind=link.kind, name=link.name, hosts=tuple(names), how=link.how, place=link.place)
        for link, names in sorted(hosts.items())
    )


def _link(workings: Workings, later: Address, earlier: Address, must: bool) -> tuple[How, str]:
    """Why one comes after the other. Where both are removed, it is the one that goes last that asked."""
    for asking, asked in ((later, earlier), (earlier, later)):
        made = _made(workings, asking)
        for reference in (*made.needs, *made.after):
            if _means(workings, reference, asking, asked):
                return ("needs" if must else "after"), str(reference.origin)
        of_its_kind = (*made.implied, *made.displaces)
        if asking.host == asked.host and (asked.kind, asked.name.casefold()) in of_its_kind:
            return "implied", str(made.origin)
    return ("needs" if must else "after"), ""


def _made(workings: Workings, address: Address) -> Made:
    key = (address.kind, address.name.casefold())
    return next(each for each in workings.made(address.host) if each.key == key)


def _means(workings: Workings, reference: Reference, asking: Address, asked: Address) -> bool:
    if reference.key != (asked.kind, asked.name.casefold()):
        return False
    if reference.host is None:
        return asking.host == asked.host
    selected = select((reference.host,), workings.inventory)
    return workings.inventory.by_name[asked.host.casefold()] in selected
