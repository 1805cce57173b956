"""Texts that came from a host, made fit for one line of a terminal or a log. Pure."""

from __future__ import annotations

_LONGEST = 400  # characters


def one_line(text: str, longest: int = _LONGEST) -> str:
    """`text` without line breaks, control characters and marks of direction, cut after `longest` characters.

    Lone surrogates, which no terminal can be sent, go as well.
    """
    printable = "".join(character if character.isprintable() else " " for character in text)
    line = " ".join(printable.split())
    return line if len(line) <= longest else line[: longest - 3].rstrip() + "..."
