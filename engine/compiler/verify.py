"""Whether the catalog's files are the ones that were meant. Reads them, so it is asked for on its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.compiler.district import District
from engine.compiler.evaluation import NOT_INSTALLABLE
from engine.compiler.media import Media, MediaProblem
from engine.manifest.documents.catalog import (
    Installer,
    PrinterDocument,
    SoftwareDocument,
    SoftwareVersion,
)
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, Node, SequenceNode
from engine.model.origin import Finding, Origin
from engine.model.source import FetchedFile, ProjectFile, parse_source

_LOOK_FIRST = "look why first: who changed the file, and is it its maker's? Only then write the new digest"
# How files begin (MS-CFB 2.2; Microsoft, "PE Format"), and what is said of one that does not.
_TYPES = {
    "msi": (bytes.fromhex("d0cf11e0a1b11ae1"), "no package of Windows Installer"),
    "exe": (b"MZ", "no program of Windows"),
}


@dataclass(frozen=True, slots=True)
class Remote:
    """An installer of the catalog that lies on a server."""

    source: FetchedFile
    sha256: str
    size: int  # bytes
    place: Origin = field(compare=False)  # where the catalog names it; the first of several


def remote_installers(district: District) -> tuple[Remote, ...]:
    """The installers that have to be fetched, each once, in order of place. Asks nobody for them."""
    return _remote(district.documents.software.values())


def installable_remotes(district: District) -> tuple[Remote, ...]:
    """As `remote_installers`, without those of products that no host may have: not yet, or not any more."""
    return _remote(
        product
        for product in district.documents.software.values()
        if product.document.evaluation is None or product.document.evaluation.status not in NOT_INSTALLABLE
    )


def _remote(products: Iterable[Written[SoftwareDocument]]) -> tuple[Remote, ...]:
    found: dict[Remote, None] = {}
    for product in products:
        for version, node in _versions(product):
            installer = version.installer
            source = parse_source(installer.source)
            if installer.size is not None and not isinstance(source, ProjectFile):
                place = _place(node, ("installer", "source"))
                found.setdefault(Remote(source, installer.sha256, installer.size, place))
    return tuple(sorted(found, key=lambda remote: remote.place))


def verify_media(district: District) -> tuple[Finding, ...]:
    """Compare the files of the manifests folder that the catalog names with what is written of them there.

    These are installers and the files of driver packages; a copied file of `files:` has no digest of its own
    in a manifest, and is read when the manifests are compiled. What lies on servers is left out: see
    `remote_installers`.

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
    for version, node in _versions(product):
        installer = version.installer
        if not isinstance(parse_source(installer.source), ProjectFile):
            continue
        found = tuple(_file(installer.source, installer.sha256, _place(node, ("installer", "sha256")), media))
        yield from found or _beginning(installer, _place(node, ("installer", "source")), media)


def _beginning(installer: Installer, place: Origin, media: Media) -> Iterator[Finding]:
    """Whether a file that is as declared begins as its type does; not, for example, a saved web page."""
    begins, what = _TYPES[installer.type]
    try:
        with media.open(media.find(installer.source)) as stream:
            is_so = stream.read(len(begins)) == begins
    except (MediaProblem, OSError) as problem:
        yield Finding(place, "wrong-file", f"{installer.source} cannot be read: {problem}")
        return
    if not is_so:
        message = f"{installer.source} is {what}: it does not begin as one"
        yield Finding(place, "wrong-file", message, "look at what it is, and fetch it again from its maker")


def _versions(product: Written[SoftwareDocument]) -> Iterator[tuple[SoftwareVersion, Node]]:
    nodes = product.node.get("versions")
    for index, version in enumerate(product.document.versions):
        yield version, nodes.items[index] if isinstance(nodes, SequenceNode) else product.node


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
        hint = _LOOK_FIRST if "SHA-256" in str(problem) else ""
        yield Finding(place, "wrong-file", str(problem), hint)
