"""Versions of programs, compared as administrators of Windows do: number by number.

Windows has no single form of a version. Windows Installer's ProductVersion and version resources are numbers
with dots (Microsoft, "ProductVersion property"; "VS_FIXEDFILEINFO"), while DisplayVersion is free text. So:
parts are compared as numbers, missing parts count as 0, and what is not part of the first run of dotted
numbers is left aside: `v6.0.8`, `6.0.8.0`, `6.0.8 (x64)` and `6,0,8,0` are the same version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from engine.model.words import quoted

_NUMBERS = re.compile(r"\d+(?:\s*[.,]\s*\d+)*", re.ASCII)
_LONGEST = 200  # characters of a version that are looked at
_WANTED = re.compile(r"(?P<least>>=)?\s*(?P<version>\d+(?:\.\d+)*)", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """A version by its numbers, without zeros at the end: (6, 0, 8)."""

    numbers: tuple[int, ...]

    def __str__(self) -> str:
        """With two numbers at least: 7.0."""
        return ".".join(str(number) for number in (*self.numbers, 0, 0)[: max(2, len(self.numbers))])


def parse_version(text: str) -> Version | None:
    """The version that a text starts with or holds; None where it holds no number."""
    found = _NUMBERS.search(text[:_LONGEST])
    if found is None:
        return None
    numbers = [int(part) for part in re.split(r"[.,]", found.group())]
    while numbers and numbers[-1] == 0:
        numbers.pop()
    return Version(tuple(numbers))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which versions are good enough."""

    version: Version
    exact: bool

    def admits(self, version: Version) -> bool:
        return version == self.version if self.exact else version >= self.version


def _wanted(text: str) -> str:
    if not _WANTED.fullmatch(text.strip()):
        raise ValueError(
            f"a version is written 6.0.8 (exactly this) or >=6.0.8 (this or newer): {quoted(text)}"
        )
    return text.strip()


VersionWanted = Annotated[str, AfterValidator(_wanted)]


def parse_wanted(text: str) -> Wanted:
    """A checked `VersionWanted` as a rule."""
    found = _WANTED.fullmatch(text)
    version = parse_version(found["version"]) if found else None
    if found is None or version is None:
        raise ValueError(f"not a wanted version: {quoted(text)}")
    return Wanted(version=version, exact=found["least"] is None)
