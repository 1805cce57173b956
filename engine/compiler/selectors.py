"""Selectors: which hosts the words of `hosts:` mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from engine.compiler.inventory import Inventory
from engine.manifest.declarations import Word
from engine.manifest.ranges import expand_all, is_range
from engine.manifest.suggest import did_you_mean
from engine.model.origin import Finding

ALL = "all"


class Nearness(IntEnum):
    """How closely a word names a host: what refines what within a school."""

    SCHOOL = 0  # `all`, or by role
    GROUP = 1  # by group of hosts
    HOST = 2  # by name


@dataclass(frozen=True, slots=True)
class Selection:
    """The hosts that a selector means, as positions in the inventory, and the words that mean none."""

    hosts: Mapping[int, Nearness]
    unmatched: tuple[Word, ...]


def select(words: Sequence[Word], inventory: Inventory) -> tuple[Selection, tuple[Finding, ...]]:
    """Resolve a selector; a host that several words mean is taken by the nearest.

    A word means a host's name, else a group of hosts, else a role. One that is both a group and a role is a
    finding, unless they are the same hosts.
    """
    hosts: dict[int, Nearness] = {}
    unmatched: list[Word] = []
    findings: list[Finding] = []
    for word in words:
        positions, nearness = _mean(word, inventory, findings)
        if not positions:
            unmatched.append(word)
        for position in positions:
            hosts[position] = max(nearness, hosts.get(position, nearness))
    return Selection(hosts, tuple(unmatched)), tuple(findings)


def _mean(word: Word, inventory: Inventory, findings: list[Finding]) -> tuple[Sequence[int], Nearness]:
    text = word.text
    if text == ALL:
        return range(len(inventory.hosts)), Nearness.SCHOOL
    if is_range(text):
        return _range(word, inventory, findings), Nearness.HOST
    at = inventory.by_name.get(text.casefold())
    if at is not None:
        return (at,), Nearness.HOST
    group, role = inventory.by_group.get(text, ()), inventory.by_role.get(text, ())
    if group and role and group != role:
        message = f"`{text}` is both a group of hosts and a role of other hosts in {inventory.school}"
        findings.append(Finding(word.origin, "ambiguous-selector", message, "give the group another name"))
    return (group, Nearness.GROUP) if group else (role, Nearness.SCHOOL)


def _range(word: Word, inventory: Inventory, findings: list[Finding]) -> tuple[int, ...]:
    try:
        names = expand_all(word.text)
    except ValueError as error:
        findings.append(Finding(word.origin, "invalid-value", f"`{word.text}`: {error}"))
        return ()
    found = (inventory.by_name.get(name.casefold()) for name in names)
    return tuple(at for at in found if at is not None)


def no_match(word: Word, where: str, inventories: Sequence[Inventory]) -> Finding:
    """The finding for a word that means no host, with the near miss."""
    known = dict.fromkeys(known for inventory in inventories for known in inventory.words())
    return Finding(
        word.origin,
        "no-host-selected",
        f"`{word.text}` matches no host of {where}",
        did_you_mean(word.text, [*known, ALL]),
    )
