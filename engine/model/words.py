"""Texts of other people inside messages."""

from __future__ import annotations


def quoted(text: str) -> str:
    r"""A text in quotes, as it was written: the backslashes of `'BCPS\Staff'` are not doubled.

    Characters that cannot be seen are escaped as Python does, so that a message stays one honest line.
    """
    shown = "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)
    return f"'{shown}'"
