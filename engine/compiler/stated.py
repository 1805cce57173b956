"""Declarations as they stand in documents, directly or through profiles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.compiler.final import unknown_final
from engine.compiler.profiles import Bundled, Expansion
from engine.compiler.sections import SECTIONS
from engine.manifest.declarations import Body, Declaration, Use
from engine.manifest.selectors import ALL, Selector
from engine.model.origin import Finding

_SAY_HOSTS = f"add `hosts:` with a group of hosts, a role, a name or `{ALL}`"


@dataclass(frozen=True, slots=True)
class Stated:
    """A declaration as it stands in a document, directly or through a profile."""

    declaration: Declaration
    bundled: Bundled | None  # how it came through a profile
    selectors: tuple[tuple[Selector, ...], ...]  # all of them must mean a host


def stated_in(bodies: Iterable[Body], expansion: Expansion) -> tuple[Stated, ...]:
    """Everything that bodies state, profiles expanded. What is wrong goes to the expansion's findings."""
    return tuple(stated for body in bodies for stated in _of_body(body, expansion))


def selectors_of(stated: Iterable[Stated]) -> tuple[Selector, ...]:
    """Each selector once, by the place where it is written."""
    found = {
        selector.origin: selector
        for each in stated
        for alternatives in each.selectors
        for selector in alternatives
    }
    return tuple(found.values())


def _of_body(body: Body, expansion: Expansion) -> Iterator[Stated]:
    for use in body.uses:
        for bundled in _expanded(use, expansion):
            yield Stated(bundled.declaration, bundled, bundled.selectors)
    for declaration in body.declarations:
        if declaration.hosts is None:
            message = "this does not say for which hosts it is"
            expansion.findings.append(Finding(declaration.origin, "no-hosts", message, _SAY_HOSTS))
        expansion.findings += unknown_final(declaration, SECTIONS[declaration.section].entry)
        yield Stated(declaration, None, () if declaration.hosts is None else (declaration.hosts,))


def _expanded(use: Use, expansion: Expansion) -> tuple[Bundled, ...]:
    if use.hosts is None:
        message = f"the use of the profile `{use.profile.text}` does not say for which hosts"
        expansion.findings.append(Finding(use.origin, "no-hosts", message, _SAY_HOSTS))
    return expansion.expand(use)
