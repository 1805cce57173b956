"""What belongs to no document: the words of selectors and templates, and how big things may be."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.manifest import limits
from engine.manifest.selectors import KEYS, OPERATORS
from engine.manifest.templates import FILE_CHARACTERS, FILTERS, TESTS, VALUE_CHARACTERS

# What each of `engine.manifest.limits` counts.
LIMITS: Mapping[str, str] = {
    "FILE_BYTES": "bytes of a file",
    "SCALAR_CHARACTERS": "characters of a value",
    "DEPTH": "lists and groups within each other",
    "NODES": "values of a file, with those that aliases stand for",
    "ALIASES": "aliases in a file",
    "PARTS": "parts of a file with a syntax error that are searched for more of them",
    "SELECTOR_CHARACTERS": "characters of a selector",
    "SELECTOR_WORDS": "words of a selector",
    "SELECTOR_DEPTH": "parentheses within parentheses in a selector",
    "NESTED_PROFILES": "profiles that bring each other along, one within the other",
    "PROFILE_USES": "uses of profiles that district.yaml or one school leads to",
    "PROFILE_RESOURCES": "resources that these uses bring",
    "HOSTS": "hosts in one school",
    "EXCEPTIONS": "names and ranges under one `except`",
    "HOST_GROUPS": "groups of hosts in one school",
    "SELECTORS": "texts under one `hosts`",
    "RANGE_NAMES": "hosts that the selectors of one file name by ranges",
    "SELECTED": "hosts of one school, counted for each different selector",
    "MADE": "different resources in one school, hosts that are alike counted once",
    "WAITS": "waits of a resource for one of another host in one school",
    "HINTS": "near misses looked for in one school",
    "FILES": "files of a manifests folder",
    "FOLDER_DEPTH": "folders within each other below the manifests folder",
}


def language_page() -> list[str]:
    """The lines of the page on selectors, templates and limits."""
    counted = {words: getattr(limits, name) for name, words in LIMITS.items()}
    counted["characters that a template in a value makes"] = VALUE_CHARACTERS
    counted["characters that a delivered template makes"] = FILE_CHARACTERS
    return [
        "# Selectors, templates and limits",
        "",
        "## Selectors",
        "",
        f"Words are joined by {_code(OPERATORS)} and parentheses. A word that says what it means starts with",
        f"{_code(f'{key}=' for key in KEYS)}.",
        "",
        "## Templates",
        "",
        f"Filters: {_code(FILTERS)}.",
        "",
        f"Tests, after `is`: {_code(TESTS)}.",
        "",
        "## Limits",
        "",
        "Far above what people write, and below what would hurt the computer that reads it.",
        "",
        "| what is counted | at most |",
        "|---|---|",
        *(f"| {words} | {most:,} |" for words, most in counted.items()),
    ]


def _code(words: Iterable[str]) -> str:
    return ", ".join(f"`{word}`" for word in words)
