"""Foreign text made safe to show: every character can be seen, and none acts on a terminal."""

from __future__ import annotations

import unicodedata

# Control characters move the cursor and colour; format characters reorder or hide text (bidirectional
# overrides, zero-width characters); lone surrogates cannot be encoded; the separators break lines.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

# What is drawn as nothing although its category is that of letters, marks or symbols: Unicode's property
# Default_Ignorable_Code_Point (DerivedCoreProperties.txt) where the categories above do not cover it, and
# the empty Braille pattern, which looks like a blank. Two names that look the same are more dangerous here
# than an emoji or an old script that is shown by its parts, so variation selectors and joiners are shown.
_BLANK = (
    range(0x034F, 0x0350),  # combining grapheme joiner
    range(0x115F, 0x1161),  # Hangul fillers
    range(0x17B4, 0x17B6),  # Khmer inherent vowels
    range(0x180B, 0x1810),  # Mongolian variation selectors
    range(0x2065, 0x2066),  # reserved
    range(0x2800, 0x2801),  # Braille pattern blank
    range(0x3164, 0x3165),  # Hangul filler
    range(0xFE00, 0xFE10),  # variation selectors
    range(0xFFA0, 0xFFA1),  # halfwidth Hangul filler
    range(0xFFF0, 0xFFF9),  # reserved
    range(0xE0000, 0xE1000),  # tags, further variation selectors, reserved
)
_SHORT = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}


def _visible(character: str) -> str:
    code = ord(character)
    if unicodedata.category(character) not in _UNSAFE and not any(code in blank for blank in _BLANK):
        return character
    if character in _SHORT:
        return _SHORT[character]
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
