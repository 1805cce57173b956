"""Versions of programs, compared as administrators of Windows do: number by number.

Windows has no single form of a version. Windows Installer's ProductVersion and version resources are numbers
with dots (Microsoft, "ProductVersion property"; "VS_FIXEDFILEINFO"), while DisplayVersion is free text. So:
parts are compared as numbers, missing parts count as 0, and what is not part of the first run of dotted
numbers is left aside: `v6.0.8`, `6.0.8.0`, `6.0.8 (x64)` and `6,0,8,0` are the same version.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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


def parse_wanted(text: str) -> Wanted:
    """A checked `VersionWanted` as a rule."""
    found = _WANTED.fullmatch(text)
    version = parse_version(found["version"]) if found else None
    if found is None or version is None:
        raise ValueError(f"not a wanted version: {quoted(text)}")
    return Wanted(version=version, exact=found["least"] is None)


ANY = ">=0"  # the wanted version that every version is good enough for


@dataclass(frozen=True, slots=True)
class Comparison:
    """How the versions of one product are compared with each other."""

    parts: int | None = None  # how many leading numbers count; None: all
    as_text: bool = False  # only the same text is the same version, and none is newer than another

    def check_wanted(self, wanted: str) -> None:
        """Make sure that a wanted version can be compared.

        Raises:
            ValueError: it cannot; says how it is written.
        """
        if wanted == ANY:
            return
        if self.as_text and wanted.startswith(">="):
            raise ValueError(
                f"this product's versions are compared as texts, and none is newer: {quoted(wanted)}"
            )
        if not self.as_text and not _WANTED.fullmatch(wanted):
            raise ValueError(
                f"a version is written 6.0.8 (exactly this) or >=6.0.8 (this or newer): {quoted(wanted)}"
            )

    def version(self, text: str) -> Version | None:
        """The numbers that count; None where there are none, or where texts are compared."""
        found = None if self.as_text else parse_version(text)
        if found is None or self.parts is None:
            return found
        kept = found.numbers[: self.parts]
        while kept and kept[-1] == 0:
            kept = kept[:-1]
        return Version(kept)

    def form(self, text: str) -> str:
        """The canonical form: two versions are the same exactly when their forms are."""
        found = self.version(text)
        return " ".join(text.split()) if found is None else str(found)

    def admits(self, wanted: str, text: str) -> bool:
        """Whether a version is good enough for a checked wanted one."""
        if wanted == ANY:
            return True
        if self.as_text:
            return self.form(text) == self.form(wanted)
        rule, found = parse_wanted(wanted), self.version(text)
        least = self.version(str(rule.version))
        return found is not None and least is not None and Wanted(least, rule.exact).admits(found)

    def is_newer(self, text: str, wanted: str) -> bool:
        """Whether a version is known to be newer than a checked wanted one."""
        if self.as_text or wanted == ANY:
            return False
        found, least = self.version(text), self.version(str(parse_wanted(wanted).version))
        return found is not None and least is not None and found > least
