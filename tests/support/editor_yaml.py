"""YAML as the editor's parser reads it: the core schema of YAML 1.2 (chapter 10.3), with places.

Written apart from `engine.manifest.yaml` on purpose: what the schemas are tested with is not what Rollcall
itself makes of a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydantic import JsonValue
from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

Path = tuple[str | int, ...]
Place = tuple[int, int]  # line and column, from 1

_NULL = re.compile(r"(?:~|null|Null|NULL)?")
_TRUE, _FALSE = re.compile(r"true|True|TRUE"), re.compile(r"false|False|FALSE")
_WHOLE = re.compile(r"[-+]?[0-9]+")
_EIGHT, _SIXTEEN = re.compile(r"0o[0-7]+"), re.compile(r"0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")


@dataclass(frozen=True)
class Read:
    """A document's data, and where each value and each key of it stands."""

    data: JsonValue
    places: dict[Path, frozenset[Place]]


def read_document(text: str) -> Read:
    """One document.

    Raises:
        ruamel.yaml.error.YAMLError: it is no YAML.
    """
    places: dict[Path, frozenset[Place]] = {}
    root = YAML(typ="rt", pure=True).compose(text)
    data = None if root is None else _data(root, (), places)
    return Read(data, places)


def _data(node: Node, path: Path, places: dict[Path, frozenset[Place]]) -> JsonValue:
    places[path] = places.get(path, frozenset()) | {_place(node)}
    if isinstance(node, SequenceNode):
        return [_data(item, (*path, index), places) for index, item in enumerate(node.value)]
    if isinstance(node, MappingNode):
        found: dict[str, JsonValue] = {}
        for key, value in node.value:
            below = (*path, str(key.value))
            places[below] = frozenset({_place(key)})
            found[str(key.value)] = _data(value, below, places)
        return found
    assert isinstance(node, ScalarNode)
    return core_value(node.value) if not node.style else str(node.value)


def _place(node: Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


def core_value(text: str) -> JsonValue:
    """What a plain scalar means."""
    if _NULL.fullmatch(text):
        return None
    if _TRUE.fullmatch(text) or _FALSE.fullmatch(text):
        return bool(_TRUE.fullmatch(text))
    if _WHOLE.fullmatch(text):
        return int(text)
    if _EIGHT.fullmatch(text):
        return int(text[2:], 8)
    if _SIXTEEN.fullmatch(text):
        return int(text, 16)
    return float(text) if _FLOAT.fullmatch(text) else text
