"""References to secrets in places that are not for them: nobody would look them up there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import BaseModel

from engine.manifest.fields import marked_fields
from engine.manifest.nodes import MappingNode, Node, ScalarNode, SequenceNode
from engine.model.origin import Finding

# What is a reference and nothing else. `file:` may begin a URL or a sentence, so only a path counts.
_REFERENCE = re.compile(
    r"env:[A-Za-z_][A-Za-z0-9_]*|keyring:[^\s/]+/[^\s/]+|file:(?:~?/(?!/)|\.{1,2}/|[A-Za-z]:[\\/])\S*"
)
_SCHEMES = ("env:", "file:", "keyring:")
_TEMPLATE = re.compile(r"\{\{[^{}]*\}\}")


@dataclass(frozen=True, slots=True)
class Secret:
    """Marks a field, in its annotation, whose text may be a reference to a secret."""


def misplaced_references(tree: MappingNode, model: type[BaseModel]) -> Iterator[Finding]:
    """References to secrets in a document where its model has no field for them.

    The message does not repeat the text: whoever took a description for a secret's field may have taken a
    secret for its reference too.
    """
    allowed = marked_fields(model, Secret)
    for path, scalar in _scalars(tree, ()):
        if path not in allowed and _is_reference(scalar.text):
            message = "a reference to a secret is not looked up here: it would be used as the text that it is"
            hint = "secrets belong under `connection: credentials:`; write anything else in other words"
            yield Finding(scalar.origin, "secret-reference", message, hint)


def mentions_references(text: str) -> bool:
    """Whether a file could hold a reference at all: most do not, and need not be searched."""
    return any(scheme in text for scheme in _SCHEMES)


def _is_reference(text: str) -> bool:
    return text.startswith(_SCHEMES) and _REFERENCE.fullmatch(_TEMPLATE.sub("X", text)) is not None


def _scalars(node: Node, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ScalarNode]]:
    """Every scalar with the keys above it; positions in lists are passed over."""
    if isinstance(node, ScalarNode):
        yield path, node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from _scalars(item, path)
    else:
        for key, entry in node.entries.items():
            yield from _scalars(entry.value, (*path, key))
