"""Text as bytes, in the encodings that Windows programs read, and back."""

from __future__ import annotations

import codecs
from typing import Literal

from engine.model.words import quoted

Encoding = Literal["utf-8", "utf-8-bom", "utf-16", "ascii", "cp1252"]
LineEndings = Literal["crlf", "lf"]

_CODECS: dict[Encoding, tuple[str, bytes]] = {
    "utf-8": ("utf-8", b""),
    "utf-8-bom": ("utf-8", codecs.BOM_UTF8),
    "utf-16": ("utf-16-le", codecs.BOM_UTF16_LE),
    "ascii": ("ascii", b""),
    "cp1252": ("cp1252", b""),
}
_ENDINGS: dict[LineEndings, str] = {"crlf": "\r\n", "lf": "\n"}


def encode(text: str, encoding: Encoding, endings: LineEndings) -> bytes:
    """The file's bytes.

    Raises:
        ValueError: a character that the encoding does not have; the message names it and its line.
    """
    codec, mark = _CODECS[encoding]
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        return mark + lines.replace("\n", _ENDINGS[endings]).encode(codec)
    except UnicodeEncodeError as problem:
        line = problem.object.count("\n", 0, problem.start) + 1
        character = problem.object[problem.start]
        raise ValueError(f"{encoding} has no {quoted(character)} (line {line} of the text)") from None


def decode(data: bytes, encoding: Encoding) -> str | None:
    """The text with its line endings as they are; None where these are not bytes of that encoding.

    Bytes are given back by `encode` exactly: a text stands for one sequence of bytes.
    """
    codec, mark = _CODECS[encoding]
    if not data.startswith(mark):
        return None
    try:
        text = data[len(mark) :].decode(codec)
    except UnicodeDecodeError:
        return None
    return text if mark + text.encode(codec) == data else None
