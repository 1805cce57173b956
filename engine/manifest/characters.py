"""Characters that people do not see, or take for others: in the text of a file, and made by escapes."""

from __future__ import annotations

import re
import unicodedata

# Line breaks of YAML 1.1 that 1.2 does not know, and what hides or turns round the text that people see
# (Unicode's bidirectional controls, the soft hyphen and characters of no width): each makes two readers see
# different things. A no-break space as indentation, such as from a web page, is no indentation to YAML.
_UNSEEN = (
    "\u0085\u00ad\u061c\u180e\u2028\u2029\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\U000e0000-\U000e007f"
)
_IN_A_FILE = re.compile(f"[{_UNSEEN}\u200c\u200d]|^ *\u00a0", re.MULTILINE)
_FROM_ESCAPES = re.compile(f"[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f{_UNSEEN}\u200c\u200d]")
_JOINER = "\u200d"
# Typographic quotes, each with those that close it.
_QUOTES = {
    "\u201c": "\u201d\u201c",
    "\u201d": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u2018": "\u2019\u2018",
    "\u2019": "\u2019",
    "\u201a": "\u2018\u2019",
    "\u00ab": "\u00bb",
    "\u00bb": "\u00ab",
}


def unseen_in_file(text: str) -> int | None:
    """Where the first character is that may stand nowhere in a file, comments included."""
    return _first(_IN_A_FILE, text)


def unseen_from_escape(text: str) -> str | None:
    r"""The first control or invisible character of a text in double quotes, such as that of `"\e[31m"`."""
    index = _first(_FROM_ESCAPES, text)
    return None if index is None else text[index]


def _first(pattern: re.Pattern[str], text: str) -> int | None:
    for found in pattern.finditer(text):
        index = found.end() - 1
        if text[index] != _JOINER or not _joins_emoji(text, index):
            return index
    return None


def _joins_emoji(text: str, index: int) -> bool:
    """Whether a joiner stands between two pictures, as in the emoji of a family.

    Before it may stand what belongs to a picture: a tone of skin (Sk) or a variation selector (Mn).
    """
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    pictures = ("So", "Sk", "Mn")
    return (
        before != ""
        and after != ""
        and unicodedata.category(before) in pictures
        and unicodedata.category(after) == "So"
    )


def look_alike(raw: str) -> tuple[str, str] | None:
    """What of a value passes for something else, as message and suggestion. `raw` is as it is in the file."""
    if "\u00a0" in raw:
        return (
            "a no-break space (U+00A0) in this text: it looks like a space and is none",
            'write an ordinary space, or `"\\u00a0"` in double quotes if it is meant',
        )
    if not unicodedata.is_normalized("NFC", raw):
        return (
            "letters and their accents are separate characters here (not Unicode's form NFC): the text looks"
            " like another one and differs from it",
            "type the text again, or let an editor change it to NFC",
        )
    return None


def inside_smart_quotes(text: str) -> str | None:
    """What stands between a typographic quote and its counterpart, which mean nothing to YAML."""
    if len(text) >= 2 and text[-1] in _QUOTES.get(text[0], ""):
        return text[1:-1]
    return None
