"""Log files as text, whatever Windows program wrote them. Pure."""

from __future__ import annotations

import codecs

_ANSI = "cp1252"  # the code page of the installers that write in one


def decode_tail(head: bytes, tail: bytes, offset: int) -> str:
    """The text of a file's last bytes.

    Args:
        head: the file's first bytes, at least three of them: they may hold a byte order mark.
        tail: the file's last bytes.
        offset: where `tail` starts in the file, in bytes.
    """
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        encoding = "utf-16-le" if head.startswith(codecs.BOM_UTF16_LE) else "utf-16-be"
        text = tail[offset % 2 :].decode(encoding, "replace")
        return text.lstrip("\ufeff")
    if offset:
        tail = _from_first_character(tail)
    try:
        return tail.decode("utf-8-sig" if not offset else "utf-8")
    except UnicodeDecodeError:
        return tail.decode(_ANSI, "replace")


def _from_first_character(tail: bytes) -> bytes:
    """Drop at most three bytes that continue a UTF-8 character whose start was cut off."""
    start = 0
    while start < min(3, len(tail)) and tail[start] & 0xC0 == 0x80:
        start += 1
    try:
        tail[start:].decode("utf-8")
    except UnicodeDecodeError:
        return tail  # not UTF-8, so nothing was cut
    return tail[start:]
