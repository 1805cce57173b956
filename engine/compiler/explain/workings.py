"""A school's compilation, opened up: what reaches a host, and what is made from it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from engine.compiler.bindings import Rendering
from engine.compiler.district import District
from engine.compiler.inventory import HostFacts, Inventory
from engine.compiler.layers import Applied, Layer, Merged, Statement
from engine.compiler.lowering.kinds import Lowered
from engine.compiler.reaching import Standing, reaching
from engine.compiler.resources import Made, Maker
from engine.compiler.sections import SECTIONS, Section
from engine.kinds.table import KINDS
from engine.manifest.files import place
from engine.manifest.nodes import Node, ScalarNode
from engine.manifest.templates import is_template

Key = tuple[str, str]  # kind, and name without case


class Witness(NamedTuple):
    """One layer's word on a resource, and how it came to the host."""

    statement: Statement
    standing: Standing
    applied: Applied
    delivered: tuple[Node, ...]  # the text of the template file that it names


@dataclass(frozen=True, slots=True)
class United:
    """One entry of a section, of all layers: the nearest witness first."""

    section: Section
    witnesses: tuple[Witness, ...]
    merged: Merged
    lowered: Lowered

    @property
    def key(self) -> Key:
        kind = self.section.kind
        return kind, KINDS[kind].identity(self.lowered.spec).casefold()


@dataclass(slots=True)
class Workings:
    """One school's compilation. The school must compile without findings; then none of this has any."""

    district: District
    school: str
    inventory: Inventory
    standings: tuple[Standing, ...]  # of the declarations that reach a host, as the maker counts them
    maker: Maker
    _made: dict[int, tuple[Made, ...]] = field(default_factory=dict)
    _united: dict[str, tuple[United, ...]] = field(default_factory=dict)

    def facts(self, host: str) -> HostFacts:
        """A host by its name, in any case.

        Raises:
            KeyError: the school has no such host.
        """
        return self.inventory.hosts[self.inventory.by_name[host.casefold()]]

    def reached(self, host: str) -> tuple[tuple[int, Layer], ...]:
        """The declarations that reach a host, as positions, with their layers."""
        at = self.inventory.by_name[host.casefold()]
        return tuple(
            (position, applied.layers[at])
            for position, applied in enumerate(self.maker.applied)
            if at in applied.layers
        )

    def made(self, host: str) -> tuple[Made, ...]:
        """Everything that a host should have."""
        at = self.inventory.by_name[host.casefold()]
        if at not in self._made:
            self._made[at] = self.maker.make(self.reached(host), self.inventory.hosts[at]).made
        return self._made[at]

    def united(self, host: str) -> tuple[United, ...]:
        """Every declared resource of a host, with all that was said of it."""
        facts = self.facts(host)
        if facts.name not in self._united:
            self._united[facts.name] = tuple(self._unite(facts))
        return self._united[facts.name]

    def _unite(self, facts: HostFacts) -> Iterator[United]:
        groups, _ = self.maker.grouped(self.reached(facts.name), facts)
        for (section, _), members in groups.items():
            both = self.maker.unite(SECTIONS[section], members, facts)
            if both is not None:
                merged, lowered = both
                yield United(SECTIONS[section], self._witnesses(members), merged, lowered)

    def _witnesses(self, members: Sequence[tuple[int, Statement]]) -> tuple[Witness, ...]:
        ordered = sorted(members, key=lambda member: member[1].layer, reverse=True)
        return tuple(
            Witness(statement, self.standings[position], applied, self._delivered(applied))
            for position, statement in ordered
            for applied in (self.maker.applied[position],)
        )

    def _delivered(self, applied: Applied) -> tuple[Node, ...]:
        root = self.maker.sources.delivered.root
        name = applied.declaration.body.get("template")
        if isinstance(name, ScalarNode) and is_template(name.text):
            return ()  # which file it is differs by host
        start = place(root, name.text) if isinstance(name, ScalarNode) else None
        return tuple(
            node if start is None or not isinstance(node, ScalarNode) else node._replace(origin=start)
            for node in self.maker.delivered(applied)
        )


def open_school(district: District, school: str) -> Workings:
    """Open up a school.

    Raises:
        KeyError: the district has no such school.
    """
    inventory = district.inventories[school]
    documents = district.documents
    both = tuple(reaching(district, school, inventory))
    rendering = Rendering(
        district.sources.templates, documents.district.document, documents.schools[school].main.document
    )
    maker = Maker([applied for _, applied in both], rendering, district.sources)
    return Workings(district, school, inventory, tuple(standing for standing, _ in both), maker)
