"""Host classes: hosts for which everything is equal share what they should have."""

from __future__ import annotations

from collections.abc import Sequence

from engine.compiler.bindings import Rendering, looked_at
from engine.compiler.bounds import Allowance
from engine.compiler.district import District
from engine.compiler.edges import HostClass, host_class
from engine.compiler.inventory import HostFacts, Inventory
from engine.compiler.layers import Applied, Layer
from engine.compiler.reaching import reaching
from engine.compiler.resources import Maker, Making
from engine.manifest import limits
from engine.manifest.templates import Chain
from engine.model.origin import Finding

_Reached = tuple[Layer | None, ...]  # one host's layer in each distinct mapping of hosts to layers
_Key = tuple[_Reached, tuple[object, ...]]  # and its values for what templates look at


def host_classes(district: District, school: str, findings: set[Finding]) -> tuple[HostClass, ...]:
    """For each host of a school, what it should have; hosts with the same inputs get the same object.

    What is wrong is added to `findings`; the rest is made.

    Raises:
        KeyError: the district has no such school.
        TooMuch: more is declared for its hosts than any school needs.
    """
    inventory = district.inventories[school]
    applied = _applied(district, school, inventory)
    documents = district.documents
    rendering = Rendering(
        district.sources.templates, documents.district.document, documents.schools[school].main.document
    )
    maker = Maker(applied, rendering, district.sources)
    sorting = _Sorting(maker, district.lost(school))
    classes = sorting.classes_of(inventory.hosts)
    findings |= maker.findings
    for each in {id(known): known for known in classes}.values():
        findings.update(each.findings)
    return classes


def _applied(district: District, school: str, inventory: Inventory) -> list[Applied]:
    """Every declaration that reaches a host of the school."""
    selected = Allowance(limits.SELECTED, "hosts that are selected, counting each selector's")
    known: set[int] = set()
    applied = []
    for _, each in reaching(district, school, inventory):
        if id(each.layers) not in known:
            known.add(id(each.layers))
            selected.spend(len(each.layers), each.declaration.origin)
        applied.append(each)
    return applied


class _Sorting:
    """Finds each host's class, and makes each class once.

    Hosts are told apart first by the declarations that reach them, then by their values for what the
    templates of these look at. `lost` is what may be declared for all of them in what could not be read.
    """

    def __init__(self, maker: Maker, lost: frozenset[tuple[str, str]]) -> None:
        self._maker = maker
        self._lost = lost
        # Declarations with the same selectors share their mapping, so there are few distinct ones.
        self._mappings = tuple({id(applied.layers): applied.layers for applied in maker.applied}.values())
        self._reached: dict[_Reached, tuple[Sequence[tuple[int, Layer]], Sequence[Chain]]] = {}

    def classes_of(self, hosts: Sequence[HostFacts]) -> tuple[HostClass, ...]:
        """The class of each host. How many resources they come to is counted before any is made.

        Raises:
            TooMuch: they are more than any school needs.
        """
        made = Allowance(limits.MADE, "different resources")
        keys = [self._key(position, facts) for position, facts in enumerate(hosts)]
        first = dict(zip(reversed(keys), reversed(hosts), strict=True))
        distinct = tuple(dict.fromkeys(keys))
        for key in distinct:
            made.spend(len(self._reached[key[0]][0]), first[key].origin)
        classes = {key: self._made(key, first[key]) for key in distinct}
        return tuple(classes[key] for key in keys)

    def _key(self, position: int, facts: HostFacts) -> _Key:
        """What a host's class depends on."""
        reached = tuple([mapping.get(position) for mapping in self._mappings])
        known = self._reached.get(reached)
        if known is None:
            known = self._reached[reached] = self._declarations(position)
        return reached, looked_at(facts, known[1])

    def _made(self, key: _Key, facts: HostFacts) -> HostClass:
        making = self._maker.make(self._reached[key[0]][0], facts)
        return host_class(Making(making.made, making.faulty | self._lost))

    def _declarations(self, host: int) -> tuple[Sequence[tuple[int, Layer]], Sequence[Chain]]:
        """The declarations that reach a host, with their layers, and what their templates look at."""
        declarations = [
            (position, applied.layers[host])
            for position, applied in enumerate(self._maker.applied)
            if host in applied.layers
        ]
        chains = {chain for position, _ in declarations for chain in self._maker.chains(position)}
        return declarations, sorted(chains)
