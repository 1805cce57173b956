"""Choosing a part of the district by school, host and kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.app.errors import UnknownSelection
from engine.compiler.district import District
from engine.compiler.inventory import Inventory
from engine.compiler.selectors import ALL
from engine.kinds.table import KINDS
from engine.manifest.ranges import expand, is_range
from engine.manifest.suggest import did_you_mean
from engine.model.resource import Host
from engine.model.words import quoted

KIND_NAMES = tuple(sorted(KINDS))
_WORD = re.compile(r"(?:[^,\[]|\[[^\]]*\]?)+")  # between commas that are not in brackets


@dataclass(frozen=True, slots=True)
class Selection:
    """What a command is about. An empty tuple means all; names are compared without case.

    `hosts` are names, groups, roles and ranges, as in a manifest or as a plan prints them.
    """

    schools: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A selection, looked up: hosts by school and name, kinds by their own names (None: all)."""

    hosts: tuple[Host, ...]
    kinds: frozenset[str] | None

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools of the hosts, in order."""
        return tuple(dict.fromkeys(host.school for host in self.hosts))


def choose(selection: Selection, district: District) -> Chosen:
    """Look up what is selected: hosts that are in one of the schools and have one of the names.

    Raises:
        UnknownSelection: a name that does not exist, or a host that is in none of the schools.
    """
    every = tuple(district.hosts())
    schools = _known("school", selection.schools, district.schools)
    names = frozenset(name for word in selection.hosts for name in _meant(word, district, every))
    kinds = _known("kind", selection.kinds, KINDS)
    in_schools = tuple(host for host in every if not schools or host.school in schools)
    for word in selection.hosts:
        if not _meant(word, district, every) & {host.name for host in in_schools}:
            raise UnknownSelection(f"the host {word} is in none of the selected schools")
    hosts = tuple(host for host in in_schools if not names or host.name in names)
    return Chosen(hosts, kinds or None)


def named_host(name: str, district: District) -> Host:
    """The one host of this name.

    Raises:
        UnknownSelection: there is none; the message suggests a near one.
    """
    every = {host.name: host for host in district.hosts()}
    (found,) = _known("host", [name], every)
    return every[found]


def _meant(words: str, district: District, every: Sequence[Host]) -> frozenset[str]:
    """The names of the hosts that an option means, which may be several words, as a plan prints them."""
    return frozenset(name for word in _WORD.findall(words) for name in _named(word.strip(), district, every))


def _named(word: str, district: District, every: Sequence[Host]) -> frozenset[str]:
    """What `hosts:` means in a manifest: a host, a range, a group or a role, or `all`."""
    names = {host.name.casefold(): host.name for host in every}
    found: frozenset[str] = frozenset()
    if is_range(word):
        found = frozenset(names[name] for name in map(str.casefold, _in_range(word)) if name in names)
    elif word.casefold() in names:
        found = frozenset({names[word.casefold()]})
    elif word == ALL:
        found = frozenset(names.values())
    else:
        inventories = district.inventories.values()
        found = frozenset(host for inventory in inventories for host in _of_many(word, inventory))
    if not found:
        known = dict.fromkeys(
            each for inventory in district.inventories.values() for each in inventory.words()
        )
        hint = did_you_mean(word, known)
        what = f"there is no host, group or role {quoted(word)}"
        raise UnknownSelection(f"{what}; {hint}" if hint else what)
    return found


def _of_many(word: str, inventory: Inventory) -> Iterable[str]:
    """The hosts of a group, else of a role, of one school."""
    for index in (inventory.by_group, inventory.by_role):
        for name, positions in index.items():
            if positions and name.casefold() == word.casefold():
                return [inventory.hosts[position].name for position in positions]
    return ()


def _in_range(text: str) -> Iterable[str]:
    """The names of a range, which may have gaps as a plan prints it: `DHS-L114-[01-12,14]`.

    Raises:
        UnknownSelection: it is none.
    """
    prefix, _, rest = text.partition("[")
    inner, _, suffix = rest.partition("]")
    try:
        for part in inner.split(","):
            low, _, high = part.strip().partition("-")
            yield from expand(f"{prefix}[{low}-{high or low}]{suffix}")
    except ValueError as error:
        raise UnknownSelection(f"{quoted(text)}: {error}") from None


def _known(what: str, wanted: Sequence[str], known: Iterable[str]) -> frozenset[str]:
    names = {name.casefold(): name for name in known}
    found = set()
    for word in wanted:
        if word.casefold() not in names:
            hint = did_you_mean(word, names.values())
            raise UnknownSelection(f"there is no {what} {quoted(word)}" + (f"; {hint}" if hint else ""))
        found.add(names[word.casefold()])
    return frozenset(found)
