"""Layers: which declarations reach a host, how near each is, and what they say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise
from typing import Literal, NamedTuple

from engine.compiler.bindings import Binding
from engine.compiler.final import against_final
from engine.compiler.references import Asked
from engine.manifest.declarations import Declaration, WordState
from engine.manifest.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from engine.model.origin import Finding, Origin


class Scope(IntEnum):
    """Where a declaration stands, from far to near. A school's are as near as their selector says."""

    DISTRICT = 0
    SCHOOL_GROUP = 1
    SCHOOL = 2
    HOST_GROUP = 3
    HOST = 4


_SCOPE_WORDS = {
    Scope.DISTRICT: "the district",
    Scope.SCHOOL_GROUP: "groups of schools",
    Scope.SCHOOL: "the school",
    Scope.HOST_GROUP: "the group of hosts",
    Scope.HOST: "the host",
}


class Layer(NamedTuple):
    """How near a declaration is to one host. What a profile says is farther than what is said directly."""

    scope: Scope
    direct: bool

    def __str__(self) -> str:
        return _SCOPE_WORDS[self.scope] + ("" if self.direct else ", by profiles")


@dataclass(frozen=True, slots=True)
class Applied:
    """A declaration that reaches some hosts of a school."""

    declaration: Declaration
    binding: Binding | None  # the parameters of the profile that it came with
    use: Origin | None  # where that profile was applied
    layers: Mapping[int, Layer]  # by position of the host in the inventory
    group: str | None = None  # the group of schools that says it


@dataclass(frozen=True, slots=True)
class Statement:
    """One layer's word on a resource, with its templates rendered."""

    layer: Layer
    body: MappingNode
    declaration: Declaration
    needs: tuple[Asked, ...]
    after: tuple[Asked, ...]
    use: Origin | None = None  # where the profile was applied that it came with
    group: str | None = None  # the group of schools that says it

    @property
    def place(self) -> Origin:
        return self.declaration.origin if self.use is None else self.use


@dataclass(frozen=True, slots=True)
class Merged:
    """What all layers together say of one resource. `origin` is the nearest declaration's place."""

    body: MappingNode
    origin: Origin
    state: WordState
    protect: bool
    needs: tuple[Asked, ...]
    after: tuple[Asked, ...]


def merge(
    statements: Sequence[Statement], what: str, united: frozenset[tuple[str, ...]]
) -> tuple[Merged | None, tuple[Finding, ...]]:
    """Refine the farther statements by the nearer ones, field by field; lists at the paths `united` grow.

    Two statements of one layer, and a refinement of what is final, are findings. Merging is associative
    for bodies of one shape: neighbouring layers may be merged first.
    """
    ordered = sorted(statements, key=lambda statement: statement.layer)
    findings = [
        *(_twice(one, two, what) for one, two in pairwise(ordered) if one.layer == two.layer),
        *against_final(ordered, what),
    ]
    if findings:
        return None, tuple(findings)
    body = ordered[0].body
    for statement in ordered[1:]:
        body = refine(body, statement.body, united)
    nearest = ordered[-1].declaration
    merged = Merged(
        body=_without_nulls(body),
        origin=nearest.origin,
        state=next(
            (s.declaration.state for s in reversed(ordered) if s.declaration.state is not None), "present"
        ),
        protect=next(
            (s.declaration.protect for s in reversed(ordered) if s.declaration.protect is not None), False
        ),
        needs=_asked(ordered, "needs"),
        after=_asked(ordered, "after"),
    )
    return merged, ()


def _asked(ordered: Sequence[Statement], field: Literal["needs", "after"]) -> tuple[Asked, ...]:
    """What all layers ask for, from far to near, but for what a nearer one takes back (`~`)."""
    asked: tuple[Asked, ...] = ()
    for statement in ordered:
        own = statement.needs if field == "needs" else statement.after
        asked = own if field in statement.declaration.taken_back else asked + own
    return asked


def _twice(one: Statement, two: Statement, what: str) -> Finding:
    earlier, later = sorted((one, two), key=lambda statement: statement.place)
    if one.group != two.group:
        groups = " and ".join(f"`{statement.group}`" for statement in (earlier, later))
        message = (
            f"{what} is declared by two groups of schools that a school is in, {groups}:"
            f" here and in {earlier.place}; {_difference(earlier.body, later.body)}"
        )
        hint = "declare it in one of the groups, or take the school out of one"
        return Finding(later.place, "declared-twice", message, hint)
    message = f"{what} is declared twice for {one.layer}: here and in {earlier.place}"
    return Finding(
        later.place, "declared-twice", message, "keep one of them, or declare one for nearer hosts"
    )


def _difference(one: MappingNode, two: MappingNode) -> str:
    """In which fields two declarations say different things."""
    fields = [
        key for key in dict.fromkeys((*one.entries, *two.entries)) if _item(one, key) != _item(two, key)
    ]
    if not fields:
        return "both say the same"
    return f"they differ in {' and '.join(f'`{field}`' for field in fields)}"


def _item(body: MappingNode, key: str) -> object:
    node = body.get(key)
    return None if node is None else _key(node)


def refine(
    farther: MappingNode,
    nearer: MappingNode,
    united: frozenset[tuple[str, ...]] = frozenset(),
    path: tuple[str, ...] = (),
) -> MappingNode:
    """Groups of fields are merged, lists of `united` paths are joined, everything else is replaced."""
    entries: dict[str, Entry] = dict(farther.entries)
    for key, entry in nearer.entries.items():
        below = (*path, key)
        known = entries.get(key)
        entries[key] = (
            entry if known is None else entry._replace(value=_value(known.value, entry.value, united, below))
        )
    return MappingNode(entries, nearer.origin)


def _value(farther: Node, nearer: Node, united: frozenset[tuple[str, ...]], path: tuple[str, ...]) -> Node:
    if isinstance(farther, MappingNode) and isinstance(nearer, MappingNode):
        return refine(farther, nearer, united, path)
    if path in united and isinstance(farther, SequenceNode) and isinstance(nearer, SequenceNode):
        known = {_key(item) for item in farther.items}
        added = tuple(item for item in nearer.items if _key(item) not in known)
        return SequenceNode(farther.items + added, nearer.origin)
    return nearer


def _key(node: Node) -> object:
    """What makes two items of a united list the same: what is written, not where."""
    if isinstance(node, ScalarNode):
        return node.text.casefold()
    if isinstance(node, SequenceNode):
        return tuple(_key(item) for item in node.items)
    return tuple(sorted((key, _key(entry.value)) for key, entry in node.entries.items()))


def _without_nulls(body: MappingNode) -> MappingNode:
    """A field set to nothing (`~`) is not declared: so a nearer layer takes a farther one's field back."""
    kept = {
        key: entry._replace(value=_without_nulls(entry.value))
        if isinstance(entry.value, MappingNode)
        else entry
        for key, entry in body.entries.items()
        if not (isinstance(entry.value, ScalarNode) and entry.value.value is None)
    }
    return MappingNode(kept, body.origin)
