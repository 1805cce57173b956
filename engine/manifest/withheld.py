"""What was read of a file, with its places marked where nothing of the line may be repeated."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from engine.manifest.confidential import confidential_lines, names_a_secret
from engine.manifest.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from engine.model.origin import Finding, Origin

_NEIGHBOURS = (-1, 0, 1)  # of the line of a mistake in the syntax, which may be about the line beside it


def withheld(
    text: str, node: Node | None, findings: Iterable[Finding]
) -> tuple[Node | None, tuple[Finding, ...]]:
    """A file's tree and what is wrong with its syntax, told without what may be a secret in `text`.

    Whatever is found later at a place of the tree knows by the place that it must not quote it.
    """
    lines = confidential_lines(text.split("\n"))
    if not lines:
        return node, tuple(findings)
    told = (_of_syntax(finding, lines) for finding in findings)
    return None if node is None else _marked(node, lines), tuple(told)


def _of_syntax(finding: Finding, lines: Collection[int]) -> Finding:
    is_near = any(finding.origin.line + step in lines for step in _NEIGHBOURS)
    return replace(finding, origin=replace(finding.origin, is_confidential=True)) if is_near else finding


def _marked(node: Node, lines: Collection[int]) -> Node:
    if isinstance(node, ScalarNode):
        # A text may go on over lines below the one where it begins.
        if node.origin.line in lines or names_a_secret(node.text):
            return node._replace(origin=replace(node.origin, is_confidential=True))
        return node
    origin = _place(node.origin, lines)
    if isinstance(node, SequenceNode):
        return SequenceNode(tuple(_marked(item, lines) for item in node.items), origin)
    entries = {
        key: Entry(key, _place(entry.origin, lines), _marked(entry.value, lines))
        for key, entry in node.entries.items()
    }
    return MappingNode(entries, origin)


def _place(origin: Origin, lines: Collection[int]) -> Origin:
    return replace(origin, is_confidential=True) if origin.line in lines else origin
