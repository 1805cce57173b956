"""Writes the summary information stream of an MSI package (MS-OLEPS property set)."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from uuid import UUID

_FORMAT_ID = UUID("f29f85e0-4ff9-1068-ab91-08002b27b3d9")
_I2, _I4, _STRING = 2, 3, 30
STREAM_NAME = "\x05SummaryInformation"


@dataclass(frozen=True, slots=True)
class Summary:
    """What the summary tells: `platform` is Intel or x64, `package_code` changes with every build."""

    subject: str
    author: str
    platform: str
    package_code: str


def write_summary(summary: Summary) -> bytes:
    """The stream's bytes. Word count 2: compressed source; page count 500: needs Windows Installer 5."""
    properties: list[tuple[int, int, str | int]] = [
        (1, _I2, 1252),
        (2, _STRING, "Installation Database"),
        (3, _STRING, summary.subject),
        (4, _STRING, summary.author),
        (7, _STRING, f"{summary.platform};1033"),
        (9, _STRING, summary.package_code),
        (14, _I4, 500),
        (15, _I4, 2),
        (19, _I4, 2),
    ]
    index, values = bytearray(), bytearray()
    for number, form, value in properties:
        index += struct.pack("<II", number, 8 + 8 * len(properties) + len(values))
        values += _value(form, value)
    section = struct.pack("<II", 8 + len(index) + len(values), len(properties)) + index + values
    header = struct.pack("<HHI16sI16sI", 0xFFFE, 0, 0x00020006, b"", 1, _FORMAT_ID.bytes_le, 48)
    return header + section


def _value(form: int, value: str | int) -> bytes:
    if isinstance(value, str):
        text = value.encode("cp1252") + b"\0"
        return struct.pack("<II", form, len(text)) + text + b"\0" * (-len(text) % 4)
    return struct.pack("<Ii" if form == _I4 else "<Ihxx", form, value)
