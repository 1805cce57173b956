"""Choosing a part of the district by school, host and kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.app.errors import UnknownSelection
from engine.compiler.district import District
from engine.compiler.inventory import Inventory
from engine.compiler.selectors import check_selectors, select
from engine.kinds.table import KINDS
from engine.manifest.nodes import Word
from engine.manifest.selectors import Selector, read_selectors
from engine.manifest.suggest import did_you_mean
from engine.model.origin import Finding, Origin
from engine.model.resource import Host
from engine.model.words import quoted

KIND_NAMES = tuple(sorted(KINDS))
# Between commas that are not in brackets or quotes.
_PARTS = re.compile(r"""(?:[^,\['"]|\[[^\]]*\]?|'[^']*'?|"[^"]*"?)+""")


@dataclass(frozen=True, slots=True)
class Selection:
    """What a command is about. An empty tuple means all; names are compared without case.

    `hosts` are selectors as in a manifest, or names and ranges as a plan prints them. Of all that, only what
    is in the schools `within` is meant, which may be nothing; None: no such limit.
    """

    schools: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    within: frozenset[str] | None = None


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
    schools = _known("school", selection.schools, district.schools) or frozenset(district.schools)
    inventories = {name: district.inventories[name] for name in district.schools if name in schools}
    kinds = _known("kind", selection.kinds, KINDS)
    selectors = tuple(each for text in selection.hosts for each in _selectors(text))
    for selector in selectors:
        _check(selector, inventories, district)
    chosen = {name: select(selectors, inventory) for name, inventory in inventories.items()}
    hosts = tuple(
        Host(facts.name, name, facts.roles)
        for name, inventory in inventories.items()
        for position, facts in enumerate(inventory.hosts)
        if not selectors or position in chosen[name]
        if selection.within is None or name in selection.within
    )
    return Chosen(hosts, kinds or None)


def named_schools(names: Sequence[str], schools: Sequence[str]) -> tuple[str, ...]:
    """Those of the `schools` that are named, in their order; all of them where none is named.

    Raises:
        UnknownSelection: there is none of a name; the message suggests a near one.
    """
    found = _known("school", names, schools)
    return tuple(school for school in schools if not found or school in found)


def named_host(name: str, district: District) -> Host:
    """The one host of this name.

    Raises:
        UnknownSelection: there is none; the message suggests a near one.
    """
    every = {host.name: host for host in district.hosts()}
    (found,) = _known("host", [name], every)
    return every[found]


def _selectors(text: str) -> tuple[Selector, ...]:
    """What an option means: the selector of a manifest's `hosts:`, or several as a plan prints them.

    Raises:
        UnknownSelection: it is none.
    """
    findings: list[Finding] = []
    words = tuple(Word(part.strip(), Origin("", 1, 1)) for part in _PARTS.findall(text) or (text,))
    selectors = read_selectors(words, findings)
    if findings:
        raise UnknownSelection(_in_words(f"{quoted(text)}: {findings[0].message}", findings[0].suggestion))
    return selectors


def _check(selector: Selector, inventories: Mapping[str, Inventory], district: District) -> None:
    """Make sure that a selector means hosts of the selected schools.

    Raises:
        UnknownSelection: it does not.
    """
    where = "the district" if len(inventories) != 1 else next(iter(inventories))
    finding = next(check_selectors((selector,), tuple(inventories.values()), where), None)
    if finding is None:
        return
    if not any(check_selectors((selector,), tuple(district.inventories.values()), "the district")):
        raise UnknownSelection(f"{quoted(selector.text)} is in none of the selected schools")
    raise UnknownSelection(_in_words(finding.message, finding.suggestion))


def _in_words(message: str, suggestion: str) -> str:
    return f"{message}; {suggestion}" if suggestion else message


def _known(what: str, wanted: Sequence[str], known: Iterable[str]) -> frozenset[str]:
    names = {name.casefold(): name for name in known}
    found = set()
    for word in wanted:
        if word.casefold() not in names:
            hint = did_you_mean(word, names.values())
            raise UnknownSelection(f"there is no {what} {quoted(word)}" + (f"; {hint}" if hint else ""))
        found.add(names[word.casefold()])
    return frozenset(found)
