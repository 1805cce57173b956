"""Slips of the keyboard and of other tools, told by what stands in the lines, whatever YAML makes of it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.model.origin import Finding, Origin

Place = tuple[int, int]  # line and column, from 0
Found = tuple[Place, str, str, str]  # place, rule, message, suggestion

_MERGE_MARKER = re.compile(r"^(?P<marker><{7}|>{7}|={7})(?:[ ].*)?\r?$", re.MULTILINE)
_KEY = re.compile(r"(?P<dash>[-\u2013\u2014\u2012\u2011\u2212]) *(?P<key>[A-Za-z_]\w*)\Z")
_DASHED = re.compile(
    r"(?P<indent>[ ]*)(?P<start>(?:-(?! )|[\u2013\u2014\u2012\u2011\u2212] *)[A-Za-z_]\w*) *:(?:\s|$)"
)
_NO_SPACE = re.compile(r":(?P<space>[\u00a0\u2000-\u200a\u202f\u205f\u3000])")
_ASTERISK = re.compile(r"\*[^\s,\[\]{}'\"]*")
_SEARCHED = 4  # lines above the place where reading ended, which is often below the slip


def left_by_a_merge(text: str, file: str) -> Finding | None:
    """The marker that git leaves where both sides changed the same lines."""
    if "<<<<<<<" not in text and ">>>>>>>" not in text and "=======" not in text:
        return None
    found = _MERGE_MARKER.search(text)
    if found is None:
        return None
    message = f"a merge left this `{found['marker']}`: both sides changed the lines that follow"
    return Finding(
        Origin(file, text.count("\n", 0, found.start()) + 1, 1),
        "yaml-merge",
        message,
        "keep one side and delete the three marker lines",
    )


def without_its_space(key: str) -> tuple[str, str] | None:
    """Message and suggestion for a key that begins with the dash of an entry."""
    found = _KEY.match(key)
    if found is None:
        return None
    fix = f"write `- {found['key']}: ...`"
    if found["dash"] == "-":
        return "after the `-` that starts an entry a space is missing", fix
    return f"`{found['dash']}` is no hyphen: an entry starts with `-` and a space", fix


def slip(lines: Sequence[str], at: Place, problem: str) -> Found | None:
    """A slip in the lines at which reading ended, or shortly above."""
    return _dash(lines, at) or _other_space(lines, at) or _asterisk(lines, at, problem) or _closer(lines, at)


def _near(lines: Sequence[str], at: Place) -> range:
    last = min(at[0], len(lines) - 1)
    return range(last, max(last - _SEARCHED, -1), -1)


def _dash(lines: Sequence[str], at: Place) -> Found | None:
    for row in _near(lines, at):
        found = _DASHED.match(lines[row])
        told = None if found is None else without_its_space(found["start"])
        if found is not None and told is not None:
            return ((row, len(found["indent"])), "yaml-dash", *told)
    return None


def _other_space(lines: Sequence[str], at: Place) -> Found | None:
    for row in _near(lines, at):
        found = _NO_SPACE.search(lines[row])
        if found is not None:
            message = f"the space after the colon is no ordinary space, but U+{ord(found['space']):04X}"
            return ((row, found.start("space")), "yaml-character", message, "write an ordinary space")
    return None


def _asterisk(lines: Sequence[str], at: Place, problem: str) -> Found | None:
    """YAML's aliases start with an asterisk, and so do patterns."""
    if "alphabetic or numeric character" not in problem or at[0] >= len(lines):
        return None
    start = lines[at[0]].rfind("*", 0, at[1] + 1)
    found = _ASTERISK.match(lines[at[0]], max(start, 0))
    if found is None:
        return None
    fix = f"write it in single quotes: '{found.group()}'"
    if found.group() == "*":
        fix += ", or `all` for all hosts"
    return ((at[0], start), "yaml-alias", "a text that starts with `*` needs quotes", fix)


def _closer(lines: Sequence[str], at: Place) -> Found | None:
    """One bracket too many on a line that is right without it."""
    line = lines[at[0]] if at[0] < len(lines) else ""
    closing = line[at[1] : at[1] + 1]
    opening = {"]": "[", "}": "{"}.get(closing)
    if opening is None or line.count(closing) <= line.count(opening):
        return None
    message = f"the `{closing}` here closes nothing: there is one more than there are `{opening}`"
    return (at, "yaml-bracket", message, "remove it")


def last_opened(lines: Sequence[str]) -> tuple[Place, str] | None:
    """The bracket that opens last and is never closed, in a text that has no more of the other kind."""
    waiting: list[tuple[Place, str]] = []
    for row, line in enumerate(lines):
        for column, character in enumerate(line.split(" #")[0]):
            if character in "[{":
                waiting.append(((row, column), character))
            elif character in "]}" and waiting:
                waiting.pop()
    return waiting[-1] if waiting else None
