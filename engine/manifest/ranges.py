"""Names of hosts, one by one or in ranges such as `DHS-L114-[01-30]`."""

from __future__ import annotations

import re

MAXIMUM = 2_000  # hosts in one range; the biggest school has 600

# A computer's name in Active Directory: at most 15 characters (NetBIOS), letters, digits and hyphens, and not
# only digits (Microsoft: "Naming conventions in Active Directory for computers, domains, sites, and OUs").
_NAME = re.compile(r"(?=.{1,15}\Z)(?![0-9]+\Z)[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?\Z", re.ASCII)
_RANGE = re.compile(r"([A-Za-z0-9-]*)\[([0-9]{1,6})-([0-9]{1,6})\]([A-Za-z0-9-]*)\Z", re.ASCII)


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
    names = expand(text)
    check_host_name(names[0])
    check_host_name(names[-1])
    return text


def is_range(text: str) -> bool:
    return "[" in text


def expand(text: str) -> tuple[str, ...]:
    """All names of a range in order. The first number's digits say how many digits each has.

    Raises:
        ValueError: it is not of the form `PREFIX[01-30]SUFFIX`, runs backwards or is too big.
    """
    match = _RANGE.match(text)
    if match is None:
        raise ValueError("a range looks like `DHS-L114-[01-30]`")
    prefix, first, last, suffix = match.groups()
    low, high = int(first), int(last)
    if high < low:
        raise ValueError(f"the range runs from {first} down to {last}")
    if high - low >= MAXIMUM:
        raise ValueError(f"the range has {high - low + 1:,} hosts; at most {MAXIMUM:,} are allowed")
    if len(first) != len(last) and first.startswith("0"):
        raise ValueError(f"write both numbers with the same digits: `[{first}-{last.zfill(len(first))}]`")
    return tuple(f"{prefix}{number:0{len(first)}d}{suffix}" for number in range(low, high + 1))


def expand_all(text: str) -> tuple[str, ...]:
    """The names of a range, or the one name."""
    return expand(text) if is_range(text) else (text,)
