"""A YAML file as it is laid out: values in their written form, comments and blank lines where they belong.

What a file means is the tree of `engine.manifest.nodes`. This one is for tools that write: it keeps what that
one leaves out. Comments hang on the entry that they precede, stand beside or end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Style = Literal["plain", "single", "double", "block", "alias"]


@dataclass(frozen=True, slots=True)
class Remark:
    """A comment with its `#`, or a blank line (no text). `column` counts from 0, as it was read."""

    text: str
    column: int


@dataclass(slots=True)
class Scalar:
    """One value or key.

    `source` is the written form without an anchor; of a block text (`|`, `>`) its header. `body` holds the
    lines of a block text without their indentation, and is empty for others. `below` are the comments under
    a value that was left empty.
    """

    style: Style
    text: str
    source: str
    anchor: str | None = None
    body: tuple[str, ...] = ()
    below: list[Remark] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return self.style == "plain" and not self.source


@dataclass(slots=True)
class Member:
    """An entry of a group or list, with the lines before it and the comment beside its first line."""

    value: Scalar | Collection
    key: Scalar | None = None  # a group's
    before: list[Remark] = field(default_factory=list)
    beside: Remark | None = None


@dataclass(slots=True)
class Collection:
    """A group (`is_group`) or a list. `after` are the lines that follow its last entry.

    `column` is where its entries start, from 0, as they were read; one in brackets (`in_brackets`) has none.
    """

    is_group: bool
    in_brackets: bool
    column: int
    anchor: str | None = None
    members: list[Member] = field(default_factory=list)
    after: list[Remark] = field(default_factory=list)

    def get(self, key: str) -> Member | None:
        """The entry of a group by its key."""
        return next((each for each in self.members if each.key and each.key.text == key), None)


def remarks(node: Scalar | Collection) -> list[str]:
    """The text of every comment in and below a node, sorted: what rewriting may not lose."""
    found: list[str] = []
    _collect(node, found)
    return sorted(text for text in found if text)


def _collect(node: Scalar | Collection, found: list[str]) -> None:
    if isinstance(node, Scalar):
        found.extend(line.text for line in node.below)
        return
    for member in node.members:
        found.extend(line.text for line in member.before)
        if member.beside is not None:
            found.append(member.beside.text)
        _collect(member.value, found)
    found.extend(line.text for line in node.after)
