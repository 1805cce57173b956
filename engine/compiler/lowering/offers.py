"""What the catalog says of one version of a product, in the words of the kind, and where that does not fit.

Nothing here looks at a file or a host, so a version that nobody uses is held against the kind as well.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from engine.compiler.lowering.software_places import version_places
from engine.kinds.software import SoftwareSpec
from engine.manifest.documents.catalog import Detection, SoftwareDocument, SoftwareVersion, Uninstall
from engine.manifest.folder import Written
from engine.manifest.words import explain
from engine.model.origin import Finding
from engine.model.source import parse_source

_ANY_SIZE = 1  # bytes; of a file that is not looked at


def offer_findings(product: Written[SoftwareDocument]) -> tuple[Finding, ...]:
    """What is wrong with a product's versions for any host, each at its field, by place."""
    found: dict[Finding, None] = {}
    for version in product.document.versions:
        found.update(dict.fromkeys(_of_version(product, version)))
    return tuple(sorted(found))


def _of_version(product: Written[SoftwareDocument], version: SoftwareVersion) -> Iterator[Finding]:
    document = product.document
    file, size = parse_source(version.installer.source), version.installer.size or _ANY_SIZE
    fields: dict[str, object] = {
        "id": document.software,
        "title": document.title,
        "comparison": document.comparison,
        "compared_parts": document.compared_parts,
        "detection": detection_fields(version.detection),
        "blocking_applications": document.blocking_applications,
        "installer": installer_fields(version, file.name, file.text, size),
        "uninstall": None if version.uninstall is None else uninstall_fields(version.uninstall),
    }
    try:
        SoftwareSpec.model_validate(fields)
    except ValidationError as error:
        yield from misfits(product, version, error)


def misfits(
    product: Written[SoftwareDocument], version: SoftwareVersion, error: ValidationError
) -> tuple[Finding, ...]:
    """What the kind has against the spec of a version, each at the field of the catalog that leads to it."""
    return tuple(_finding(product, version, each) for each in error.errors(include_url=False))


def _finding(product: Written[SoftwareDocument], version: SoftwareVersion, error: ErrorDetails) -> Finding:
    places = version_places(product, version)
    steps = [step for step in error["loc"] if isinstance(step, str)]
    field, place = "", places["versions"]
    for step in steps:
        inner = f"{field}.{step}" if field else step
        if inner in places or not field:
            # What is wrong with an installer and written nowhere is about its file.
            field, place = inner, places.get("installer.source" if inner == "installer" else inner, place)
    told = explain(error["type"], error.get("ctx", {}), error["msg"])
    said = told.message or f"must be {told.expected}"
    name = f"`{_written(steps)}`" if steps else f"version {version.version}"
    return Finding(place, told.rule, f"{name} of {product.document.software} {said}")


def _written(steps: list[str]) -> str:
    """What the catalog calls a field of the spec."""
    if steps[0] == "detection" and len(steps) > 1 and steps[-1] in ("code", "path"):
        return steps[1]
    return {"file": "source", "timeout_seconds": "timeout_minutes"}.get(steps[-1], steps[-1])


def installer_fields(version: SoftwareVersion, name: str, source: str, size: int) -> dict[str, object]:
    """The installer as the kind wants it, for a file of this name and size in bytes."""
    installer = version.installer
    return {
        "type": installer.type,
        "file": name,
        "source": source,
        "sha256": installer.sha256,
        "size": size,
        "signer": installer.signer,
        "version": version.version,
        "arguments": installer.arguments,
        "timeout_seconds": installer.timeout_minutes * 60,
        "exit_codes": version.exit_codes.model_dump(),
    }


def uninstall_fields(uninstall: Uninstall) -> dict[str, object]:
    """The removal as the kind wants it."""
    return {
        "executable": uninstall.executable,
        "arguments": uninstall.arguments,
        "timeout_seconds": uninstall.timeout_minutes * 60,
    }


def detection_fields(detection: Detection) -> Mapping[str, object]:
    """The way of detection as the kind wants it."""
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
