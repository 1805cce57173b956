"""What is said of a text that cannot be read as YAML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

from ruamel.yaml.error import MarkedYAMLError, YAMLError

from engine.manifest import limits
from engine.manifest.mistakes import explain_syntax
from engine.model.origin import Finding, Origin

# The beginning of a part that stands by itself: a key in the first column.
_TOP_LEVEL = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*:(?:\s|$)")
_FOR_SURE = frozenset({"yaml-backslash", "yaml-colon", "yaml-indent", "yaml-tab"})


def syntax_mistake(error: YAMLError, text: str, file: str) -> Finding:
    """What stopped the reading of a text."""
    if not isinstance(error, MarkedYAMLError):
        return _unreadable_character(text, file)
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line, mark.column) if mark else (0, 0)
    opened = (error.context_mark.line, error.context_mark.column) if error.context_mark else None
    return explain_syntax(file, text.splitlines(), (line, column), opened, str(error.problem or ""))


def _unreadable_character(text: str, file: str) -> Finding:
    """Libyaml's reader names no place: it is the first character that YAML does not allow."""
    for index, character in enumerate(text):
        if not (character.isprintable() or character in "\n\t\r\u00a0"):
            return unseen_character(text, file, index)
    return Finding(Origin(file, 1, 1), "yaml-character", "a character is not allowed in a manifest")


def unseen_character(text: str, file: str, index: int) -> Finding:
    """A character that people cannot see as what it is."""
    origin = Origin(file, text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index))
    if text[index] == "\u00a0":
        message = "a no-break space indents this line: it looks like a space and is none"
        return Finding(origin, "yaml-character", message, "indent with ordinary spaces")
    message = f"the character U+{ord(text[index]):04X} cannot be seen and is not allowed in a manifest"
    return Finding(origin, "yaml-character", message, "delete it")


def further_mistakes(
    text: str, first: Finding, mistake_in: Callable[[str], YAMLError | None]
) -> Iterator[Finding]:
    """Syntax errors in the parts of a file after the one with the first error.

    Each part is read by itself. What may come of reading it alone, such as a bracket or quote that is never
    closed, is no mistake for sure and is left for when the first is put right.
    """
    lines = text.split("\n")
    starts = [row for row, line in enumerate(lines) if _TOP_LEVEL.match(line)]
    later = [row for row in starts if row >= first.origin.line][: limits.PARTS]
    for start, end in pairwise([*later, len(lines)]):
        part = "\n".join(lines[start:end])
        error = mistake_in(part)
        found = None if error is None else syntax_mistake(error, part, first.origin.file)
        if found is not None and found.rule in _FOR_SURE:  # none of these names another line in its message
            place = Origin(found.origin.file, found.origin.line + start, found.origin.column)
            yield Finding(place, found.rule, found.message, found.suggestion)
