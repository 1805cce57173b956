"""Software: a product's name and a wanted version become the catalog's installer, detection and removal."""

from __future__ import annotations

from collections.abc import Mapping

from pydantic import ValidationError

from engine.compiler.lowering.kinds import Entry, Lowered, Lowering, Sources
from engine.compiler.media import MediaProblem
from engine.kinds.software import SoftwareSpec
from engine.kinds.versions import Version, parse_version, parse_wanted
from engine.manifest.documents.base import Document, Text
from engine.manifest.documents.catalog import Detection, SoftwareDocument, SoftwareVersion, Uninstall
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode, Node, SequenceNode
from engine.manifest.schema import check
from engine.manifest.suggest import did_you_mean, one_of
from engine.model.origin import Finding, Origin


class SoftwareEntry(Document):
    """A product that a host should have."""

    name: Text
    """The product's short name in the catalog."""
    version: Text | None = None
    """`6.0.8` for exactly this version, `>=6.0.8` for this or a newer one; left out, any is good enough."""


def lower_software(entry: Entry, sources: Sources, /) -> Lowering:
    """The product's spec with the newest version of the catalog that is wanted."""
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
    return _spec(product, chosen, software, entry, sources)


def _value(body: MappingNode, field: str) -> Origin:
    node = body.get(field)
    return body.origin if node is None else node.origin


def _choose(
    product: SoftwareDocument, wanted: SoftwareEntry, entry: Entry
) -> tuple[SoftwareVersion | None, Finding | None]:
    offered = sorted(product.versions, key=_order)
    if wanted.version is None:
        return offered[-1], None
    place = _value(entry.body, "version")
    try:
        rule = parse_wanted(wanted.version.strip())
    except ValueError:
        message = f"`{wanted.version}` is no version"
        return None, Finding(
            place, "invalid-value", message, "write `6.0.8` (exactly) or `>=6.0.8` (or newer)"
        )
    good = [version for version in offered if rule.admits(_order(version))]
    if good:
        return good[-1], None
    message = f"the catalog offers no version {wanted.version} of {product.software}"
    hint = f"it offers {one_of(version.version for version in reversed(offered))}"
    return None, Finding(place, "unknown-version", message, hint)


def _order(version: SoftwareVersion) -> Version:
    return parse_version(version.version) or Version(())


def _spec(
    product: Written[SoftwareDocument],
    chosen: SoftwareVersion,
    wanted: SoftwareEntry,
    entry: Entry,
    sources: Sources,
) -> Lowering:
    place = _installer_place(product, chosen)
    fields: dict[str, object] = {
        "id": product.document.software,
        "title": product.document.title,
        "version": wanted.version or ">=0",
        "detection": _detection(chosen.detection),
    }
    if chosen.uninstall is not None:
        fields["uninstall"] = _uninstall(chosen.uninstall)
    if entry.present:
        try:
            fields["installer"] = _installer(chosen, sources)
        except MediaProblem as problem:
            return None, (Finding(place, "missing-file", str(problem)),)
    try:
        return Lowered(SoftwareSpec.model_validate(fields)), ()
    except ValueError as error:
        message = (
            f"version {chosen.version} of {product.document.software} is not valid: {_first_line(error)}"
        )
        return None, (Finding(place, "invalid-value", message),)


def _first_line(error: ValueError) -> str:
    """The first message of a spec's own check, without the checking library's frame."""
    if isinstance(error, ValidationError):
        return str(error.errors(include_url=False)[0]["msg"]).removeprefix("Value error, ")
    return str(error)


def _installer(version: SoftwareVersion, sources: Sources) -> dict[str, object]:
    """The installer as the kind wants it.

    Raises:
        MediaProblem: its file does not exist.
    """
    installer = version.installer
    file = sources.media.locate(installer.source, installer.size)
    return {
        "type": installer.type,
        "file": file.name,
        "source": file.source,
        "sha256": installer.sha256,
        "size": file.size,
        "version": version.version,
        "arguments": installer.arguments,
        "timeout_seconds": installer.timeout_minutes * 60,
        "exit_codes": version.exit_codes.model_dump(),
    }


def _uninstall(uninstall: Uninstall) -> dict[str, object]:
    return {
        "executable": uninstall.executable,
        "arguments": uninstall.arguments,
        "timeout_seconds": uninstall.timeout_minutes * 60,
    }


def _detection(detection: Detection) -> Mapping[str, object]:
    if detection.product_code is not None:
        return {"type": "product_code", "code": detection.product_code}
    if detection.upgrade_code is not None:
        return {"type": "upgrade_code", "code": detection.upgrade_code}
    if detection.file_version is not None:
        return {"type": "file_version", "path": detection.file_version}
    if detection.uninstall_entry is not None:
        return {"type": "uninstall_entry", **detection.uninstall_entry.model_dump()}
    mark = detection.registry_value
    return {"type": "registry_value", **(mark.model_dump() if mark is not None else {})}


def _installer_place(product: Written[SoftwareDocument], chosen: SoftwareVersion) -> Origin:
    """Where the chosen version's installer file is named."""
    index = product.document.versions.index(chosen)
    node: Node | None = product.node.get("versions")
    node = node.items[index] if isinstance(node, SequenceNode) else None
    for key in ("installer", "source"):
        node = node.get(key) if isinstance(node, MappingNode) else None
    return product.node.origin if node is None else node.origin
