"""What stands between two values of a YAML file: comments, blank lines, the dashes of lists."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from engine.manifest.roundtrip.layout import Remark

# Between values there are only marks, white space and comments, so every `#` starts a comment.
_PIECE = re.compile(
    r"(?P<comment>\#[^\n]*)|(?P<newline>\n)|^(?P<document>---|\.\.\.)(?=\s|\Z)|(?P<dash>-)|(?P<mark>[^\s])",
    re.MULTILINE,
)


@dataclass(slots=True)
class Lines:
    """Comments and blank lines: `beside` what stands before them on its line, or on lines of their own."""

    beside: Remark | None = None
    own: list[Remark] = field(default_factory=list)


@dataclass(slots=True)
class Gap:
    """A gap; where it holds a dash, `inside` is what follows the last one. `dash` is the dash's index."""

    outside: Lines = field(default_factory=Lines)
    inside: Lines = field(default_factory=Lines)
    dash: int | None = None


def read_gap(text: str, start: int, end: int) -> Gap:
    """The gap from index `start` to `end` of a text whose lines end in line feeds."""
    gap = Gap()
    lines = gap.outside
    is_fresh = start == 0 or text[start - 1] == "\n"
    for piece in _PIECE.finditer(text, start, end):
        if piece["newline"]:
            if is_fresh:
                lines.own.append(Remark("", 0))
            is_fresh = True
            continue
        if piece["comment"]:
            remark = Remark(piece["comment"].rstrip(), column(text, piece.start()))
            if is_fresh or lines.beside is not None:
                lines.own.append(remark)
            else:
                lines.beside = remark
        elif piece["dash"]:
            gap.dash = piece.start()
            lines = gap.inside
        is_fresh = False
    return gap


def column(text: str, index: int) -> int:
    """The column of an index, from 0."""
    return index - (text.rfind("\n", 0, index) + 1)
