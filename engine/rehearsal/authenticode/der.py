"""DER (X.690), as far as PKCS #7 needs it: definite lengths and tags of one byte."""

from __future__ import annotations

from dataclasses import dataclass

BIT_STRING, OCTET_STRING, OBJECT, BMP_STRING, INTEGER = 0x03, 0x04, 0x06, 0x1E, 0x02
SEQUENCE, SET, NULL = 0x30, 0x31, 0x05


class NotDer(ValueError):
    """The bytes are no DER that is understood here."""


@dataclass(frozen=True, slots=True)
class Element:
    """One value: its tag, its content, and both as they were encoded."""

    tag: int
    content: bytes
    encoded: bytes

    def children(self) -> tuple[Element, ...]:
        """The values that a constructed one holds.

        Raises:
            NotDer: it holds something else.
        """
        found, rest = [], self.content
        while rest:
            element, rest = read(rest)
            found.append(element)
        return tuple(found)


def encode(tag: int, *parts: bytes) -> bytes:
    """A value of these contents, one after the other."""
    content = b"".join(parts)
    if len(content) < 0x80:
        return bytes((tag, len(content))) + content
    length = len(content).to_bytes((len(content).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def oid(dotted: str) -> bytes:
    """An object identifier."""
    first, second, *arcs = map(int, dotted.split("."))
    content = bytearray()
    for arc in (40 * first + second, *arcs):
        digits = [arc & 0x7F]
        while arc := arc >> 7:
            digits.append(0x80 | arc & 0x7F)
        content += bytes(reversed(digits))
    return encode(OBJECT, bytes(content))


def integer(value: int) -> bytes:
    """An integer that is not negative."""
    return encode(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def read(data: bytes) -> tuple[Element, bytes]:
    """The first value, and what follows it.

    Raises:
        NotDer: there is none, or it is cut off.
    """
    if len(data) < 2 or data[0] & 0x1F == 0x1F:
        raise NotDer("no value")
    count, start = data[1], 2
    if count & 0x80:
        start += count & 0x7F
        if not 0 < count & 0x7F <= 4:
            raise NotDer("a length that is not definite, or too long")
        count = int.from_bytes(data[2:start], "big")
    end = start + count
    if len(data) < end:
        raise NotDer("a value is cut off")
    return Element(data[0], data[start:end], data[:end]), data[end:]
