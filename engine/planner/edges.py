"""What each change of a plan waits for, in terms of the plan's own changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.model.address import Address
from engine.model.plan import Action, Change

REMOVALS = frozenset({Action.DELETE, Action.FORGET})


@dataclass(frozen=True, slots=True)
class Edges:
    """`needs`: skipped if one of these was not done. `follows`: order only."""

    needs: Mapping[Address, tuple[Address, ...]]
    follows: Mapping[Address, tuple[Address, ...]]


Declared = Mapping[Address, tuple[Address, ...]]


def edges_between(changes: Mapping[Address, Change], needs: Declared, after: Declared) -> Edges:
    """The declared edges, drawn between changes only: through a resource without a change to what it needs.

    Making follows the declared direction. Of two removals, what is needed goes last. A removal does not
    need what the removed thing needed; it only comes after changes of it.
    """
    found_needs: dict[Address, list[Address]] = {address: [] for address in changes}
    found_follows: dict[Address, list[Address]] = {address: [] for address in changes}
    for address, change in changes.items():
        removal = change.action in REMOVALS
        for strong, declared in ((True, needs), (False, after)):
            for other in _nearest(address, declared, changes.__contains__):
                both_removed = removal and changes[other].action in REMOVALS
                source, target = (other, address) if both_removed else (address, other)
                table = found_needs if strong and (both_removed or not removal) else found_follows
                table[source].append(target)
    return Edges(_sorted(found_needs), _sorted(found_follows, found_needs))


def _nearest(start: Address, declared: Declared, wanted: Callable[[Address], bool]) -> Sequence[Address]:
    """The first wanted addresses on every path from `start`, without `start` itself."""
    found: list[Address] = []
    seen = {start}
    waiting = list(declared.get(start, ()))
    while waiting:
        address = waiting.pop()
        if address in seen:
            continue
        seen.add(address)
        if wanted(address):
            found.append(address)
        else:
            waiting.extend(declared.get(address, ()))
    return found


def _sorted(
    table: Mapping[Address, list[Address]], without: Mapping[Address, list[Address]] | None = None
) -> dict[Address, tuple[Address, ...]]:
    """Each list in a stable order, each address once, leaving out what the other table names already."""
    other = without or {}
    return {a: tuple(sorted(set(targets) - set(other.get(a, ())))) for a, targets in table.items()}
