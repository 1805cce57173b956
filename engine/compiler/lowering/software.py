"""Software: a product's name and a wanted version become the catalog's installer, detection and removal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, NamedTuple

from pydantic import Field, ValidationError

from engine.compiler.catalog import leading_back
from engine.compiler.lowering.kinds import Brought, Entry, Lowered, Lowering, Sources
from engine.compiler.lowering.offers import (
    detection_fields,
    installer_fields,
    misfits,
    offer_findings,
    uninstall_fields,
)
from engine.compiler.lowering.software_places import software_places
from engine.compiler.media import MediaProblem
from engine.kinds.software import SoftwareSpec
from engine.kinds.versions import ANY, Comparison, Version, parse_version
from engine.manifest.documents.base import Document, Text
from engine.manifest.documents.catalog import SoftwareDocument, SoftwareVersion
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, ScalarNode, SequenceNode
from engine.manifest.schema import check
from engine.manifest.suggest import did_you_mean, one_of
from engine.model.origin import Finding, Origin


class SoftwareEntry(Document):
    """A product that a host should have."""

    name: Annotated[Text, Field(examples=["geogebra"])]
    """The product's short name in the catalog."""
    version: Annotated[Text | None, Field(examples=[">=6.0.8", "6.0.848"])] = None
    """`6.0.8` for exactly this version, `>=6.0.8` for this or a newer one; left out, any is good enough."""


class _Offer(NamedTuple):
    """One version of a product of the catalog, to be made into a spec."""

    product: Written[SoftwareDocument]
    version: SoftwareVersion
    wanted: str = ANY
    present: bool = True  # False: it is to be removed, so its installer may be missing
    stays: bool = False  # it only comes along
    blocking: tuple[str, ...] = ()  # further applications that are in the way


def lower_software(entry: Entry, sources: Sources, /) -> Lowering:
    """The product's spec with the newest version of the catalog that is wanted.

    What it requires comes along, and, to be removed, what it takes the place of.
    """
    software, findings = check(SoftwareEntry, entry.body, entry.what)
    if software is None:
        return None, findings
    product = sources.software.get(software.name)
    if product is None:
        if f"catalog/software/{software.name}.yaml" in sources.broken:
            return None, ()
        message = f"the catalog has no software `{software.name}`"
        hint = did_you_mean(software.name, sources.software)
        return None, (Finding(_value(entry.body, "name"), "unknown-software", message, hint),)
    chosen, problem = _choose(product.document, software, entry)
    if chosen is None:
        return None, () if problem is None else (problem,)
    wanted = ANY if software.version is None else software.version.strip()
    offer = _Offer(product, chosen, wanted, entry.present)
    try:
        brings = tuple(_along(product, sources)) if entry.present else ()
        spec = _spec(offer, sources)
        return Lowered(spec, brings, software_places(product, chosen, spec, entry.body.at("name"))), ()
    except _Unusable as problem:
        return None, (problem.finding,)


def _along(product: Written[SoftwareDocument], sources: Sources) -> Iterator[Brought]:
    """What is required, at any distance, and what all of that and the product itself take the place of.

    What the catalog does not have and what leads back is left out: that is told where the catalog names it.

    Raises:
        _Unusable: one of them cannot be made.
    """
    seen = {product.document.software}
    waiting = [product]
    while waiting:
        written = waiting.pop(0)
        document = written.document
        back = leading_back(document.software, sources.software)
        for name, named in _others(written.node):
            other = sources.software.get(name)
            if other is None or name in seen or name in back:
                continue
            seen.add(name)
            absent = name in document.supersedes
            # The old one goes only when the new one can come: nobody is to be left without either.
            blocking = document.blocking_applications if absent else ()
            offer = _Offer(other, newest(other.document), ANY, not absent, not absent, blocking)
            spec = _spec(offer, sources)
            places = software_places(other, offer.version, spec, named)
            if blocking and not other.document.blocking_applications:
                places = {**places, "blocking_applications": written.node.at("blocking_applications")}
            yield Brought("software", spec, places, absent)
            if not absent:
                waiting.append(other)


def _others(product: MappingNode) -> Iterator[tuple[str, Origin]]:
    """The products that an entry of the catalog requires and takes the place of, each with its place."""
    for field in ("requires", "supersedes"):
        listed = product.get(field)
        for item in listed.items if isinstance(listed, SequenceNode) else ():
            if isinstance(item, ScalarNode):
                yield item.text, item.origin


def newest(product: SoftwareDocument) -> SoftwareVersion:
    """The newest version that the catalog offers."""
    return _offered(product)[-1]


def _offered(product: SoftwareDocument) -> list[SoftwareVersion]:
    """The versions, the newest last. Of texts none is newer; there it is the order in which they stand."""
    if product.comparison == "text":
        return list(product.versions)
    return sorted(product.versions, key=lambda version: parse_version(version.version) or Version(()))


def _value(body: MappingNode, field: str) -> Origin:
    node = body.get(field)
    return body.origin if node is None else node.origin


def _choose(
    product: SoftwareDocument, wanted: SoftwareEntry, entry: Entry
) -> tuple[SoftwareVersion | None, Finding | None]:
    offered = _offered(product)
    if wanted.version is None:
        return offered[-1], None
    place, rule = _value(entry.body, "version"), wanted.version.strip()
    compared = Comparison(product.compared_parts, product.comparison == "text")
    try:
        compared.check_wanted(rule)
    except ValueError:
        return None, _no_version(product, wanted.version, place)
    good = [version for version in offered if compared.admits(rule, version.version)]
    if good:
        return good[-1], None
    message = f"the catalog offers no version {wanted.version} of {product.software}"
    hint = f"it offers {one_of(version.version for version in reversed(offered))}"
    return None, Finding(place, "unknown-version", message, hint)


def _no_version(product: SoftwareDocument, written: str, place: Origin) -> Finding:
    if product.comparison == "numbers":
        hint = "write `6.0.8` (exactly) or `>=6.0.8` (or newer)"
        return Finding(place, "invalid-value", f"`{written}` is no version", hint)
    message = f"`{written}` cannot be asked for: versions of {product.software} are compared as texts"
    hint = f"write {one_of(version.version for version in product.versions)}"
    return Finding(place, "invalid-value", message, hint)


class _Unusable(Exception):
    """The catalog's entry makes no spec."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(str(finding))
        self.finding = finding


def _spec(offer: _Offer, sources: Sources) -> SoftwareSpec:
    """
    Raises:
        _Unusable: the installer's file is missing, or something does not fit the kind.
    """
    product, version = offer.product.document, offer.version
    back = leading_back(product.software, sources.software)
    fields: dict[str, object] = {
        "id": product.software,
        "title": product.title,
        "version": offer.wanted,
        "comparison": product.comparison,
        "compared_parts": product.compared_parts,
        "detection": detection_fields(version.detection),
        "other_versions": _other_versions(product, version),
        "requires": tuple(name for name in product.requires if name not in back),
        "supersedes": tuple(name for name in product.supersedes if offer.present and name not in back),
        "blocking_applications": tuple(dict.fromkeys((*product.blocking_applications, *offer.blocking))),
        "restart": product.restart,
        "stays": offer.stays,
    }
    if version.uninstall is not None:
        fields["uninstall"] = uninstall_fields(version.uninstall)
    try:
        if offer.present:
            fields["installer"] = _installer(version, sources)
        return SoftwareSpec.model_validate(fields)
    except MediaProblem as problem:
        raise _Unusable(Finding(_installer_place(offer), "missing-file", str(problem))) from None
    except ValidationError as error:
        # What the catalog itself says is told of all its versions; the rest is about the file.
        told = offer_findings(offer.product) or misfits(offer.product, version, error)
        raise _Unusable(told[0]) from None


def _other_versions(product: SoftwareDocument, chosen: SoftwareVersion) -> tuple[dict[str, object], ...]:
    """The versions that are not found, or not removed, as the chosen one is; each way once."""
    ways = [(chosen.detection, chosen.uninstall)]
    others: list[dict[str, object]] = []
    for version in reversed(_offered(product)):
        way = (version.detection, version.uninstall)
        if way not in ways:
            ways.append(way)
            uninstall = None if version.uninstall is None else uninstall_fields(version.uninstall)
            detection = detection_fields(version.detection)
            others.append({"version": version.version, "detection": detection, "uninstall": uninstall})
    return tuple(others)


def _installer(version: SoftwareVersion, sources: Sources) -> dict[str, object]:
    """The installer as the kind wants it.

    Raises:
        MediaProblem: its file does not exist.
    """
    file = sources.media.locate(version.installer.source, version.installer.size)
    return installer_fields(version, file.name, file.source, file.size)


def _node(offer: _Offer) -> MappingNode:
    """Where the offered version is written."""
    versions = offer.product.node.get("versions")
    index = offer.product.document.versions.index(offer.version)
    node = versions.items[index] if isinstance(versions, SequenceNode) else None
    return node if isinstance(node, MappingNode) else offer.product.node


def _installer_place(offer: _Offer) -> Origin:
    """Where the offered version's installer file is named."""
    installer = _node(offer).get("installer")
    return installer.at("source") if isinstance(installer, MappingNode) else _node(offer).origin
