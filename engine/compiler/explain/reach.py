"""How declarations reach a host, or why they do not: layers, profiles and selectors in words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.compiler.inventory import HostFacts, Inventory
from engine.compiler.layers import Scope
from engine.compiler.reaching import Standing, layers_of
from engine.compiler.selectors import evaluate, select
from engine.compiler.stated import Stated
from engine.manifest.selectors import Selector as Written
from engine.manifest.selectors import Term, terms
from engine.model import explanation
from engine.model.explanation import Reach, Selector, Word

_SCOPES: dict[Scope, explanation.Scope] = {
    Scope.DISTRICT: "district",
    Scope.SCHOOL_GROUP: "schools",
    Scope.SCHOOL: "school",
    Scope.HOST_GROUP: "group",
    Scope.HOST: "host",
}


def reach(standing: Standing, inventory: Inventory, host: HostFacts) -> Reach:
    """How a declaration reaches a host; with words of its selectors that mean others, why it does not."""
    at = inventory.by_name[host.name.casefold()]
    layer = layers_of(standing, inventory).get(at)
    scope = standing.scope if layer is None else layer.scope
    stated = standing.stated
    return Reach(
        place=str(stated.declaration.origin),
        scope=_SCOPES[scope],
        layer=layer_words(standing, scope, host),
        profiles=profiles_of(stated),
        use="" if stated.bundled is None else str(stated.bundled.use),
        selectors=tuple(_selector(words, inventory, at) for words in stated.selectors),
    )


def layer_words(standing: Standing, scope: Scope, host: HostFacts) -> str:
    """A layer as people call it: `scope` is how near the declaration is to the host."""
    match scope:
        case Scope.DISTRICT:
            return "the district"
        case Scope.SCHOOL_GROUP:
            return f"the schools of the group `{standing.group}`"
        case Scope.SCHOOL:
            return "the school"
        case Scope.HOST_GROUP:
            return f"the group of hosts `{host.group}`" if _names_group(standing, host) else "a room"
        case Scope.HOST:
            return f"the host {host.name}"


def _names_group(standing: Standing, host: HostFacts) -> bool:
    """Whether a selector says the host's group; what is as near and does not, says its room."""
    written = (each for selector in standing.stated.selectors for each in selector)
    said = (term.value.casefold() for each in written for term in terms(each.expression))
    return host.group.casefold() in said


def profiles_of(stated: Stated) -> tuple[str, ...]:
    """The profiles through which a declaration came, the outermost first."""
    return () if stated.bundled is None else stated.bundled.binding.trail()


def _selector(alternatives: tuple[Written, ...], inventory: Inventory, at: int) -> Selector:
    """The texts of one `hosts:`, of which one must mean the host, each with the words that it is made of."""
    words = [word for written in alternatives for word in _words(written, inventory, at)]
    return Selector(place=str(alternatives[0].origin) if alternatives else "", words=tuple(words))


def _words(written: Written, inventory: Inventory, at: int) -> Iterator[Word]:
    yield _word(written.text, select((written,), inventory), inventory, at)
    if not isinstance(written.expression, Term):
        for term in terms(written.expression):
            yield _word(term.text, evaluate(term, inventory), inventory, at, within=written.text)


def _word(text: str, meant: Iterable[int], inventory: Inventory, at: int, within: str = "") -> Word:
    positions = sorted(meant)
    names = tuple(inventory.hosts[position].name for position in positions)
    return Word(text=text, matches=at in positions, means=names, within=within)
