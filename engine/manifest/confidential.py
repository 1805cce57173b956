"""Which lines of a file may hold a secret, so that nothing of them is ever repeated. The one definition.

It looks at lines and not at the tree, since a mistake may have moved a secret to where no tree has it: a
colon forgotten, a word misspelled, a bracket that is never closed. What it takes for a secret too often is
only not shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from engine.model.source import may_show_logon

# Names of fields that hold secrets, and of groups of such fields, also as a part of a longer word.
_NAMES = re.compile(
    r"pass[ _-]?(?:wor[dt]|phrase|wd|code|key)|pwd|pswd|kennwort|secret|token|credential|creds"
    r"|(?:api|private|access|client|shared)[ _-]?key",
    re.IGNORECASE,
)
_ALONE = frozenset({"pass", "pin", "psk", "pw"})  # the same, but only as whole words
# Words that are misspelled easily, without case.
_SPELLED = (
    *("password", "passwords", "passwort", "passphrase", "passcode", "kennwort"),
    *("credential", "credentials"),
)
_SLIPS = 2  # letters that may be left out, on either side
_SHORTEST, _LONGEST = 6, max(map(len, _SPELLED)) + _SLIPS  # letters of a word that may be misspelled
_LETTERS = re.compile(r"[^\W\d_]+")
_HUMPS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")  # `AdminPasword` is two words
# What begins another field or another item, and so may end what a field above holds.
_BEGINS = re.compile(r"(?:- +)*(?:[\w.-]+|'[^']*'|\"[^\"]*\") *:(?:\s|$)|- |-$")


def confidential_lines(lines: Sequence[str]) -> frozenset[int]:
    """The numbers, from 1, of the lines that may hold a secret.

    These are lines with a name of a secret or a near miss of one, in whatever place; those with an address
    that may hold a logon; and all that belongs to the field or group that begins in such a line.
    """
    found: set[int] = set()
    indent: int | None = None  # of the line whose field or group is being passed
    opened = 0  # brackets of it that are not closed
    for number, line in enumerate(lines, 1):
        if names_a_secret(line):
            start = _item_start(lines, number)
            found.update(range(start, number + 1))
            here = _indent(lines[start - 1])
            indent = here if indent is None else min(indent, here)
            opened = max(opened, 0) + _opened(line)
        elif indent is not None and not _ends(line, indent, opened):
            found.add(number)
            opened += _opened(line)
        else:
            indent, opened = None, 0
            if may_show_logon(line):
                found.add(number)
    return frozenset(found)


def _ends(line: str, indent: int, opened: int) -> bool:
    """Whether what began above, at this indentation, is over. Brackets left open go on to the end."""
    return (
        opened <= 0 and bool(line.strip()) and _indent(line) <= indent and bool(_BEGINS.match(line.lstrip()))
    )


def _item_start(lines: Sequence[str], number: int) -> int:
    """The first line of the list item of a line, or the line itself: `data:` may stand above `name:`."""
    indent = _indent(lines[number - 1])
    if lines[number - 1].lstrip().startswith("-"):
        return number
    for above in range(number - 1, 0, -1):
        line = lines[above - 1]
        if line.strip() and _indent(line) < indent:
            return above if _is_item_of(line, indent) else number
    return number


def _is_item_of(line: str, indent: int) -> bool:
    text = line.lstrip()
    return text.startswith("- ") and len(line) - len(text[1:].lstrip()) == indent


def _opened(line: str) -> int:
    return sum(map(line.count, "[{")) - sum(map(line.count, "]}"))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def names_a_secret(line: str) -> bool:
    """Whether a text has a name of a secret or a near miss of one anywhere in it."""
    return _NAMES.search(line) is not None or any(_is_near(word) for word in _words(line))


def _words(line: str) -> Iterator[str]:
    for letters in _LETTERS.findall(line):
        yield letters.casefold()
        if not (letters.islower() or letters.istitle()):
            yield from (hump.casefold() for hump in _HUMPS.findall(letters))


@lru_cache(maxsize=16_384)  # the files of a district say the same words over and over
def _is_near(word: str) -> bool:
    """Whether a word is a name of a secret, or one that was misspelled by a letter or two."""
    if word in _ALONE:
        return True
    return _SHORTEST <= len(word) <= _LONGEST and not _NEAR.isdisjoint(_shortened(word))


def _shortened(word: str) -> Iterator[str]:
    """The word without up to `_SLIPS` of its letters: two words that share one of these are near."""
    for dropped in range(_SLIPS + 1):
        for kept in combinations(word, len(word) - dropped):
            yield "".join(kept)


_NEAR = frozenset(each for word in _SPELLED for each in _shortened(word) if len(each) >= _SHORTEST - 1)
