"""Texts that came from a host, made fit for one line of a terminal or a log. Pure."""

from __future__ import annotations

import re

_LONGEST = 400  # characters
_ODD = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]+|\s+")


def one_line(text: str, longest: int = _LONGEST) -> str:
    """`text` without line breaks and control characters, cut after `longest` characters."""
    line = _ODD.sub(" ", text).strip()
    return line if len(line) <= longest else line[: longest - 3].rstrip() + "..."
