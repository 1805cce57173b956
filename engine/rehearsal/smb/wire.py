"""Bodies of messages by smbprotocol's structures, made tolerant of what a client may say."""

from __future__ import annotations

import struct
from typing import TypeVar

from smbprotocol.structure import EnumField, FlagField, Structure

from engine.rehearsal.smb.header import SIZE, Malformed

S = TypeVar("S", bound=Structure)


def decode(structure: type[S], body: bytes) -> S:
    """Read a request's body.

    Enumerations and flags may hold values that smbprotocol does not know: newer clients send them, and
    the server has to refuse or ignore them itself.

    Raises:
        Malformed: the body is shorter than its fixed part, or of another structure.
    """
    message = structure()
    expected = message["structure_size"].get_value()
    for field in message.fields.values():
        if isinstance(field, EnumField):
            field.enum_strict = False
        elif isinstance(field, FlagField):
            field.flag_strict = False
    try:
        message.unpack(body)
    except (ValueError, TypeError, struct.error) as error:
        raise Malformed(f"a body that is no {structure.__name__}") from error
    if message["structure_size"].get_value() != expected:
        raise Malformed(f"a body that is no {structure.__name__}")
    return message


def window(raw: bytes, offset: int, length: int) -> bytes:
    """The part of a message that an offset (from the start of its header) and a length point at.

    Raises:
        Malformed: they point outside of the message, or into its header.
    """
    if not length:
        return b""
    if offset < SIZE or offset + length > len(raw):
        raise Malformed("an offset that points outside of the message")
    return raw[offset : offset + length]


def text(data: bytes) -> str:
    """UTF-16 as the protocol sends names.

    Raises:
        Malformed: it has an odd length.
    """
    if len(data) % 2:
        raise Malformed("a name of an odd length")
    return data.decode("utf-16-le", errors="surrogatepass")
