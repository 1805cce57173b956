"""Names of hosts, one by one or in ranges such as `DHS-L114-[01-30]` and `DHS-L114-[01-12,14-30]`."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAXIMUM = 2_000  # hosts in one range; the biggest school has 600

# A computer's name in Active Directory: at most 15 characters (NetBIOS), letters, digits and hyphens, and not
# only digits (Microsoft: "Naming conventions in Active Directory for computers, domains, sites, and OUs").
_NAME = re.compile(r"(?=.{1,15}\Z)(?![0-9]+\Z)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z", re.ASCII)
_RANGE = re.compile(r"([A-Za-z0-9-]*)\[([^\[\]]*)\]([A-Za-z0-9-]*)\Z", re.ASCII)
_PART = re.compile(r"([0-9]{1,6})(?:-([0-9]{1,6}))?\Z", re.ASCII)
_OTHER_DASH = re.compile(r"([0-9]+)\s*(?:[\u2010-\u2015\u2212:~]|\.{2,3}|\bto\b)\s*([0-9]+)\Z", re.ASCII)
_FORM = "a range looks like `DHS-L114-[01-30]` or `DHS-L114-[01-12,14-30]`"


def check_host_name(text: str) -> str:
    """The name itself.

    Raises:
        ValueError: it is no name that Windows allows, in words for the person who wrote it.
    """
    if _NAME.match(text):
        return text
    strange = next((c for c in text if not (c.isascii() and (c.isalnum() or c == "-"))), None)
    if strange is not None and strange in "[]":
        raise ValueError("this is a range of hosts; write it as `range:`")
    if strange is not None:
        raise ValueError(
            f"a host's name has letters, digits and hyphens only, not `{strange}` (U+{ord(strange):04X})"
        )
    if len(text) > 15:
        raise ValueError(f"a host's name has at most 15 characters; `{text}` has {len(text)}")
    raise ValueError("a host's name has a letter, and no hyphen at its start or end")


def check_range(text: str) -> str:
    """The range itself.

    Raises:
        ValueError: it is no range, or one of its names is none, in words for the person who wrote it.
    """
    # Its names differ in their digits only, so those of one length are all right or all wrong.
    for name in {len(name): name for name in reversed(expand(text))}.values():
        check_host_name(name)
    return text


def is_range(text: str) -> bool:
    return "[" in text


def expand(text: str) -> tuple[str, ...]:
    """All names of a range in the order in which it gives them.

    Between the brackets stand numbers and runs of numbers, separated by commas. The first number of a run
    says how many digits each of the run has.

    Raises:
        ValueError: it is not of the form `PREFIX[01-12,14]SUFFIX`, runs backwards, is too big, or has a
            number twice.
    """
    match = _RANGE.match(text)
    if match is None:
        raise ValueError(_FORM)
    prefix, inner, suffix = match.groups()
    numbers: dict[str, None] = {}
    for part in inner.split(","):
        for number in _numbers(part.strip()):
            if number in numbers:
                raise ValueError(f"the range has {number} twice")
            numbers[number] = None
        if len(numbers) > MAXIMUM:
            raise ValueError(f"the range has {len(numbers):,} hosts; at most {MAXIMUM:,} are allowed")
    return tuple(f"{prefix}{number}{suffix}" for number in numbers)


def _numbers(part: str) -> Iterator[str]:
    """The numbers of one part between commas, with their leading zeros."""
    match = _PART.match(part)
    if match is None:
        other = _OTHER_DASH.match(part)
        raise ValueError(_FORM if other is None else f"write a hyphen: `{other[1]}-{other[2]}`")
    first, last = match[1], match[2] or match[1]
    low, high = int(first), int(last)
    if high < low:
        raise ValueError(f"the range runs from {first} down to {last}")
    if high - low >= MAXIMUM:
        raise ValueError(f"the range has {high - low + 1:,} hosts; at most {MAXIMUM:,} are allowed")
    if len(first) != len(last) and first.startswith("0"):
        raise ValueError(f"write both numbers with the same digits: `[{first}-{last.zfill(len(first))}]`")
    return (f"{number:0{len(first)}d}" for number in range(low, high + 1))


def expand_all(text: str) -> tuple[str, ...]:
    """The names of a range, or the one name."""
    return expand(text) if is_range(text) else (text,)
