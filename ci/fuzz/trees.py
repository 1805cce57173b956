"""Documents as trees: made from nothing or from a seed, changed, and written as YAML."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import TypeAlias

from ci.fuzz.words import odd_text
from engine.manifest.nodes import MappingNode, Node, SequenceNode


class Pairs(list[tuple[str, "Shape"]]):
    """A group of fields; a key may stand in it twice."""


class Items(list["Shape"]):
    """A list."""


Shape: TypeAlias = "str | Pairs | Items"  # a scalar is kept as it stands in a file, with its quotes


def from_node(node: Node) -> Shape:
    """A tree that was read, to be changed. Texts are put in single quotes, numbers and words are not."""
    if isinstance(node, MappingNode):
        return Pairs((key, from_node(entry.value)) for key, entry in node.entries.items())
    if isinstance(node, SequenceNode):
        return Items(from_node(item) for item in node.items)
    if isinstance(node.value, str):
        return "'" + node.text.replace("'", "''") + "'"
    return node.text


def grown(random: Random, names: Sequence[str], depth: int = 0) -> Shape:
    """A tree from nothing, mostly of words that mean something somewhere."""
    form = random.randrange(6)
    if depth > 5 or form < 3:
        return odd_text(random)
    if form == 3:
        return Items(grown(random, names, depth + 1) for _ in range(random.randrange(4)))
    return Pairs((_key(random, names), grown(random, names, depth + 1)) for _ in range(random.randrange(5)))


def changed(shape: Shape, random: Random, names: Sequence[str]) -> Shape:
    """The same tree with one place of it changed."""
    if isinstance(shape, str) or not shape or random.random() < 0.15:
        return _replaced(shape, random, names)
    at = random.randrange(len(shape))
    if isinstance(shape, Items):
        return _changed_items(shape, at, random, names)
    return _changed_pairs(shape, at, random, names)


def _replaced(shape: Shape, random: Random, names: Sequence[str]) -> Shape:
    form = random.randrange(5)
    if form == 0:
        return Items([shape])
    if form == 1:
        return Pairs([(_key(random, names), shape)])
    return grown(random, names, 3) if form < 4 else odd_text(random)


def _changed_items(items: Items, at: int, random: Random, names: Sequence[str]) -> Items:
    form = random.randrange(8)
    if form == 0:
        return Items([*items[:at], *items[at + 1 :]])
    if form == 1:
        return Items([*items, items[at]])
    if form == 2:
        return Items([*items, grown(random, names, 3)])
    return Items([*items[:at], changed(items[at], random, names), *items[at + 1 :]])


def _changed_pairs(pairs: Pairs, at: int, random: Random, names: Sequence[str]) -> Pairs:
    key, value = pairs[at]
    form = random.randrange(10)
    if form == 0:
        return Pairs([*pairs[:at], *pairs[at + 1 :]])
    if form == 1:
        return Pairs([*pairs[:at], (_key(random, names), value), *pairs[at + 1 :]])
    if form == 2:
        return Pairs([*pairs, (_key(random, names), grown(random, names, 3))])
    if form == 3:
        other, (taken, _) = random.randrange(len(pairs)), pairs[at]
        return Pairs([*pairs[:at], (taken, pairs[other][1]), *pairs[at + 1 :]])
    return Pairs([*pairs[:at], (key, changed(value, random, names)), *pairs[at + 1 :]])


def _key(random: Random, names: Sequence[str]) -> str:
    return random.choice(names) if random.random() < 0.85 else odd_text(random)


def written(shape: Shape, random: Random) -> str:
    """The tree as YAML, in blocks or on one line."""
    return (flow(shape) if random.random() < 0.15 else "\n".join(_lines(shape))) + "\n"


def flow(shape: Shape) -> str:
    if isinstance(shape, Pairs):
        return "{" + ", ".join(f"{key}: {flow(value)}" for key, value in shape) + "}"
    if isinstance(shape, Items):
        return "[" + ", ".join(flow(item) for item in shape) + "]"
    return shape


def _lines(shape: Shape) -> list[str]:
    if isinstance(shape, str):
        return [shape]
    if not shape:
        return [flow(shape)]
    lines: list[str] = []
    if isinstance(shape, Pairs):
        for key, value in shape:
            if isinstance(value, str) or not value:
                lines.append(f"{key}: {flow(value)}")
            else:
                lines.append(f"{key}:")
                lines += [f"  {line}" for line in _lines(value)]
        return lines
    for item in shape:
        first, *rest = _lines(item)
        lines.append(f"- {first}")
        lines += [f"  {line}" for line in rest]
    return lines
