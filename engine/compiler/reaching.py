"""Which declarations reach which hosts of a school, and how near each is to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from engine.compiler.district import District
from engine.compiler.inventory import Inventory
from engine.compiler.layers import Applied, Layer, Scope
from engine.compiler.selectors import Nearness, select
from engine.compiler.stated import Stated


class Standing(NamedTuple):
    """A declaration, and where it stands. `group` is the group of schools, where it is one's."""

    scope: Scope
    group: str | None
    stated: Stated


def standing_for(district: District, school: str) -> Iterator[Standing]:
    """Every declaration that could reach a host of the school, from far to near."""
    for stated in district.everywhere:
        yield Standing(Scope.DISTRICT, None, stated)
    for group in district.groups_of(school):
        for stated in district.by_group.get(group, ()):
            yield Standing(Scope.SCHOOL_GROUP, group, stated)
    for stated in district.by_school[school]:
        yield Standing(Scope.SCHOOL, None, stated)


def reaching(district: District, school: str, inventory: Inventory) -> Iterator[tuple[Standing, Applied]]:
    """Every declaration that reaches a host of the school, with its layer for each of them.

    Declarations with the same selectors share the mapping of hosts to layers. What is wrong with a selector
    was told when the district was loaded.
    """
    known: dict[tuple[object, ...], Mapping[int, Layer]] = {}
    for standing in standing_for(district, school):
        layers = _shared_layers(standing, inventory, known)
        if layers:
            bundled = standing.stated.bundled
            binding, use = (bundled.binding, bundled.use) if bundled is not None else (None, None)
            yield standing, Applied(standing.stated.declaration, binding, use, layers, standing.group)


def _shared_layers(
    standing: Standing,
    inventory: Inventory,
    known: dict[tuple[object, ...], Mapping[int, Layer]],
) -> Mapping[int, Layer]:
    """As `layers_of`; from `known` where the same words were looked up before, in whatever line."""
    stated = standing.stated
    words = tuple(tuple(word.text for word in selector) for selector in stated.selectors)
    key = (standing.scope, stated.bundled is None, words)
    layers = known.get(key)
    if layers is None:
        layers = known[key] = layers_of(standing, inventory)
    return layers


def layers_of(standing: Standing, inventory: Inventory) -> Mapping[int, Layer]:
    """The hosts that all selectors mean. Within a school the nearest selector decides the layer."""
    reached: Mapping[int, Nearness] | None = None
    for selector in standing.stated.selectors:
        selected = select(selector, inventory)
        if reached is None:
            reached = selected
        else:
            reached = {host: max(near, selected[host]) for host, near in reached.items() if host in selected}
    direct = standing.stated.bundled is None
    scope = standing.scope
    by_nearness = {
        near: Layer(Scope(Scope.SCHOOL + near) if scope is Scope.SCHOOL else scope, direct)
        for near in Nearness
    }
    return {host: by_nearness[near] for host, near in (reached or {}).items()}
