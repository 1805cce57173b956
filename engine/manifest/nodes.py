"""The positioned tree: what a YAML file says, and where it says it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import NamedTuple

from typing_extensions import TypeAliasType

from engine.model.origin import Origin
from engine.model.source import may_show_logon

ScalarValue = bool | int | float | str | None
Data = TypeAliasType("Data", "ScalarValue | tuple[Data, ...] | dict[str, Data]")


class ScalarNode(NamedTuple):
    """One scalar. `value` is its YAML 1.2 core schema meaning; `text` is what the person wrote."""

    text: str
    value: ScalarValue
    origin: Origin
    inset: int | None = None  # columns to its first character, where the text stands on one line as it is


class Word(NamedTuple):
    """A text with its place: a selector, a reference."""

    text: str
    origin: Origin
    inset: int | None = None  # as a scalar's

    def at(self, offset: int) -> Origin:
        """The place of a character of the text; the text's own where its characters cannot be told apart."""
        if self.inset is None:
            return self.origin
        return replace(self.origin, column=self.origin.column + self.inset + offset)


class SequenceNode(NamedTuple):
    items: tuple[Node, ...]
    origin: Origin


class Entry(NamedTuple):
    """A key's place and its value."""

    key: str
    origin: Origin  # of the key
    value: Node


class MappingNode(NamedTuple):
    """Keys in written order, each once. The mapping must not be changed: nodes are shared."""

    entries: Mapping[str, Entry]
    origin: Origin

    def get(self, key: str) -> Node | None:
        entry = self.entries.get(key)
        return None if entry is None else entry.value

    def place(self, key: str) -> Origin:
        """Where the key is written; the mapping's own place where it is not there."""
        entry = self.entries.get(key)
        return self.origin if entry is None else entry.origin

    def at(self, key: str) -> Origin:
        """Where the key's value is written; the mapping's own place where it is not there."""
        entry = self.entries.get(key)
        return self.origin if entry is None else entry.value.origin

    def without(self, keys: Iterable[str]) -> MappingNode:
        drop = frozenset(keys)
        return MappingNode({k: e for k, e in self.entries.items() if k not in drop}, self.origin)

    def only(self, keys: Iterable[str]) -> MappingNode:
        keep = frozenset(keys)
        return MappingNode({k: e for k, e in self.entries.items() if k in keep}, self.origin)

    def having(self, key: str, value: Node) -> MappingNode:
        """The same mapping with `key` set; a key that is there keeps its place."""
        return MappingNode({**self.entries, key: Entry(key, self.place(key), value)}, self.origin)


def words(node: Node | None) -> tuple[Word, ...]:
    """One text or a list of texts as words."""
    if isinstance(node, ScalarNode):
        return (Word(node.text, node.origin, node.inset),)
    if isinstance(node, SequenceNode):
        return tuple(word for item in node.items if isinstance(item, ScalarNode) for word in words(item))
    return ()


Node = ScalarNode | SequenceNode | MappingNode
Path = tuple[str | int, ...]


def text_node(text: str, origin: Origin) -> ScalarNode:
    """A scalar that means exactly its text."""
    return ScalarNode(text, text, origin)


def plain(
    node: Node,
    as_text: frozenset[Path] = frozenset(),
    as_number: frozenset[Path] = frozenset(),
    path: Path = (),
) -> Data:
    """The tree as plain data, lists as tuples. Scalars at the paths of `as_text` keep their written form.

    So do numbers whose written form says more than the number, such as `08`, unless their path is in
    `as_number`; and infinities and not-a-number, which nobody who writes a manifest means.
    """
    if isinstance(node, ScalarNode):
        if path in as_text or (is_written_otherwise(node) and path not in as_number):
            return node.text
        return node.value
    if isinstance(node, SequenceNode):
        return tuple(plain(item, as_text, as_number, (*path, index)) for index, item in enumerate(node.items))
    return {key: plain(entry.value, as_text, as_number, (*path, key)) for key, entry in node.entries.items()}


def is_written_otherwise(node: ScalarNode) -> bool:
    """Whether a scalar is a number whose written form is not what a number's usually is: `08`, `0x1F`."""
    if type(node.value) is int:
        return node.text[0] in "0+-" and node.text != str(node.value)
    return isinstance(node.value, float) and not math.isfinite(node.value)


def scalars(node: Node) -> Iterator[ScalarNode]:
    """Every scalar value below a node, in written order."""
    if isinstance(node, ScalarNode):
        yield node
    elif isinstance(node, SequenceNode):
        for item in node.items:
            yield from scalars(item)
    else:
        for entry in node.entries.values():
            yield from scalars(entry.value)


def written(node: Node, limit: int = 60) -> str:
    """What the person wrote, short enough for a message."""
    if isinstance(node, SequenceNode):
        return "a list"
    if isinstance(node, MappingNode):
        return "a group of fields"
    if may_show_logon(node.text):
        return "a text that may hold a password"
    text = node.text.replace("\n", "\\n")
    return "nothing" if not text else f"`{text if len(text) <= limit else text[: limit - 1] + '…'}`"
