"""YAML text to a positioned tree, over the events of libyaml (ruamel.yaml.clib).

Building the tree from events, not from composed nodes, is as fast, and each limit holds while reading.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ruamel.yaml.error import YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    CollectionStartEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from engine.manifest import limits
from engine.manifest.characters import inside_smart_quotes, look_alike, unseen_from_escape, unseen_in_file
from engine.manifest.confidential import names_a_secret
from engine.manifest.events import handle_events
from engine.manifest.mistakes import in_single_quotes, windows_path_in_quotes
from engine.manifest.nodes import Entry, MappingNode, Node, ScalarNode, SequenceNode
from engine.manifest.scalars import core_value
from engine.manifest.slips import left_by_a_merge, without_its_space
from engine.manifest.unreadable import further_mistakes, syntax_mistake, unseen_character
from engine.manifest.withheld import withheld
from engine.model.origin import Finding, Origin


def parse_yaml(text: str, file: str) -> tuple[Node | None, tuple[Finding, ...]]:
    """Read one document.

    Returns the tree and everything that is wrong with the text; the tree is None when the text holds no
    document or could not be read to its end. Never raises for what a person wrote.
    """
    return withheld(text, *_parsed(text, file))


def _parsed(text: str, file: str) -> tuple[Node | None, tuple[Finding, ...]]:
    unseen = None if text.isascii() else unseen_in_file(text)
    if unseen is not None:
        return None, (unseen_character(text, file, unseen),)
    merge = left_by_a_merge(text, file)
    if merge is not None:
        return None, (merge,)
    reader = _Reader(text, file)
    try:
        reader.read()
    except _Stop:
        return None, tuple(reader.findings)
    except YAMLError as error:
        first = syntax_mistake(error, text, file)
        return None, (*reader.findings, first, *further_mistakes(text, first, _mistake_in))
    lost = any(finding.rule in _LOST for finding in reader.findings)
    return None if lost else reader.root, tuple(reader.findings)


def _mistake_in(text: str) -> YAMLError | None:
    """What stops the reading of a text, but for a limit."""
    try:
        _Reader(text, "").read()
    except _Stop:
        return None
    except YAMLError as error:
        return error
    return None


# What looks like a part of the value, such as `Room #5`: most comments have a space after their #.
_LIKE_A_COMMENT = re.compile(r"[ ](?P<rest>#\w[^\s,\]}]{0,40})")

# After these mistakes the tree lacks a value: what it misses would only be complained about again.
_LOST = frozenset({"yaml-alias", "yaml-dash", "yaml-key"})


class _Stop(Exception):
    """A limit was passed: reading on would serve nobody."""


def _inset(event: ScalarEvent) -> int | None:
    """Where a text's first character is, if each of its characters is one of the file, on one line."""
    start, end, marks = event.start_mark, event.end_mark, 2 if event.style in ("'", '"') else 0
    as_it_is = start.line == end.line and end.index - start.index == len(event.value) + marks
    return marks // 2 if as_it_is else None


@dataclass(slots=True)
class _Open:
    """A list or group that is being read."""

    origin: Origin
    anchor: str | None
    items: list[Node] | None  # a list's
    entries: dict[str, Entry] | None  # a group's
    key: ScalarNode | None = None
    has_key: bool = False
    nodes: int = 1  # with what it holds
    repeated: list[ScalarNode] = field(default_factory=list)  # keys that were there already


@dataclass(slots=True)
class _Reader:
    text: str
    file: str
    findings: list[Finding] = field(default_factory=list)
    root: Node | None = None
    _stack: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    _aliases: int = 0
    _nodes: int = 0
    _documents: int = 0

    def read(self) -> None:
        handlers: dict[type[Event], Callable[..., None]] = {
            ScalarEvent: self._scalar,
            MappingStartEvent: self._start_mapping,
            MappingEndEvent: self._end,
            SequenceStartEvent: self._start_sequence,
            SequenceEndEvent: self._end,
            AliasEvent: self._alias,
            DocumentStartEvent: self._start_document,
        }
        handle_events(self.text, handlers)

    def _origin(self, event: Event) -> Origin:
        mark = event.start_mark
        return Origin(self.file, mark.line + 1, mark.column + 1)

    def _find(self, origin: Origin, rule: str, message: str, suggestion: str = "") -> None:
        self.findings.append(Finding(origin, rule, message, suggestion))

    def _start_document(self, event: Event) -> None:
        self._documents += 1
        if self._documents > 1:
            self._find(
                self._origin(event),
                "yaml-documents",
                "a second document starts here, but a file holds one",
                "remove the `---`, or move what follows into a file of its own",
            )
            raise _Stop

    def _scalar(self, event: ScalarEvent) -> None:
        origin = self._origin(event)
        text: str = event.value
        self._refuse_tag(event, origin)
        if len(text) > limits.SCALAR_CHARACTERS:
            message = f"a value of {len(text):,} characters; at most {limits.SCALAR_CHARACTERS:,} are allowed"
            self._find(origin, "yaml-limit", message, "put long texts into a file under templates/")
            raise _Stop
        if event.style == '"':
            text = self._path_meant(event, origin) or text
        self._refuse_look_alikes(event, text, origin)
        is_plain = bool(event.implicit[0])
        if is_plain and (comment := _LIKE_A_COMMENT.match(self.text, event.end_mark.index)):
            self._comment_meant(comment["rest"], event)
        node = ScalarNode(text, core_value(text) if is_plain else text, origin, _inset(event))
        self._add(node, event.anchor, 1)

    def _refuse_look_alikes(self, event: ScalarEvent, text: str, origin: Origin) -> None:
        """Quotes that are none, and characters that people do not see as what they are."""
        if event.style == '"' and (unseen := unseen_from_escape(text)) is not None:
            message = f"an escape in this text makes U+{ord(unseen):04X}, which cannot be seen"
            self._find(origin, "yaml-character", message, "remove the escape")
        if text.isascii() or event.style in ("|", ">"):  # a text of several lines is no name
            return
        inner = inside_smart_quotes(text) if event.implicit[0] else None
        if inner is not None:
            message = f"{text[0]} and {text[-1]} are no quotes here, but a part of the text"
            fix = "use plain quotes" if self._is_secret(event) else in_single_quotes(inner)
            self._find(origin, "yaml-quote", message, fix)
        mistaken = look_alike(self.text[event.start_mark.index : event.end_mark.index])
        if mistaken is not None:
            self._find(origin, "yaml-character", *mistaken)

    def _comment_meant(self, rest: str, event: ScalarEvent) -> None:
        mark = event.end_mark
        shown = "what follows" if self._is_secret(event) else f"`{rest}`"
        message = f"with a space before it, # starts a comment: {shown} is not part of the value"
        fix = "write the value in single quotes, or put a space after the # of a comment"
        self._find(Origin(self.file, mark.line + 1, mark.column + 2), "yaml-comment", message, fix)

    def _path_meant(self, event: ScalarEvent, origin: Origin) -> str | None:
        path = windows_path_in_quotes(self.text[event.start_mark.index : event.end_mark.index])
        if path is not None:
            message = "in double quotes a backslash starts an escape, so this is not the path it looks like"
            fix = "write it in single quotes" if self._is_secret(event) else in_single_quotes(path)
            self._find(origin, "yaml-backslash", message, fix)
        return path

    def _is_secret(self, event: Event) -> bool:
        """Whether what stands before it on its line says that it may be a secret."""
        index = event.start_mark.index
        return names_a_secret(self.text[self.text.rfind("\n", 0, index) + 1 : index])

    def _refuse_tag(self, event: ScalarEvent | CollectionStartEvent, origin: Origin) -> None:
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            named = "" if self._is_secret(event) else f" `{tag}`"
            message = f"the tag{named} has no meaning in a manifest"
            self._find(
                origin, "yaml-tag", message, "write the value without it, in quotes if it starts with `!`"
            )

    def _start_mapping(self, event: MappingStartEvent) -> None:
        self._open(event, _Open(self._origin(event), event.anchor, None, {}))

    def _start_sequence(self, event: SequenceStartEvent) -> None:
        self._open(event, _Open(self._origin(event), event.anchor, [], None))

    def _open(self, event: ScalarEvent | CollectionStartEvent, level: _Open) -> None:
        self._refuse_tag(event, level.origin)
        if len(self._stack) >= limits.DEPTH:
            message = f"lists and groups are nested more than {limits.DEPTH} deep"
            self._find(level.origin, "yaml-limit", message)
            raise _Stop
        self._stack.append(level)

    def _end(self, event: Event) -> None:
        del event
        level = self._stack.pop()
        node: Node
        if level.items is not None:
            node = SequenceNode(tuple(level.items), level.origin)
        else:
            node = MappingNode(level.entries or {}, level.origin)
            self._repeated(level.repeated, node.entries)
        self._add(node, level.anchor, level.nodes)

    def _alias(self, event: AliasEvent) -> None:
        origin = self._origin(event)
        self._aliases += 1
        if self._aliases > limits.ALIASES:
            message = f"more than {limits.ALIASES} aliases (`*name`) in one file"
            self._find(origin, "yaml-limit", message, "use a profile for what repeats")
            raise _Stop
        known = self._anchors.get(event.anchor)
        if known is None:
            inside = any(level.anchor == event.anchor for level in self._stack)
            named = "the alias" if self._is_secret(event) else f"`*{event.anchor}`"
            message = f"{named} refers to " + (
                "what it stands in" if inside else "an anchor that is not above it"
            )
            self._find(origin, "yaml-alias", message)
            self._add(ScalarNode("", None, origin), None, 1)
            return
        node, nodes = known
        self._add(node, None, nodes, origin)

    def _add(self, node: Node, anchor: str | None, nodes: int, place: Origin | None = None) -> None:
        """Put a finished node where it belongs. `nodes` counts what it holds and itself."""
        if anchor is not None:
            self._anchors[anchor] = (node, nodes)
        if not self._stack:
            self.root = node
            return
        level = self._stack[-1]
        level.nodes += nodes
        if level.nodes > limits.NODES:
            self._find(
                place or node.origin, "yaml-limit", f"more than {limits.NODES:,} values, aliases resolved"
            )
            raise _Stop
        if level.items is not None:
            level.items.append(node)
        elif level.has_key:
            self._add_value(level, node)
        else:
            self._add_key(level, node)

    def _add_key(self, level: _Open, node: Node) -> None:
        level.has_key = True
        level.key = node if isinstance(node, ScalarNode) else None
        if level.key is not None and level.key.text == "<<":
            message = "`<<` merges nothing in a manifest"
            self._find(node.origin, "yaml-key", message, "use a profile for what repeats")
        elif level.key is not None and (dash := without_its_space(level.key.text)) is not None:
            self._find(node.origin, "yaml-dash", *dash)
        if level.key is None:
            self._find(
                node.origin,
                "yaml-key",
                "a key must be one word or text, not a list or group",
                "a value that starts with `{` or `[` must be in single quotes",
            )

    def _add_value(self, level: _Open, node: Node) -> None:
        key, level.key, level.has_key = level.key, None, False
        entries = level.entries
        if key is None or entries is None:
            return
        if key.text in entries:
            level.repeated.append(key)
        else:
            entries[key.text] = Entry(key.text, key.origin, node)

    def _repeated(self, repeated: list[ScalarNode], entries: Mapping[str, Entry]) -> None:
        """Keys that are written twice; several in one group are mostly an entry without its dash."""
        if not repeated or without_its_space(repeated[0].text):
            return
        key = repeated[0]
        line = entries[key.text].origin.line
        if len(repeated) == 1:
            message = f"`{key.text}` is written twice; the first is in line {line}"
            self._find(key.origin, "yaml-duplicate-key", message, "keep one of them")
            return
        message = f"`{key.text}` and {len(repeated) - 1} more of this group's fields are written twice"
        fix = f"if a new entry starts here, write `- ` before `{key.text}`; else keep one of each"
        self._find(key.origin, "yaml-duplicate-key", f"{message}; the first is in line {line}", fix)
