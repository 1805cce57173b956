"""What a YAML syntax error means to the person who made it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.manifest.confidential import names_a_secret
from engine.manifest.slips import last_opened, slip
from engine.model.origin import Finding, Origin
from engine.model.source import may_show_logon

# A drive, a registry root, a domain (in capitals), a variable or a server; after it one backslash starts an
# escape of YAML's own.
_PATH_START = r"(?:[A-Za-z]:|HK[A-Z_]+|[A-Z][A-Z0-9-]+|%[A-Za-z_]+%|\\\\[A-Za-z0-9._-]+)"
_ACCIDENTAL = re.compile(rf'"(?P<path>{_PATH_START}\\(?:[abefnrtvNLP_0xuU][^"\\]*)(?:\\[^"]*)?)"\Z')
_QUOTED = re.compile(r'"(?P<path>(?:[^"\\]|\\.)*)"')

_PLAIN = re.compile(r"[^,\[\]{}\s]+")
# A text with brackets in it, such as a range of hosts, within a list or group in brackets. It is looked for
# at the starts of words only: a line of a million characters is one word at worst.
_WORD = r"[^\s,\[\]{}'\"]"
_BRACKETS_INSIDE = re.compile(rf"(?<!{_WORD}){_WORD}+[\[{{]{_WORD}*[\]}}]?{_WORD}*")
_KEY_AND_VALUE = re.compile(r"(?:- +)*(?P<key>[A-Za-z_]\w*) +(?P<value>\S.*)")
_QUOTED_TEXT = re.compile(r"`[^`]{2,}`")
_BEFORE_QUOTE = frozenset(" [{,")

_Place = tuple[int, int]  # line and column, from 0
_Found = tuple[_Place, str, str, str] | None  # place, rule, message, suggestion


def windows_path_in_quotes(raw: str) -> str | None:
    r"""The path that was meant by a double-quoted text such as `"D:\temp"`, whose `\t` is a tab to YAML."""
    match = _ACCIDENTAL.match(raw)
    return match["path"] if match else None


def in_single_quotes(text: str) -> str:
    return f"write it in single quotes: '{text}'"


@dataclass(frozen=True, slots=True)
class _Failure:
    """Where reading ended, with line and column from 0, and what the parser said."""

    lines: Sequence[str]
    at: _Place
    opened: _Place | None  # where what was being read began
    problem: str

    @property
    def line(self) -> str:
        return self.lines[self.at[0]] if self.at[0] < len(self.lines) else ""


def explain_syntax(
    file: str, lines: Sequence[str], at: tuple[int, int], opened: tuple[int, int] | None, problem: str
) -> Finding:
    """Put the parser's complaint into a teacher's words.

    `at` and `opened` are line and column from 0: where reading failed, and where what was being read began.
    """
    failure = _Failure(lines, at, opened, problem)
    for explain in (
        _slip,
        _backslash,
        _ended_by_another_quote,
        _brackets_inside,
        _colon_in_brackets,
        _tab,
        _never_closed,
        _reserved,
        _missing_colon,
        _two_colons,
        _indentation,
    ):
        found = explain(failure)
        if found is not None:
            (row, column), rule, message, suggestion = found
            if _is_about_a_secret(failure, row):
                message, suggestion = (
                    _QUOTED_TEXT.sub("this", message),
                    "the text is not shown: it may be a secret",
                )
            return Finding(Origin(file, row + 1, column + 1), rule, message, suggestion)
    return Finding(
        Origin(file, at[0] + 1, at[1] + 1),
        "yaml-syntax",
        "this cannot be read as YAML here",
        "compare the indentation and the punctuation with the lines around it",
    )


def _is_about_a_secret(failure: _Failure, row: int) -> bool:
    rows = {row, failure.at[0], *(() if failure.opened is None else (failure.opened[0],))}
    lines = range(max(min(rows) - 1, 0), min(max(rows) + 1, len(failure.lines)))
    texts = [failure.lines[line] for line in lines]
    return any(names_a_secret(text) or may_show_logon(text) for text in texts)


def _slip(failure: _Failure) -> _Found:
    return slip(failure.lines, failure.at, failure.problem)


def _backslash(failure: _Failure) -> _Found:
    if "escape character" not in failure.problem and "hexdecimal" not in failure.problem:
        return None
    row, column = failure.opened or failure.at
    match = _QUOTED.match(failure.lines[row][column:]) if row < len(failure.lines) else None
    fix = in_single_quotes(match["path"]) if match else "write it in single quotes"
    message = "in double quotes a backslash starts an escape, and this one does not exist"
    return (failure.at, "yaml-backslash", message, fix)


def _ended_by_another_quote(failure: _Failure) -> _Found:
    """A quote that is not closed takes all up to the next one, however far down; there reading fails."""
    row, column = failure.at if failure.opened is None or ":" not in failure.problem else failure.opened
    before = failure.lines[row][:column] if row < len(failure.lines) else ""
    if not before.endswith(("'", '"')):
        return None
    mark, end = before[-1], column - 1
    for start_row in range(row, -1, -1):
        line = failure.lines[start_row][: end if start_row == row else None]
        start = line.rfind(mark)
        if start < 0:
            continue
        if start > 0 and line[start - 1] not in _BEFORE_QUOTE:
            return None
        where = "further on in this line" if start_row == row else f"in line {row + 1}"
        message = f"the text that starts with {mark} here ends only at the next {mark}, {where}"
        fix = f"close it where it ends; a {mark} within it needs the other kind of quotes around it"
        return ((start_row, start), "yaml-quote", message, fix)
    return None


def _brackets_inside(failure: _Failure) -> _Found:
    if "expected ','" not in failure.problem:
        return None
    row, column = failure.at
    for match in _BRACKETS_INSIDE.finditer(failure.line):
        if match.start() < column < match.end():
            message = "inside brackets a text that holds brackets needs quotes"
            return ((row, match.start()), "yaml-bracket", message, in_single_quotes(match.group()))
    return None


def _colon_in_brackets(failure: _Failure) -> _Found:
    """YAML 1.2 allows `[1:30]`, libyaml does not: better a clear error than another meaning."""
    if "unexpected ':'" not in failure.problem or failure.opened is None:
        return None
    row, column = failure.opened
    match = _PLAIN.match(failure.lines[row][column:]) if row < len(failure.lines) else None
    fix = in_single_quotes(match.group()) if match else "write it in single quotes"
    return (failure.opened, "yaml-colon", "inside brackets a text that holds a colon needs quotes", fix)


def _tab(failure: _Failure) -> _Found:
    indent = failure.line[: len(failure.line) - len(failure.line.lstrip())]
    if "\t" not in indent:
        return None
    return ((failure.at[0], indent.index("\t")), "yaml-tab", "a tab indents this line", "indent with spaces")


def _never_closed(failure: _Failure) -> _Found:
    if failure.opened is None:
        return None
    if failure.opened[0] >= len(failure.lines):
        return _ended_within(failure)
    row, column = failure.opened
    mark = failure.lines[row][column : column + 1]
    if mark in ("'", '"') and "end of stream" in failure.problem:
        return (
            failure.opened,
            "yaml-quote",
            f"the text that starts with {mark} here never ends",
            f"add a {mark}",
        )
    closing = {"[": "]", "{": "}"}.get(mark)
    unfinished = ("expected ','", "end of stream", "node content")
    if closing and any(words in failure.problem for words in unfinished):
        message = f"the `{mark}` here is not closed by a `{closing}`, or a comma is missing"
        return (failure.opened, "yaml-bracket", message, "")
    return None


def _ended_within(failure: _Failure) -> _Found:
    """The file ends where an item should follow: the parser then names no bracket."""
    opened = last_opened(failure.lines) if "node content" in failure.problem else None
    if opened is None:
        return None
    place, mark = opened
    closing = {"[": "]", "{": "}"}[mark]
    return (place, "yaml-bracket", f"the `{mark}` here is never closed", f"add a `{closing}` where it ends")


def _reserved(failure: _Failure) -> _Found:
    character = failure.line[failure.at[1] : failure.at[1] + 1]
    if "cannot start any token" not in failure.problem or not character:
        return None
    message = f"a value cannot start with `{character}`"
    return (failure.at, "yaml-character", message, "write the value in single quotes")


def _missing_colon(failure: _Failure) -> _Found:
    """A key without its colon makes one text with the next line, which then has a colon too many."""
    no_colon = "could not find expected ':'" in failure.problem
    if not no_colon and "mapping values are not allowed" not in failure.problem:
        return None
    first = failure.at[0] - 1
    if no_colon:
        first = failure.at[0] if failure.opened is None else failure.opened[0]
    for row in range(min(first, len(failure.lines) - 1), -1, -1):
        line = failure.lines[row]
        text = line.split(" #")[0].strip()
        if not text or text.startswith("#"):
            continue
        if ": " not in text and not text.endswith(":") and (found := _KEY_AND_VALUE.fullmatch(text)):
            place = (row, line.index(found["key"]))
            fix = f"write `{found['key']}: {found['value']}`"
            return (place, "yaml-colon", f"`{found['key']}` has no colon after it", fix)
        if ":" not in text:
            place = (row, len(line) - len(line.lstrip()))
            return (place, "yaml-colon", f"`{text}` has no colon after it", f"write `{text}:`")
        if ": " not in text and not text.endswith(":"):
            place = (row, line.index(":"))
            return (place, "yaml-colon", "a space is missing after the colon", "write `key: value`")
        return None
    return None


def _two_colons(failure: _Failure) -> _Found:
    if "mapping values are not allowed" not in failure.problem:
        return None
    line = failure.line
    if ": " in line[: failure.at[1]]:
        message = "a second `key:` on one line; a text that holds a colon needs quotes"
        return (failure.at, "yaml-colon", message, "write the value in single quotes")
    message = "this line is indented deeper than the one above it, which already has a value"
    place = (failure.at[0], len(line) - len(line.lstrip()))
    return (place, "yaml-indent", message, "indent it like its neighbours")


def _indentation(failure: _Failure) -> _Found:
    signs = ("block", "'-' indicator", "<document start>", "expected key")
    if not any(words in failure.problem for words in signs):
        return None
    message = "this line's indentation fits none of the lines above it"
    return (failure.at, "yaml-indent", message, "fields of one group start in the same column")
