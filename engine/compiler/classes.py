"""Host classes: hosts for which everything is equal share what they should have."""

from __future__ import annotations

from collections.abc import Sequence

from engine.compiler.bindings import Rendering, looked_at
from engine.compiler.district import District
from engine.compiler.edges import HostClass, host_class
from engine.compiler.inventory import HostFacts
from engine.compiler.layers import Layer
from engine.compiler.reaching import reaching
from engine.compiler.resources import Maker, Making
from engine.manifest.templates import Chain
from engine.model.origin import Finding

_Reached = tuple[Layer | None, ...]  # one host's layer in each distinct mapping of hosts to layers


def host_classes(district: District, school: str, findings: set[Finding]) -> tuple[HostClass, ...]:
    """For each host of a school, what it should have; hosts with the same inputs get the same object.

    What is wrong is added to `findings`; the rest is made.

    Raises:
        KeyError: the district has no such school.
    """
    inventory = district.inventories[school]
    applied = [each for _, each in reaching(district, school, inventory)]
    documents = district.documents
    rendering = Rendering(
        district.sources.templates, documents.district.document, documents.schools[school].main.document
    )
    maker = Maker(applied, rendering, district.sources)
    sorting = _Sorting(maker, district.lost(school))
    classes = tuple(sorting.class_of(position, facts) for position, facts in enumerate(inventory.hosts))
    findings |= maker.findings
    for each in {id(known): known for known in classes}.values():
        findings.update(each.findings)
    return classes


class _Sorting:
    """Finds each host's class; makes it when it is the first of its class.

    Hosts are told apart first by the declarations that reach them, then by their values for what the
    templates of these look at. `lost` is what may be declared for all of them in what could not be read.
    """

    def __init__(self, maker: Maker, lost: frozenset[tuple[str, str]]) -> None:
        self._maker = maker
        self._lost = lost
        # Declarations with the same selectors share their mapping, so there are few distinct ones.
        self._mappings = tuple({id(applied.layers): applied.layers for applied in maker.applied}.values())
        self._reached: dict[_Reached, tuple[Sequence[tuple[int, Layer]], Sequence[Chain]]] = {}
        self._classes: dict[tuple[object, ...], HostClass] = {}

    def class_of(self, position: int, facts: HostFacts) -> HostClass:
        reached = tuple([mapping.get(position) for mapping in self._mappings])
        known = self._reached.get(reached)
        if known is None:
            known = self._reached[reached] = self._declarations(position)
        declarations, chains = known
        key = (reached, looked_at(facts, chains))
        found = self._classes.get(key)
        if found is None:
            making = self._maker.make(declarations, facts)
            found = self._classes[key] = host_class(Making(making.made, making.faulty | self._lost))
        return found

    def _declarations(self, host: int) -> tuple[Sequence[tuple[int, Layer]], Sequence[Chain]]:
        """The declarations that reach a host, with their layers, and what their templates look at."""
        declarations = [
            (position, applied.layers[host])
            for position, applied in enumerate(self._maker.applied)
            if host in applied.layers
        ]
        chains = {chain for position, _ in declarations for chain in self._maker.chains(position)}
        return declarations, sorted(chains)
