"""PSRP messages and the fragments that carry them (MS-PSRP 2.2.1 and 2.2.4)."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator

FRAGMENT_BYTES = 32_768
_HEADER = struct.Struct(">QQBI")  # object id, fragment id, start and end flags, length
_MESSAGE = struct.Struct("<II16s16s")  # destination, type, runspace pool, pipeline
_TO_CLIENT = 1
_START, _END = 1, 2
_PIPELINE_OUTPUT = 0x00041004
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"  # Windows puts one before each document


def split(data: bytes) -> Iterator[bytes]:
    """Cut a payload into its fragments. Raises struct.error where it ends in mid-header."""
    at = 0
    while at < len(data):
        length: int = _HEADER.unpack_from(data, at)[3]
        yield data[at : at + _HEADER.size + length]
        at += _HEADER.size + length


def pipeline_id(data: bytes) -> uuid.UUID:
    """The pipeline that a first fragment is for. Raises struct.error where it is too short."""
    return uuid.UUID(bytes_le=_MESSAGE.unpack_from(data, _HEADER.size)[3])


def pipeline_output(object_id: int, pool: uuid.UUID, pipeline: uuid.UUID, document: str) -> Iterator[bytes]:
    """The fragments of a PIPELINE_OUTPUT message (MS-PSRP 2.2.2.19)."""
    head = _MESSAGE.pack(_TO_CLIENT, _PIPELINE_OUTPUT, pool.bytes_le, pipeline.bytes_le)
    message = head + _BYTE_ORDER_MARK + document.encode("utf-8")
    size = FRAGMENT_BYTES - _HEADER.size
    count = -(-len(message) // size)
    for number in range(count):
        part = message[number * size : (number + 1) * size]
        flags = (_START if number == 0 else 0) | (_END if number == count - 1 else 0)
        yield _HEADER.pack(object_id, number, flags, len(part)) + part
