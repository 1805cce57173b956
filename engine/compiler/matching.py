"""Whether every selector of a district means some host: a typing error must not leave a room out silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.compiler.inventory import Inventory
from engine.compiler.selectors import check_selectors
from engine.manifest import limits
from engine.manifest.nodes import MappingNode, Node, SequenceNode, words
from engine.manifest.selectors import Selector, read_selectors
from engine.model.origin import Finding, Origin


@dataclass(slots=True)
class _Reach:
    """Where a selector is used, and the hosts that it is for, as far as they are still needed."""

    selector: Selector
    titles: dict[str, None] = field(default_factory=dict)
    inventories: list[Inventory] = field(default_factory=list)  # none of them has all that it says
    settled: bool = False  # one had
    ambiguous: tuple[Finding, ...] = ()

    def meet(self, inventory: Inventory) -> None:
        findings = tuple(check_selectors((self.selector,), (inventory,), "", hints=0))
        self.ambiguous = self.ambiguous or tuple(
            each for each in findings if each.rule == "ambiguous-selector"
        )
        if not findings:
            self.settled = True
            self.inventories.clear()
        elif not self.settled:
            self.inventories.append(inventory)

    def findings(self, where: str, hints: int) -> tuple[Finding, ...]:
        if self.settled:
            return self.ambiguous
        return tuple(check_selectors((self.selector,), self.inventories, where, hints))


@dataclass(slots=True)
class Matching:
    """The selectors that are for several schools, which are met one after the other.

    A selector is settled by the first school that has all it says. Until then the schools' inventories are
    kept, for what only several of them have together, and for the near miss.
    """

    _reaches: dict[Origin, _Reach] = field(default_factory=dict)

    def meet(self, title: str, selectors: Iterable[Selector], inventory: Inventory) -> None:
        """These selectors, used by what `title` names, are for the hosts of this school too."""
        for selector in selectors:
            reach = self._reaches.setdefault(selector.origin, _Reach(selector))
            reach.titles[title] = None
            reach.meet(inventory)

    def findings(self, schools: frozenset[str], *, complete: bool) -> Iterator[Finding]:
        """What is wrong, when all schools were met.

        What is for several of the `schools` is looked at only if they are `complete`: what none of them has
        cannot be said when some could not be read.
        """
        hints = limits.HINTS
        for reach in self._reaches.values():
            title = next(iter(reach.titles))
            alone = len(reach.titles) == 1
            if complete or (alone and title in schools):
                found = reach.findings(title if alone else "the schools that use the profile", hints)
                hints -= len(found)
                yield from found


def exceptions_in(node: MappingNode, findings: list[Finding]) -> tuple[Selector, ...]:
    """The hosts to which a document's connection makes exceptions from encryption.

    One for a host that does not exist is a typing error, or was forgotten.
    """
    connection = node.get("connection")
    listed = connection.get("plaintext") if isinstance(connection, MappingNode) else None
    selectors: list[Selector] = []
    for exception in listed.items if isinstance(listed, SequenceNode) else ():
        hosts: Node | None = exception.get("hosts") if isinstance(exception, MappingNode) else None
        selectors += read_selectors(words(hosts), findings)
    return tuple(selectors)
