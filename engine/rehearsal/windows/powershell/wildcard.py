"""PowerShell's wildcard patterns (about_Wildcards): *, ? and [set]; ` makes the next character plain."""

from __future__ import annotations

import re
from functools import lru_cache


def has_wildcard(pattern: str) -> bool:
    """Whether the text is a pattern at all."""
    return re.search(r"(?<!`)[*?\[]", pattern) is not None


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    parts: list[str] = []
    at = 0
    while at < len(pattern):
        character = pattern[at]
        closing = pattern.find("]", at + 1)
        if character == "`" and at + 1 < len(pattern):
            at += 1
            parts.append(re.escape(pattern[at]))
        elif character == "[" and closing > at:
            inside = pattern[at + 1 : closing].replace("\\", "\\\\").replace("^", "\\^")
            parts.append(f"[{inside}]")
            at = closing
        else:
            parts.append({"*": ".*", "?": "."}.get(character, re.escape(character)))
        at += 1
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)


def matches(pattern: str, text: str) -> bool:
    """Whether the whole text fits the pattern, without case."""
    return _compiled(pattern).fullmatch(text) is not None
