"""The hosts of a school: names, groups, roles and facts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from engine.manifest.documents.base import VariableValue
from engine.manifest.documents.district import HostGroup, SchoolDocument
from engine.manifest.folder import Documents, SchoolDocuments
from engine.manifest.nodes import MappingNode, Node
from engine.manifest.ranges import expand_all
from engine.manifest.selectors import Key
from engine.manifest.suggest import did_you_mean
from engine.model.origin import Finding, Origin


@dataclass(frozen=True, slots=True)
class HostFacts:
    """One host as the manifests know it. Hosts of a group share all but the name."""

    name: str
    group: str
    roles: tuple[str, ...]
    room: str | None
    model: str | None
    variables: Mapping[str, VariableValue]  # of all layers, the nearest winning
    origin: Origin  # where the group is declared


@dataclass(frozen=True, slots=True)
class Inventory:
    """A school's hosts, sorted by name, with the ways to find them. Positions index `hosts`."""

    school: str
    hosts: tuple[HostFacts, ...]
    by_name: Mapping[str, int]  # all keys are without case
    by_group: Mapping[str, tuple[int, ...]]
    by_role: Mapping[str, tuple[int, ...]]
    by_room: Mapping[str, tuple[int, ...]]
    by_model: Mapping[str, tuple[int, ...]]
    member_of: frozenset[str]  # groups of schools that this one is in
    known_groups: frozenset[str]  # all groups of schools of the district
    hollow: frozenset[str]  # groups of hosts, and their roles, without hosts since their names are wrong

    def facts(self, key: Key) -> Mapping[str, tuple[int, ...]]:
        """The hosts by what is declared of them; names and groups of schools are no such facts."""
        return {
            Key.GROUP: self.by_group,
            Key.ROLE: self.by_role,
            Key.ROOM: self.by_room,
            Key.MODEL: self.by_model,
        }.get(key, {})

    def known(self, key: Key) -> Iterable[str]:
        """What a selector could say of this key, as it is written."""
        match key:
            case Key.HOST:
                return (host.name for host in self.hosts)
            case Key.SCHOOLS:
                return sorted(self.member_of)
            case Key.ROOM:
                return (host.room for host in self.hosts if host.room is not None)
            case Key.MODEL:
                return (host.model for host in self.hosts if host.model is not None)
            case _:
                return self.facts(key)


HostNames = dict[str, tuple[str, Origin]]  # without case: as it is written, and where


def take_inventory(
    documents: Documents, school: SchoolDocuments, seen: HostNames, findings: list[Finding]
) -> Inventory:
    """The hosts of a school. A name that was `seen` before, here or in another school, is a finding."""
    document = school.main.document
    hosts: list[HostFacts] = []
    node = school.main.node.get("hosts")
    for group, declared in document.hosts.items():
        at = node.get(group) if isinstance(node, MappingNode) else None
        tree = at if isinstance(at, MappingNode) else school.main.node
        variables = {**_variables(documents, document), **declared.vars}
        for name in _names(declared, tree, group, findings):
            key = name.casefold()
            if key in seen:
                message = f"the host {name} exists twice; the first is {seen[key][0]} in {seen[key][1]}"
                findings.append(Finding(tree.origin, "duplicate-host", message))
                continue
            seen[key] = (name, tree.origin)
            hosts.append(
                HostFacts(name, group, declared.roles, declared.room, declared.model, variables, tree.origin)
            )
    return inventory_of(
        document.school,
        hosts,
        member_of=frozenset(document.groups),
        known_groups=frozenset(documents.district.document.groups),
        hollow=_hollow(document, hosts),
    )


def inventory_of(
    school: str,
    hosts: Iterable[HostFacts],
    *,
    member_of: frozenset[str],
    known_groups: frozenset[str],
    hollow: frozenset[str] = frozenset(),
) -> Inventory:
    """The inventory of a school with these hosts, in any order."""
    ordered = tuple(sorted(hosts, key=lambda host: host.name.casefold()))
    return Inventory(
        school=school,
        hosts=ordered,
        by_name={host.name.casefold(): index for index, host in enumerate(ordered)},
        by_group=_index((host.group,) for host in ordered),
        by_role=_index(host.roles for host in ordered),
        by_room=_index(() if host.room is None else (host.room,) for host in ordered),
        by_model=_index(() if host.model is None else (host.model,) for host in ordered),
        member_of=member_of,
        known_groups=known_groups,
        hollow=hollow,
    )


def _hollow(document: SchoolDocument, hosts: Iterable[HostFacts]) -> frozenset[str]:
    filled = {host.group for host in hosts}
    empty = {title: group for title, group in document.hosts.items() if title not in filled}
    return frozenset(empty) | {role for group in empty.values() for role in group.roles}


def _variables(documents: Documents, school: SchoolDocument) -> dict[str, VariableValue]:
    district = documents.district.document
    variables = dict(district.vars)
    for group in school.groups:
        if group in district.groups:
            variables.update(district.groups[group].vars)
    return {**variables, **school.vars}


def _index(keys_of_hosts: Iterable[tuple[str, ...]]) -> dict[str, tuple[int, ...]]:
    found: dict[str, list[int]] = {}
    for position, keys in enumerate(keys_of_hosts):
        for key in dict.fromkeys(key.casefold() for key in keys):
            found.setdefault(key, []).append(position)
    return {key: tuple(positions) for key, positions in found.items()}


def _names(group: HostGroup, tree: MappingNode, title: str, findings: list[Finding]) -> tuple[str, ...]:
    given = [word for word in ("name", "range", "names") if tree.get(word) is not None]
    if len(given) != 1:
        said = f"has {' and '.join(f'`{word}`' for word in given)}" if given else "names no host"
        message = f"the group `{title}` {said}; it needs exactly one of `name`, `range` and `names`"
        findings.append(Finding(tree.origin, "host-names", message))
    if group.names is not None:
        names = group.names
    elif group.range is not None:
        names = expand_all(group.range)
    else:
        names = (group.name,) if group.name is not None else ()
    return _without_exceptions(group, names, tree, findings)


def _without_exceptions(
    group: HostGroup, names: tuple[str, ...], tree: MappingNode, findings: list[Finding]
) -> tuple[str, ...]:
    if group.except_ is None:
        return names
    words = (group.except_,) if isinstance(group.except_, str) else group.except_
    known = {name.casefold(): name for name in names}
    place: Node = tree.get("except") or tree
    for word in words:
        try:
            excluded = expand_all(word)
        except ValueError as error:
            findings.append(Finding(place.origin, "invalid-value", f"`{word}`: {error}"))
            continue
        for name in excluded:
            if known.pop(name.casefold(), None) is None:
                message = f"`except` names {name}, which is not in the range"
                findings.append(Finding(place.origin, "unknown-host", message, did_you_mean(name, names)))
    return tuple(known.values())
