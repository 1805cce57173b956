"""Rewriting manifests: nothing is written that does not read back as what was meant."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.manifest.files import decoded, place, read_bytes
from engine.manifest.limits import FILE_BYTES
from engine.manifest.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.manifest.roundtrip.canonical import canonical
from engine.manifest.roundtrip.layout import Collection, remarks
from engine.manifest.roundtrip.reading import NoLayout, read_layout
from engine.manifest.yaml import parse_yaml
from engine.model.origin import Finding, Origin


class NotRewritten(Exception):
    """A file was left as it is, since the new text would not say what was meant; str() says why."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file that reads without a mistake: its text with line feeds, its meaning, its bytes as they are."""

    root: Path  # resolved
    file: str  # relative to `root`, with forward slashes
    text: str
    node: Node
    data: bytes

    @property
    def path(self) -> Path:
        """The file itself, also where its name is a link."""
        return (self.root / self.file).resolve()


def read_source(root: Path, file: str) -> tuple[Source | None, tuple[Finding, ...]]:
    """Read a file that may be rewritten, or say what is wrong with it. `root` must be resolved."""
    data, problem = read_bytes(root, file, FILE_BYTES)
    if problem is not None:
        return None, (problem,)
    text, problem = decoded(root, file, data)
    if problem is not None:
        return None, (problem,)
    origin = place(root, file)
    node, findings = parse_yaml(text, origin.file)
    if node is None or findings:
        return None, findings or (Finding(origin, "empty-file", "the file says nothing"),)
    if not isinstance(node, MappingNode):
        message = "a manifest is a group of `field: value` lines"
        return None, (Finding(node.origin, "wrong-type", message),)
    return Source(root, file, text, node, data), ()


def formatted(source: Source) -> bytes:
    """The file's content in the canonical form, with the line endings of its first line.

    Raises:
        NotRewritten: it would mean something else, or lose a comment.
    """
    try:
        layout = read_layout(source.text)
    except NoLayout as why:
        raise NotRewritten(str(why)) from None
    text = canonical(layout)
    check_meaning(text, source.node)
    if remarks(read_layout(text)) != remarks(layout):
        raise NotRewritten("a comment would get lost")
    return in_line_endings(text, source.data)


def drawn(layout: Collection, meant: Node) -> str:
    """The text of a layout that was changed or made, which must mean `meant`.

    Raises:
        NotRewritten: it would mean something else.
    """
    text = canonical(layout)
    check_meaning(text, meant)
    return text


def check_meaning(text: str, meant: Node) -> None:
    """Read a text as manifests are read, and compare it with what it should say.

    Raises:
        NotRewritten: it says something else.
    """
    node, findings = parse_yaml(text, "")
    if findings:
        first = findings[0]
        raise NotRewritten(f"the new text could not be read: line {first.origin.line}: {first.message}")
    if node is None or (differs := difference(node, meant)) is not None:
        where = "" if node is None or differs is None else f" in line {differs.line}"
        raise NotRewritten(f"the new text would say something else{where}")


def difference(one: Node, other: Node) -> Origin | None:
    """Where two trees first differ in what was written or in its meaning; None where they are equal."""
    if isinstance(one, ScalarNode):
        # By their written forms, since a value that is no number does not equal itself.
        same = isinstance(other, ScalarNode) and (one.text, repr(one.value)) == (
            other.text,
            repr(other.value),
        )
        return None if same else one.origin
    if isinstance(one, SequenceNode):
        if not isinstance(other, SequenceNode) or len(one.items) != len(other.items):
            return one.origin
        pairs = zip(one.items, other.items, strict=True)
    else:
        if not isinstance(other, MappingNode) or list(one.entries) != list(other.entries):
            return one.origin
        values = [entry.value for entry in other.entries.values()]
        pairs = zip((entry.value for entry in one.entries.values()), values, strict=True)
    return next((found for pair in pairs if (found := difference(*pair)) is not None), None)


def in_line_endings(text: str, like: bytes) -> bytes:
    """A text as UTF-8 with the line endings of another file's first line."""
    first = like.split(b"\n", 1)[0]
    return (text.replace("\n", "\r\n") if first.endswith(b"\r") else text).encode()
