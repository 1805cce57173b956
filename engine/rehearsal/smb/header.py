"""The 64 bytes in front of every message (MS-SMB2 2.2.1), and the split of compounded ones.

smbprotocol's own header refuses commands and flags that it does not know. A server has to answer
those, so the header is read and written here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum, IntFlag

PROTOCOL = b"\xfeSMB"
SIZE = 64

_LAYOUT = struct.Struct("<4sHHIHHIIQIIQ16s")


class Malformed(Exception):
    """Bytes that are no SMB message; the connection is closed (MS-SMB2 3.3.5.2)."""


class Command(IntEnum):
    """MS-SMB2 2.2.1.2."""

    NEGOTIATE = 0
    SESSION_SETUP = 1
    LOGOFF = 2
    TREE_CONNECT = 3
    TREE_DISCONNECT = 4
    CREATE = 5
    CLOSE = 6
    FLUSH = 7
    READ = 8
    WRITE = 9
    LOCK = 10
    IOCTL = 11
    CANCEL = 12
    ECHO = 13
    QUERY_DIRECTORY = 14
    CHANGE_NOTIFY = 15
    QUERY_INFO = 16
    SET_INFO = 17
    OPLOCK_BREAK = 18


class HeaderFlag(IntFlag):
    """MS-SMB2 2.2.1.2."""

    RESPONSE = 0x01
    ASYNC = 0x02
    RELATED = 0x04
    SIGNED = 0x08


@dataclass(frozen=True, slots=True)
class Header:
    """A request's header. `command` is a number, since clients may send any."""

    credit_charge: int
    command: int
    credits: int
    flags: int
    next_command: int
    message_id: int
    process_id: int
    tree_id: int
    session_id: int
    signature: bytes


@dataclass(frozen=True, slots=True)
class Message:
    """One request: its header, and all of its bytes as they are signed."""

    header: Header
    raw: bytes

    @property
    def body(self) -> bytes:
        """What follows the header."""
        return self.raw[SIZE:]


def parse_header(data: bytes) -> Header:
    """Read a request's header.

    Raises:
        Malformed: it is none.
    """
    if len(data) < SIZE:
        raise Malformed("a header that is cut off")
    protocol, size, charge, _, command, wanted, flags, after, message, process, tree, session, signature = (
        _LAYOUT.unpack_from(data)
    )
    if protocol != PROTOCOL or size != SIZE:
        raise Malformed("no SMB2 header")
    return Header(charge, command, wanted, flags, after, message, process, tree, session, signature)


def split_compound(data: bytes) -> Iterator[Message]:
    """The messages of one transport packet, in order.

    Raises:
        Malformed: an offset points nowhere.
    """
    position = 0
    while True:
        header = parse_header(data[position : position + SIZE])
        after = header.next_command
        if not after:
            yield Message(header, data[position:] if position else data)
            return
        if after % 8 or after < SIZE or position + after >= len(data):
            raise Malformed("a compounded message that is cut off")
        yield Message(header, data[position : position + after])
        position += after


def reply_header(
    request: Header, status: int, granted: int, tree_id: int, session_id: int, *, related: bool
) -> bytes:
    """The header of an answer, not signed yet and with nothing after it."""
    flags = HeaderFlag.RESPONSE | (HeaderFlag.RELATED if related else 0)
    charge = request.credit_charge
    ids = (request.message_id, request.process_id, tree_id, session_id)
    return _LAYOUT.pack(PROTOCOL, SIZE, charge, status, request.command, granted, flags, 0, *ids, bytes(16))


def chained(message: bytes, after: int) -> bytes:
    """The message with `NextCommand` set."""
    return message[:20] + struct.pack("<I", after) + message[24:]


def marked_signed(message: bytes) -> bytes:
    """The message with the flag SIGNED set and an empty signature."""
    (flags,) = struct.unpack_from("<I", message, 16)
    return (
        message[:16]
        + struct.pack("<I", flags | HeaderFlag.SIGNED)
        + message[20:48]
        + bytes(16)
        + message[64:]
    )
