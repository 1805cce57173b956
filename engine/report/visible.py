"""Foreign text made safe to show: every character can be seen, and none acts on a terminal."""

from __future__ import annotations

import unicodedata

# Control characters move the cursor and colour; format characters reorder or hide text (bidirectional
# overrides, zero-width characters); lone surrogates cannot be encoded; the separators break lines.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _UNSAFE:
        return character
    if character in _SHORT:
        return _SHORT[character]
    code = ord(character)
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"


def clean(text: str) -> str:
    """One line of `text` in which every character can be seen and none acts on a terminal."""
    if text.isascii() and text.isprintable():
        return text
    return "".join(map(_visible, text))


def clean_lines(text: str) -> tuple[str, ...]:
    """The lines of a longer text, each clean; tabs become blanks."""
    return tuple(clean(line.expandtabs(4)) for line in text.splitlines())


def shortened(text: str, limit: int) -> str:
    """At most `limit` characters; what was cut off is counted."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}... ({len(text) - limit} more characters)"
