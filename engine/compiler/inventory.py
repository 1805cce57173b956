"""The hosts of a school: names, groups, roles and facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.manifest import limits
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
    findings += _variable_findings(documents, document)
    shared = _variables(documents, document)
    hosts: list[HostFacts] = []
    node = school.main.node.get("hosts")
    for group, declared in document.hosts.items():
        at = node.get(group) if isinstance(node, MappingNode) else None
        tree = at if isinstance(at, MappingNode) else school.main.node
        variables = {**shared, **declared.vars}
        names = _names(declared, tree, group, findings)
        if len(hosts) + len(names) > limits.HOSTS:
            message = f"the school has more than {limits.HOSTS:,} hosts"
            findings.append(Finding(tree.origin, "host-limit", message, "look for a range that is too long"))
            break
        taken = []
        for name in names:
            if name.casefold() in seen:
                taken.append(name)
                continue
            seen[name.casefold()] = (name, tree.origin)
            facts = (declared.roles, declared.room, declared.model, variables, tree.origin)
            hosts.append(HostFacts(name, group, *facts))
        if taken:
            findings.append(_exist_twice(taken, seen, tree.origin))
    return inventory_of(
        document.school,
        hosts,
        member_of=frozenset(document.groups),
        known_groups=frozenset(documents.district.document.groups),
        hollow=_hollow(document, hosts),
    )


def _exist_twice(taken: Sequence[str], seen: HostNames, place: Origin) -> Finding:
    """One finding for all hosts of a group that exist elsewhere: a range can hold thousands."""
    name = taken[0]
    first, where = seen[name.casefold()]
    message = f"the host {name} exists twice; the first is {first} in {where}"
    if len(taken) > 1:
        message += f"; and so do {len(taken) - 1:,} more of this group"
    return Finding(place, "duplicate-host", message)


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


def _variable_findings(documents: Documents, school: SchoolDocument) -> Iterator[Finding]:
    """Variables that two groups of schools give this school, with different values: neither is nearer.

    What the school says itself is nearer than both.
    """
    groups = documents.district.document.groups
    said: dict[str, str] = {}  # by variable: the first group that sets it
    for group in (name for name in school.groups if name in groups):
        for variable, value in groups[group].vars.items():
            first = said.setdefault(variable, group)
            if variable in school.vars or _same(groups[first].vars[variable], value):
                continue
            one, two = sorted(_variable_place(documents, name, variable) for name in (first, group))
            message = (
                f"the school {school.school} has `{variable}` from two of its groups of schools, `{first}` "
                f"and `{group}`, with different values: here and in {one}"
            )
            hint = "set it in the school, or in one of the groups only"
            yield Finding(two, "declared-twice", message, hint)


def _same(one: VariableValue, two: VariableValue) -> bool:
    """`true` is no 1."""
    return one == two and type(one) is type(two)


def _variable_place(documents: Documents, group: str, variable: str) -> Origin:
    node: Node = documents.district.node
    for key in ("groups", group, "vars"):
        inner = node.get(key) if isinstance(node, MappingNode) else None
        node = node if inner is None else inner
    return node.place(variable) if isinstance(node, MappingNode) else node.origin


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
    place: Node = tree.get("except") or tree
    if len(words) > limits.EXCEPTIONS:
        message = f"`except` has more than {limits.EXCEPTIONS} names and ranges"
        findings.append(
            Finding(place.origin, "host-limit", message, "write ranges with gaps: `[01-12,14-30]`")
        )
        return names
    known = {name.casefold(): name for name in names}
    is_suggested = False  # the near miss is looked for once: each search goes over all names
    for word in words:
        try:
            excluded = expand_all(word)
        except ValueError as error:
            findings.append(Finding(place.origin, "invalid-value", f"`{word}`: {error}"))
            continue
        unknown = [name for name in excluded if known.pop(name.casefold(), None) is None]
        if unknown:
            message = f"`except` names {unknown[0]}, which is not in the range"
            if len(unknown) > 1:
                message = (
                    f"`except` names {unknown[0]} and {len(unknown) - 1:,} more that are not in the range"
                )
            hint = "" if is_suggested else did_you_mean(unknown[0], names)
            findings.append(Finding(place.origin, "unknown-host", message, hint))
            is_suggested = True
    return tuple(known.values())
