"""Whether the catalog's files are the ones that were meant. Reads them, so it is asked for on its own."""

from __future__ import annotations

from collections.abc import Iterator

from engine.compiler.district import District
from engine.compiler.media import Media, MediaProblem
from engine.manifest.documents.catalog import PrinterDocument, SoftwareDocument
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, Node, SequenceNode
from engine.model.origin import Finding, Origin


def verify_media(district: District) -> tuple[Finding, ...]:
    """Compare the SHA-256 of every installer and driver file of the catalog with what is written there.

    Every file is read in full, once; a file that cannot be used is a finding at the place of its digest.
    Files that no host uses are checked too: they are what the next manifest will use.
    """
    media = district.sources.media
    found: set[Finding] = set()
    for product in district.documents.software.values():
        found.update(_product(product, media))
    for model in district.documents.printers.values():
        found.update(_model(model, media))
    return tuple(sorted(found))


def _product(product: Written[SoftwareDocument], media: Media) -> Iterator[Finding]:
    nodes = product.node.get("versions")
    for index, version in enumerate(product.document.versions):
        node = nodes.items[index] if isinstance(nodes, SequenceNode) else product.node
        place = _place(node, ("installer", "sha256"))
        yield from _file(version.installer.source, version.installer.sha256, place, media)


def _model(model: Written[PrinterDocument], media: Media) -> Iterator[Finding]:
    package = model.document.package
    if package is None:
        return
    for name, sha256 in package.files.items():
        place = _place(model.node, ("package", "files", name))
        yield from _file(f"{package.folder}/{name}", sha256, place, media)


def _place(node: Node, path: tuple[str, ...]) -> Origin:
    for key in path:
        inner = node.get(key) if isinstance(node, MappingNode) else None
        if inner is None:
            break
        node = inner
    return node.origin


def _file(source: str, sha256: str, place: Origin, media: Media) -> Iterator[Finding]:
    try:
        media.verify(media.find(source), sha256)
    except MediaProblem as problem:
        hint = "if the file is right, write this digest" if "SHA-256" in str(problem) else ""
        yield Finding(place, "wrong-file", str(problem), hint)
