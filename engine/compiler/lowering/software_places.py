"""Where the fields of a product's spec are written in the catalog."""

from __future__ import annotations

from engine.compiler.lowering.places import Places, places_of
from engine.kinds.software import SoftwareSpec
from engine.manifest.documents.catalog import SoftwareDocument, SoftwareVersion
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, Node, SequenceNode
from engine.model.origin import Origin

# What the catalog calls otherwise than the spec.
_DETECTIONS = {"product_code": "code", "upgrade_code": "code", "file_version": "path"}
_TIMEOUT = ("timeout_minutes", "timeout_seconds")


def software_places(
    product: Written[SoftwareDocument], chosen: SoftwareVersion, spec: SoftwareSpec, named: Origin
) -> Places:
    """The places of the spec's fields for the chosen version; `named` is where the product is asked for."""
    version = _version(product, chosen)
    others = {"other_versions": product.node.at("versions")} if spec.other_versions else {}
    installer = {} if spec.installer is None else _renamed(_installer(version), "installer")
    return {
        **_of_product(product),
        "id": named,
        **others,
        **installer,
        **_removal(version),
        **_detection(version.get("detection")),
    }


def version_places(product: Written[SoftwareDocument], chosen: SoftwareVersion) -> Places:
    """The places of what the catalog says of a version, whoever asks; `versions` is the version's own."""
    version = _version(product, chosen)
    return {
        **_of_product(product),
        "versions": version.origin,
        **places_of("detection", version.get("detection")),
        **_renamed(_installer(version), "installer"),
        **_removal(version),
        **_detection(version.get("detection")),
    }


def _removal(version: MappingNode) -> dict[str, Origin]:
    return _renamed(places_of("uninstall", version.get("uninstall")), "uninstall")


def _of_product(product: Written[SoftwareDocument]) -> dict[str, Origin]:
    places: dict[str, Origin] = {}
    for name in type(product.document).model_fields:
        if name not in ("software", "versions"):
            places.update(places_of(name, product.node.get(name)))
    return places


def _version(product: Written[SoftwareDocument], chosen: SoftwareVersion) -> MappingNode:
    nodes = product.node.get("versions")
    index = product.document.versions.index(chosen)
    node = nodes.items[index] if isinstance(nodes, SequenceNode) else None
    return node if isinstance(node, MappingNode) else product.node


def _installer(version: MappingNode) -> dict[str, Origin]:
    places = {
        **places_of("installer", version.get("installer")),
        **places_of("installer.version", version.get("version")),
        **places_of("installer.exit_codes", version.get("exit_codes")),
    }
    if "installer.source" in places:
        places["installer.file"] = places["installer.source"]
    return places


def _renamed(places: dict[str, Origin], below: str) -> dict[str, Origin]:
    minutes, seconds = (f"{below}.{word}" for word in _TIMEOUT)
    return {(seconds if name == minutes else name): place for name, place in places.items()}


def _detection(node: Node | None) -> dict[str, Origin]:
    """The way of detection is the spec's `type`; what it looks for stands beside it."""
    if not isinstance(node, MappingNode):
        return {}
    places: dict[str, Origin] = {}
    for way, entry in node.entries.items():
        places["detection.type"] = entry.origin
        if way in _DETECTIONS:
            places[f"detection.{_DETECTIONS[way]}"] = entry.value.origin
        elif isinstance(entry.value, MappingNode):
            for name, inner in entry.value.entries.items():
                places.update(places_of(f"detection.{name}", inner.value))
    return places
