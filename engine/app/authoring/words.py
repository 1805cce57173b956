"""Proposals for names: short ones from long ones, and those that are nearly taken. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import get_args

from engine.app.errors import NotWritten
from engine.manifest.documents.base import Identifier
from engine.manifest.suggest import nearest
from engine.model.form import Form
from engine.model.words import quoted

_IDENTIFIER = next(each for each in get_args(Identifier) if isinstance(each, Form))

# What follows a product's name in "Apps & features", where it is not the name itself.
_IN_PARENTHESES = re.compile(r"\s*\((?:[^()]*)\)")
_ARCHITECTURE = re.compile(r"(?i)(?<![\w-])(?:x64|x86|amd64|arm64|(?:32|64)[- ]?bit|win(?:32|64))(?![\w-])")
_VERSION = re.compile(r"(?i)(?<![\w-])v?[0-9]+(?:\.[0-9]+)+(?![\w-])")


def proposed_title(name: str) -> str:
    """A product's name without version and platform: `7-Zip` for `7-Zip 24.09 (x64 edition)`."""
    shorter = _ARCHITECTURE.sub("", _VERSION.sub("", _IN_PARENTHESES.sub("", name)))
    shorter = " ".join(shorter.split()).strip(" -\u2013,")
    return shorter or name


def proposed_identifier(name: str) -> str:
    """A short name of small letters, digits and hyphens; empty where nothing of the name is left."""
    plain = unicodedata.normalize("NFKD", name.replace("&", " and ").replace("'", ""))
    words = re.findall(r"[a-z0-9]+", plain.encode("ascii", "ignore").decode().casefold())
    return "-".join(words)


def checked_identifier(text: str) -> str:
    """The short name itself.

    Raises:
        NotWritten: it is none.
    """
    if not _IDENTIFIER.fits(text):
        raise NotWritten(f"{text!r} cannot be a short name: {_IDENTIFIER.words}")
    return text


def chosen_identifier(given: str | None, name: str, option: str) -> str:
    """The short name that was given, or else what the name for people proposes.

    Raises:
        NotWritten: it is none, or none can be made of the name; says which `option` gives one.
    """
    if given is not None:
        return checked_identifier(given)
    proposed = proposed_identifier(name)
    if not _IDENTIFIER.fits(proposed):
        raise NotWritten(f"no short name can be made of {quoted(name)}: give one with {option}")
    return proposed


def near(name: str, known: Iterable[str]) -> str | None:
    """A name that is taken and nearly the same: another spelling or a slip of the finger, not another number.

    Names whose letters are the same but whose digits are not (`hp-m611`, `hp-m612`) are different things.
    """
    found = nearest(name, known)
    if found is None or found == name or _letters(found) == _letters(name) != name:
        return None
    return found if abs(len(found) - len(name)) <= max(2, len(name) // 4) else None


def _letters(name: str) -> str:
    return re.sub(r"[0-9]+", "0", name)


def initials(name: str) -> str:
    """The first letters of a name's words in capitals: `DHS` for `Dundalk High School`; else `X`."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return "".join(word[0] for word in re.findall(r"[A-Za-z0-9]+", plain)).upper()[:6] or "X"
