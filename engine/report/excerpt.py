"""A line of a manifest with a mark under one place, whatever the line holds."""

from __future__ import annotations

import unicodedata
from typing import NamedTuple

from rich.cells import cell_len

from engine.report.visible import clean

WIDTH = 100  # columns of a terminal
_CUT = "..."
_NARROWEST = 20


class Excerpt(NamedTuple):
    """The line, made safe and short, and how many columns of a terminal stand before the place."""

    line: str
    before: int


def excerpt(source: str, column: int, width: int = WIDTH) -> Excerpt | None:
    """What to show of a line whose place is at `column` (from 1), in at most `width` columns.

    Control and format characters are made visible. Wide characters take two columns and combining ones none.
    None where the line has nothing to show.
    """
    place = _base(source, min(max(column, 1) - 1, len(source)))
    room = max(width, _NARROWEST)
    left, left_cut = _fitting(source[max(place - room, 0) : place][::-1], room)
    right, right_cut = _fitting(source[place : place + room], room)
    left_cut, right_cut = left_cut or place > room, right_cut or len(source) > place + room
    before, after = "".join(reversed(left)), "".join(right)
    if left_cut or right_cut or cell_len(before) + cell_len(after) > room:
        before, after = _around(left, right, room, left_cut=left_cut, right_cut=right_cut)
    if not (before + after).strip():
        return None
    return Excerpt((before + after).rstrip(), cell_len(before))


def _base(source: str, place: int) -> int:
    """The character that a combining one belongs to: the mark stands under both."""
    while 0 < place < len(source) and unicodedata.category(source[place]).startswith("M"):
        place -= 1
    return place


def _fitting(source: str, room: int) -> tuple[list[str], bool]:
    """The characters of `source`, each safe to show, as many as fit; and whether some did not."""
    shown: list[str] = []
    used = 0
    for character in source:
        text = clean(character)
        used += cell_len(text)
        if used > room:
            return shown, True
        shown.append(text)
    return shown, False


def _around(
    left: list[str], right: list[str], room: int, *, left_cut: bool, right_cut: bool
) -> tuple[str, str]:
    """Both sides of the place cut to `room`, the one that needs less leaving its share to the other."""
    half = room // 2
    behind = min(_cells(right), half)
    before, cut = _cut(left, room - behind, already=left_cut)
    ahead = "".join(reversed(before))
    start = _CUT + ahead if cut else ahead
    after, cut = _cut(right, room - cell_len(start), already=right_cut)
    end = "".join(after)
    return start, end + _CUT if cut else end


def _cells(texts: list[str]) -> int:
    return sum(map(cell_len, texts))


def _cut(texts: list[str], room: int, *, already: bool) -> tuple[list[str], bool]:
    """As many of the texts as fit, with room for the dots where some do not."""
    if not already and _cells(texts) <= room:
        return texts, False
    kept: list[str] = []
    used = len(_CUT)
    for text in texts:
        used += cell_len(text)
        if used > room:
            break
        kept.append(text)
    return kept, True
