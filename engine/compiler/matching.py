"""Whether every selector of a district means some host: a typing error must not leave a room out silently."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from engine.compiler.inventory import Inventory
from engine.compiler.selectors import check_selectors
from engine.manifest.folder import Documents
from engine.manifest.nodes import MappingNode, Node, SequenceNode, words
from engine.manifest.selectors import Selector, read_selectors
from engine.model.origin import Finding, Origin


@dataclass(slots=True)
class _Reach:
    """The schools that a selector is for, whatever brings it along."""

    selector: Selector
    titles: dict[str, None] = field(default_factory=dict)
    schools: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Said:
    """The selectors of a school, a group of schools or the district, and the schools that they are for."""

    title: str
    schools: tuple[str, ...]
    selectors: Sequence[Selector]


def unmatched(
    said: Sequence[Said], inventories: Mapping[str, Inventory], *, wider: bool
) -> Iterator[Finding]:
    """Words and whole selectors that mean no host of any school that they are for.

    A profile's own selectors are for all schools that use it. `wider` says whether selectors that are for
    several schools are looked at: what none of them has can be said only when all schools could be read.
    """
    reaches: dict[Origin, _Reach] = {}
    for each in said:
        for selector in each.selectors:
            reach = reaches.setdefault(selector.origin, _Reach(selector))
            reach.titles[each.title] = None
            reach.schools.update(dict.fromkeys(each.schools))
    for reach in reaches.values():
        alone = len(reach.titles) == 1 and next(iter(reach.titles)) in inventories
        if reach.schools and (alone or wider):
            where = next(iter(reach.titles)) if len(reach.titles) == 1 else "the schools that use the profile"
            within = [inventories[school] for school in reach.schools]
            yield from check_selectors((reach.selector,), within, where)


def unmatched_exceptions(
    documents: Documents, inventories: Mapping[str, Inventory], *, wider: bool
) -> Iterator[Finding]:
    """Exceptions from encryption for hosts that do not exist: a typing error, or forgotten.

    `wider` says whether the district's own are looked at, as in `unmatched`.
    """
    if wider:
        yield from _exceptions(documents.district.node, tuple(inventories.values()), "the district")
    for name, school in documents.schools.items():
        yield from _exceptions(school.main.node, (inventories[name],), name)


def _exceptions(node: MappingNode, inventories: Sequence[Inventory], where: str) -> Iterator[Finding]:
    connection = node.get("connection")
    listed = connection.get("plaintext") if isinstance(connection, MappingNode) else None
    findings: list[Finding] = []
    for exception in listed.items if isinstance(listed, SequenceNode) else ():
        hosts: Node | None = exception.get("hosts") if isinstance(exception, MappingNode) else None
        findings += check_selectors(read_selectors(words(hosts), findings), inventories, where)
    yield from findings
