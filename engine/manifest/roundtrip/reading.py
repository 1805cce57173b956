"""YAML text to its layout, over the events of libyaml: the same reading of YAML as that of the manifests."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from engine.manifest.events import handle_events
from engine.manifest.roundtrip.gaps import Lines, column, read_gap
from engine.manifest.roundtrip.layout import Collection, Member, Remark, Scalar, Style

_STYLES: dict[str | None, Style] = {"'": "single", '"': "double", "|": "block", ">": "block"}
_ANCHOR = re.compile(r"&[^\s]+\s*")
_HEADER = re.compile(r"(?P<kind>[|>])(?P<marks>[-+0-9]*)[ \t]*(?P<comment>#[^\n]*)?\n?")


class NoLayout(Exception):
    """The text has a form whose layout cannot be kept; str() says which."""


def read_layout(text: str) -> Collection:
    """The layout of a document that `parse_yaml` reads without findings and whose root is a group or list.

    Lines end in line feeds.

    Raises:
        NoLayout: the root is neither, or the text holds something that has no form of its own here.
    """
    reader = _Reader(text)
    reader.read()
    if reader.root is None:
        raise NoLayout("the document is neither a group nor a list")
    return reader.root


@dataclass(slots=True)
class _Closed:
    """A place for the comments that end something: those that stand at its column or farther right."""

    column: int
    lines: list[Remark]


@dataclass(slots=True)
class _Reader:
    text: str
    root: Collection | None = None
    _position: int = 0  # where the last token ended
    _stack: list[Collection] = field(default_factory=list)
    _closed: list[_Closed] = field(default_factory=list)  # since the last token, the innermost first
    _owner: Member | None = None  # the entry that a comment beside the last token belongs to
    _open: list[Member | None] = field(default_factory=list)  # for each collection the entry that holds it
    _awaited: Member | None = None  # a group's entry that has its key and no value yet
    _leading: list[Remark] = field(default_factory=list)  # lines before the first entry of the next block

    def read(self) -> None:
        handlers: dict[type[Event], Callable[..., None]] = {
            ScalarEvent: self._scalar,
            AliasEvent: self._alias,
            MappingStartEvent: self._start,
            SequenceStartEvent: self._start,
            MappingEndEvent: self._end,
            SequenceEndEvent: self._end,
        }
        handle_events(self.text, handlers)
        if self.root is not None:
            gap = read_gap(self.text, self._position, len(self.text))
            self._put_beside(gap.outside)
            _share(gap.outside.own, self._closed, self.root.after)
            _share(gap.inside.own, [], self.root.after)

    def _scalar(self, event: ScalarEvent) -> None:
        start, end = event.start_mark.index, event.end_mark.index
        source = self.text[start:end]
        style = _STYLES.get(event.style, "plain")
        if event.anchor is not None:
            source = _ANCHOR.sub("", source, count=1)
        scalar = Scalar(style, event.value, source, event.anchor)
        beside = None
        if style == "block":
            end, beside = self._block(scalar, end)
        member = self._place(start, scalar)
        self._position = end
        if beside is not None:
            self._put_beside(Lines(beside))
        in_block = bool(self._stack) and not self._stack[-1].in_brackets
        if member is not None and scalar.is_empty and in_block:
            self._closed.append(_Closed(self._stack[-1].column + 1, scalar.below))

    def _block(self, scalar: Scalar, end: int) -> tuple[int, Remark | None]:
        """Split a block text into header and body; returns where it ends and the comment in its header."""
        header = _HEADER.match(scalar.source)
        if header is None:
            raise NoLayout("the first line of a block text cannot be read")
        text = scalar.source[header.end() :]
        marks, is_ended = header["marks"], text.endswith("\n")
        lines = text.split("\n")[: -1 if is_ended or not text else None]
        indent = self._indentation(marks, lines)
        if "+" not in marks:
            start = end - len(text)
            while lines and not lines[-1].strip(" ") and (len(lines[-1]) <= indent or not text.strip(" \n")):
                lines.pop()
                is_ended = True
            end = start + len("\n".join(lines)) if lines else start - header.group().endswith("\n")
        scalar.body = tuple(line[indent:] if text.strip(" \n") else "" for line in lines)
        scalar.source = header["kind"] + "".join(mark for mark in marks if not mark.isdigit())
        if lines and not is_ended:
            scalar.source = header["kind"] + "-"  # the file ends within its last line, so the text has no end
        comment = header["comment"]
        return end, Remark(comment.rstrip(), 0) if comment else None

    def _indentation(self, marks: str, lines: list[str]) -> int:
        """How far a block text is indented: as its header says, or as its first line is."""
        digits = [int(mark) for mark in marks if mark.isdigit()]
        if digits:
            return digits[0] + (self._stack[-1].column if self._stack else 0)
        first = next((line for line in lines if line.strip(" ")), "")
        return len(first) - len(first.lstrip(" "))

    def _alias(self, event: AliasEvent) -> None:
        source = self.text[event.start_mark.index : event.end_mark.index]
        self._place(event.start_mark.index, Scalar("alias", "", source))
        self._position = event.end_mark.index

    def _start(self, event: CollectionStartEvent) -> None:
        start = event.start_mark.index
        in_brackets = bool(event.flow_style)
        collection = Collection(
            isinstance(event, MappingStartEvent), in_brackets, column(self.text, start), event.anchor
        )
        holder = self._place(start, collection)
        if self.root is None:
            self.root = collection
        self._stack.append(collection)
        self._open.append(holder)
        if in_brackets and event.end_mark.index > start:
            self._position = event.end_mark.index
        elif event.anchor is not None:
            self._position = start + len(event.anchor) + 1
        else:
            self._position = start

    def _end(self, event: Event) -> None:
        collection, holder = self._stack.pop(), self._open.pop()
        if not collection.in_brackets:
            in_line = bool(self._stack) and not collection.is_group
            in_line = in_line and collection.column <= self._stack[-1].column and self._stack[-1].is_group
            # A list may start in the column of its group: what stands there belongs to what follows.
            self._closed.append(_Closed(collection.column + in_line, collection.after))
            return
        if event.end_mark.index == event.start_mark.index:  # `[key: value]`: a group without brackets
            return
        gap = read_gap(self.text, self._position, event.start_mark.index)
        self._put_beside(gap.outside)
        collection.after.extend(gap.outside.own)
        collection.after.extend(gap.inside.own)
        self._position, self._owner = event.end_mark.index, holder

    def _place(self, start: int, node: Scalar | Collection) -> Member | None:
        """Put a node where it belongs, with the comments in front of it; returns the entry it is in."""
        if not self._stack:
            if isinstance(node, Collection):
                self._root_lines(start)
            return None
        gap = read_gap(self.text, self._position, start)
        parent = self._stack[-1]
        if self._awaited is not None:
            member, self._awaited = self._awaited, None
            member.value = node
            self._put_inside(member, node, gap.outside)
            self._put_inside(member, node, gap.inside)
        else:
            if not parent.members and not parent.in_brackets:
                parent.column = column(self.text, start if gap.dash is None else gap.dash)
            member = self._member(parent, node, gap.outside)
            if parent.is_group:
                self._put_inside(member, member.key, gap.inside)
                self._awaited = member
            else:
                self._put_inside(member, node, gap.inside)
        self._owner = member
        self._closed = []
        return member

    def _root_lines(self, start: int) -> None:
        gap = read_gap(self.text, self._position, start)
        self._leading = [
            *([gap.outside.beside] if gap.outside.beside else []),
            *gap.outside.own,
        ]

    def _member(self, parent: Collection, node: Scalar | Collection, lines: Lines) -> Member:
        if parent.is_group:
            if not isinstance(node, Scalar):
                raise NoLayout("a group's key is not one text")
            if node.is_empty:
                raise NoLayout("a group's key is empty")
            member = Member(Scalar("plain", "", ""), node)
        else:
            member = Member(node)
        member.before, self._leading = self._leading, []
        self._put_beside(lines)
        _share(lines.own, self._closed, member.before)
        parent.members.append(member)
        return member

    def _put_inside(self, member: Member, node: Scalar | Collection | None, lines: Lines) -> None:
        """Comments between an entry's key or dash and its value."""
        opens_block = isinstance(node, Collection) and not node.in_brackets
        if opens_block:
            if lines.beside is not None:
                self._owner = member
                self._put_beside(lines)
            self._leading = [*self._leading, *lines.own]
            return
        found = [*([lines.beside] if lines.beside else []), *lines.own]
        member.before.extend(line for line in found if line.text)

    def _put_beside(self, lines: Lines) -> None:
        if lines.beside is None:
            return
        if self._owner is None:
            lines.own.insert(0, lines.beside)
        elif self._owner.beside is None:
            self._owner.beside = lines.beside
        else:
            self._owner.before.append(lines.beside)


def _share(lines: list[Remark], closed: list[_Closed], target: list[Remark]) -> None:
    """Give each comment to the innermost block whose column it reaches; the others belong to what follows."""
    levels = list(closed)
    blanks: list[Remark] = []
    for line in lines:
        if not line.text:
            blanks.append(line)
            continue
        while levels and line.column < levels[0].column:
            levels.pop(0)
        place = levels[0].lines if levels else target
        place.extend(blanks)
        place.append(line)
        blanks.clear()
    target.extend(blanks)
