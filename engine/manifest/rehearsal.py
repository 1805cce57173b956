"""Reading rehearsal.yaml."""

from __future__ import annotations

from pathlib import Path

from engine.manifest.documents.rehearsal import RehearsalDocument
from engine.manifest.files import place, read_text
from engine.manifest.nodes import MappingNode, Node
from engine.manifest.schema import check
from engine.manifest.suggest import did_you_mean
from engine.manifest.yaml import parse_yaml
from engine.model.origin import Finding

REHEARSAL_FILE = "rehearsal.yaml"


def load_rehearsal(folder: Path) -> tuple[RehearsalDocument | None, tuple[Finding, ...]]:
    """The simulated world of a manifests folder, or None and what is wrong, sorted by place."""
    root = folder.resolve()
    start = place(root, REHEARSAL_FILE)
    if not (root / REHEARSAL_FILE).is_file():
        message = f"there is no {REHEARSAL_FILE}, which says what is simulated"
        return None, (Finding(start, "no-rehearsal", message),)
    text, problem = read_text(root, REHEARSAL_FILE)
    if problem is not None:
        return None, (problem,)
    node, findings = parse_yaml(text, start.file)
    if node is None or findings:
        return None, findings or (Finding(start, "empty-file", "the file says nothing"),)
    document, findings = check(RehearsalDocument, node, "the rehearsal")
    if document is None:
        return None, findings
    findings = _unknown_images(document, node)
    return (None if findings else document), findings


def _unknown_images(document: RehearsalDocument, node: Node) -> tuple[Finding, ...]:
    roles = node.get("roles") if isinstance(node, MappingNode) else None
    return tuple(
        Finding(
            roles.place(role) if isinstance(roles, MappingNode) else node.origin,
            "unknown-image",
            f"there is no image `{image}`",
            did_you_mean(image, document.images),
        )
        for role, image in document.roles.items()
        if image not in document.images
    )
