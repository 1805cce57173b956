"""Variables and facts of a host: where each was written, and which farther ones it took the place of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.compiler.inventory import HostFacts
from engine.manifest.folder import Documents
from engine.manifest.nodes import MappingNode, Node
from engine.model.origin import Origin


class Written(NamedTuple):
    """One layer's value of a variable."""

    layer: str  # in words
    node: Node


def variables_of(documents: Documents, school: str, facts: HostFacts) -> Mapping[str, tuple[Written, ...]]:
    """Every variable of a host by name, the nearest layer's value first."""
    found: dict[str, tuple[Written, ...]] = {}
    for layer, node in _layers(documents, school, facts):
        variables = node.get("vars")
        for name, entry in variables.entries.items() if isinstance(variables, MappingNode) else ():
            found[name] = (Written(layer, entry.value), *found.get(name, ()))
    return found


def _layers(documents: Documents, school: str, facts: HostFacts) -> Iterator[tuple[str, MappingNode]]:
    """The groups of fields in which variables of a host may be set, from far to near."""
    district, own = documents.district, documents.schools[school].main
    yield "the district", district.node
    groups = district.node.get("groups")
    for name in own.document.groups:
        group = groups.get(name) if isinstance(groups, MappingNode) else None
        if isinstance(group, MappingNode):
            yield f"the schools of the group `{name}`", group
    yield "the school", own.node
    yield f"the group of hosts `{facts.group}`", host_group(documents, school, facts)


def host_group(documents: Documents, school: str, facts: HostFacts) -> MappingNode:
    """The fields of a host's group, as written."""
    node = documents.schools[school].main.node
    groups = node.get("hosts")
    group = groups.get(facts.group) if isinstance(groups, MappingNode) else None
    return group if isinstance(group, MappingNode) else node


def fact_place(documents: Documents, school: str, facts: HostFacts, chain: tuple[str, ...]) -> Origin | None:
    """Where a fact that templates can name is written: `host.room`, `school.name`, `district.domain`."""
    root, name = chain[0], chain[1] if len(chain) > 1 else ""
    if root == "district":
        return documents.district.node.at("district" if name == "id" else name)
    if root == "school":
        return documents.schools[school].main.node.at("school" if name == "id" else name)
    if root != "host":
        return None
    group = host_group(documents, school, facts)
    if name != "name":
        return group.at(name)
    given = (group.get(word) for word in ("name", "range", "names"))
    return next((node.origin for node in given if node is not None), group.origin)
