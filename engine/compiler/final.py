"""`final`: what nearer layers may not refine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from pydantic import BaseModel

from engine.manifest.declarations import Declaration
from engine.manifest.fields import allowed_fields
from engine.manifest.nodes import MappingNode, Node, words
from engine.manifest.suggest import did_you_mean, one_of
from engine.model.origin import Finding, Origin

# Of the fields that every kind has, those that a nearer layer could say otherwise.
COMMON = ("state", "protect", "needs", "after")
_FIX = "ask whoever made it final, or take this out"


class Stated(Protocol):
    """One layer's word on a resource."""

    @property
    def body(self) -> MappingNode: ...
    @property
    def declaration(self) -> Declaration: ...


def against_final(ordered: Sequence[Stated], what: str) -> Iterator[Finding]:
    """Refinements of what a farther layer made final. `ordered`: the farthest first."""
    for index, farther in enumerate(ordered):
        final = farther.declaration.final
        since = farther.declaration.origin
        for nearer in ordered[index + 1 :] if final else ():
            if final is True:
                message = f"{what} is final since {since}"
                yield Finding(nearer.declaration.origin, "final", message, _FIX)
                continue
            for field in sorted(final) if isinstance(final, frozenset) else ():
                origin = _said_by(nearer, tuple(field.split(".")))
                if origin is not None:
                    yield Finding(origin, "final", f"`{field}` of {what} is final since {since}", _FIX)


def _said_by(statement: Stated, path: tuple[str, ...]) -> Origin | None:
    """Where a statement says something of a field, or of the group that holds it as a whole."""
    node: Node = statement.body
    if path[0] not in statement.body.entries and path[0] in COMMON:
        node = statement.declaration.common
    origin: Origin | None = None
    for name in path:
        if not isinstance(node, MappingNode):
            return origin  # the whole group is replaced or taken back
        entry = node.entries.get(name)
        if entry is None:
            return None
        origin, node = entry.origin, entry.value
    return origin


def unknown_final(declaration: Declaration, entry: type[BaseModel]) -> Iterator[Finding]:
    """Names in a declaration's `final` that are no fields. `entry` is the model of the section's entries."""
    if not isinstance(declaration.final, frozenset):
        return
    for word in words(declaration.common.get("final")):
        *groups, last = word.text.split(".")
        known = allowed_fields(entry, tuple(groups)) if _are_fields(entry, groups) else ()
        if not groups:
            known = tuple(dict.fromkeys((*known, *COMMON)))
        if last not in known:
            message = f"`{word.text}` is no field that could be final"
            hint = _near(word.text, groups, known) or (f"it has {one_of(known)}" if known else "")
            yield Finding(word.origin, "unknown-field", message, hint)


def _are_fields(entry: type[BaseModel], groups: Sequence[str]) -> bool:
    return all(name in allowed_fields(entry, tuple(groups[:depth])) for depth, name in enumerate(groups))


def _near(text: str, groups: Sequence[str], known: Sequence[str]) -> str:
    prefix = "".join(f"{group}." for group in groups)
    return did_you_mean(text, [prefix + name for name in known])
