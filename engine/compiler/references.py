"""References of `needs` and `after`: `kind/name` on the same host, `host/kind/name` on another."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from engine.manifest.nodes import ScalarNode, Word
from engine.manifest.selectors import Selector, read_selectors
from engine.manifest.suggest import did_you_mean, one_of
from engine.model.origin import Finding, Origin

# What stands before the first slash that is not within quotes, as in `model='HP 600/G9'/share/Staff`.
_FIRST = re.compile(r"(?P<first>(?:[^/=]|=(?:'[^']*'|\"[^\"]*\")?)*)(?:/(?P<rest>.*))?\Z", re.DOTALL)


class Giver(NamedTuple):
    """Why a profile's resource refers to just this: where the profile is used, or the parameter was given."""

    origin: Origin
    parameter: str  # empty where no parameter has part in it


class Asked(NamedTuple):
    """The rendered text of a reference, and for a profile's resource who gave it."""

    node: ScalarNode
    giver: Giver | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference as written. `host` is None on the same host."""

    host: Selector | None
    kind: str
    name: str
    origin: Origin
    giver: Giver | None = None

    @property
    def key(self) -> tuple[str, str]:
        return self.kind, self.name.casefold()


def parse_reference(asked: Asked, kinds: Collection[str]) -> Reference | Finding:
    """Read a reference. A first part that is a kind means the same host; else it is a selector."""
    node, giver = asked
    found = _FIRST.match(node.text)
    first, rest = (found["first"], found["rest"] or "") if found else (node.text, "")
    if first in kinds and rest:
        return Reference(None, first, rest, node.origin, giver)
    kind, _, name = rest.partition("/")
    if kind in kinds and name and first:
        findings: list[Finding] = []
        hosts = read_selectors((Word(first, node.origin, node.inset),), findings)
        return Reference(hosts[0], kind, name, node.origin, giver) if hosts else findings[0]
    message = f"`{node.text}` refers to nothing: write `kind/name`, or `host/kind/name` for another host"
    hint = did_you_mean(first, kinds) or f"kinds are {one_of(sorted(kinds), 12)}"
    return Finding(node.origin, "invalid-reference", message, hint)
