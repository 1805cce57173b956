"""Writes cabinets (MS-CAB) whose files are stored, not compressed: small, and the same bytes every time."""

from __future__ import annotations

import struct
from collections.abc import Mapping

BLOCK = 0x8000  # the most that one CFDATA block may hold
DATE = (2026 - 1980) << 9 | 8 << 5 | 15  # fixed, so that equal input gives equal bytes
ARCHIVE = 0x20


def write_cabinet(files: Mapping[str, bytes]) -> bytes:
    """The bytes of a cabinet with `files` (name to content) in one folder, in their order.

    Raises:
        ValueError: more than 65,535 blocks of data, the format's limit.
    """
    payload = b"".join(files.values())
    blocks = [payload[i : i + BLOCK] for i in range(0, len(payload), BLOCK)]
    if len(blocks) > 0xFFFF:
        raise ValueError("a cabinet folder holds at most 2 GB")
    entries, offset = bytearray(), 0
    for name, content in files.items():
        entries += struct.pack("<IIHHHH", len(content), offset, 0, DATE, 0, ARCHIVE)
        entries += name.encode("ascii") + b"\0"
        offset += len(content)
    files_at = 36 + 8
    data_at = files_at + len(entries)
    data = b"".join(struct.pack("<IHH", _checksum(block), len(block), len(block)) + block for block in blocks)
    header = struct.pack(
        "<4sIIIIIBBHHHHH",
        b"MSCF",
        0,
        data_at + len(data),
        0,
        files_at,
        0,
        3,
        1,
        1,
        len(files),
        0,
        0,
        0,
    )
    return header + struct.pack("<IHH", data_at, len(blocks), 0) + bytes(entries) + data


def _checksum(block: bytes) -> int:
    """MS-CAB 3.1: 32-bit words joined by exclusive or, over the data and then over the two sizes."""
    whole = len(block) // 4
    value = 0
    for word in struct.unpack_from(f"<{whole}I", block):
        value ^= word
    value ^= int.from_bytes(block[whole * 4 :], "big")
    return value ^ (len(block) | len(block) << 16)
