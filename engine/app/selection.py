"""Choosing a part of the district by school, host and kind."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.app.errors import UnknownSelection
from engine.compiler.district import District
from engine.kinds.table import KINDS
from engine.manifest.suggest import did_you_mean
from engine.model.resource import Host
from engine.model.words import quoted


@dataclass(frozen=True, slots=True)
class Selection:
    """What a command is about. An empty tuple means all; names are compared without case."""

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
    names = _known("host", selection.hosts, [host.name for host in every])
    kinds = _known("kind", selection.kinds, KINDS)
    hosts = tuple(
        host
        for host in every
        if (not schools or host.school in schools) and (not names or host.name in names)
    )
    elsewhere = sorted(names - {host.name for host in hosts})
    if elsewhere:
        raise UnknownSelection(f"the host {elsewhere[0]} is in none of the selected schools")
    return Chosen(hosts, kinds or None)


def _known(what: str, wanted: Sequence[str], known: Iterable[str]) -> frozenset[str]:
    names = {name.casefold(): name for name in known}
    found = set()
    for word in wanted:
        if word.casefold() not in names:
            hint = did_you_mean(word, names.values())
            raise UnknownSelection(f"there is no {what} {quoted(word)}" + (f"; {hint}" if hint else ""))
        found.add(names[word.casefold()])
    return frozenset(found)
