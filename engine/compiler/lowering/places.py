"""Where the fields of a spec were written, when they are not the entry's own fields of the same name."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.manifest.nodes import MappingNode, Node
from engine.model.origin import Origin

# A field of a spec, with dots for fields within fields (`installer.sha256`), and the place of its value.
Places = Mapping[str, Origin]
NO_PLACES: Places = MappingProxyType({})


def places_of(field: str, node: Node | None) -> dict[str, Origin]:
    """The place of `field`, and of every field below it, as written in `node`; none where it is None."""
    if node is None:
        return {}
    places = {field: node.origin}
    if isinstance(node, MappingNode):
        for key, entry in node.entries.items():
            places.update(places_of(f"{field}.{key}", entry.value))
    return places
