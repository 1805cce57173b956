"""Writes compound files (MS-CFB version 3): the container of an MSI package. One storage, flat streams."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

SECTOR = 512
MINI_SECTOR = 64
MINI_CUTOFF = 4096
FREE, END_OF_CHAIN, FAT_SECTOR, NO_STREAM = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF
HEADER_FAT_SLOTS = 109
ENTRIES_PER_SECTOR = SECTOR // 128


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    start: int
    size: int


def write_compound(streams: Mapping[str, bytes], class_id: UUID) -> bytes:
    """The bytes of a compound file that holds `streams` (name to content) under its root.

    Raises:
        ValueError: a name is longer than 31 UTF-16 units, or the file would need more than 109 FAT
            sectors (about 7 MB), which this writer does not do.
    """
    for name in streams:
        if len(name.encode("utf-16-le")) > 62:
            raise ValueError(f"stream name is longer than 31 characters: {name!r}")
    ordered = sorted(streams, key=lambda name: (len(name.encode("utf-16-le")), name.upper()))
    small, mini_fat, mini_starts = _lay_out_small([streams[n] for n in ordered if _is_small(streams[n])])
    small_start = dict(zip((n for n in ordered if _is_small(streams[n])), mini_starts, strict=True))

    body, fat = bytearray(), list[int]()

    def place(content: bytes) -> int:
        if not content:
            return END_OF_CHAIN
        start = len(fat)
        count = -(-len(content) // SECTOR)
        body.extend(content.ljust(count * SECTOR, b"\0"))
        fat.extend(range(start + 1, start + count))
        fat.append(END_OF_CHAIN)
        return start

    entries = [
        _Entry(name, small_start[name] if name in small_start else place(streams[name]), len(streams[name]))
        for name in ordered
    ]
    mini_start = place(small)
    mini_fat_bytes = struct.pack(f"<{len(mini_fat)}I", *mini_fat)
    pad = -len(mini_fat_bytes) % SECTOR
    mini_fat_start = place(mini_fat_bytes + b"\xff" * pad)
    directory_start = place(_directory(entries, _Entry("Root Entry", mini_start, len(small)), class_id))

    fat_sectors = _fat_sector_count(len(fat))
    if fat_sectors > HEADER_FAT_SLOTS:
        raise ValueError("the compound file is too large for a header without DIFAT sectors")
    fat_start = len(fat)
    fat.extend([FAT_SECTOR] * fat_sectors)
    fat.extend([FREE] * (fat_sectors * SECTOR // 4 - len(fat)))
    body.extend(struct.pack(f"<{len(fat)}I", *fat))
    slots = [*range(fat_start, fat_start + fat_sectors)]
    slots.extend([FREE] * (HEADER_FAT_SLOTS - fat_sectors))
    header = struct.pack(
        "<8s16sHHHHH6s9I",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"",
        0x3E,
        3,
        0xFFFE,
        9,
        6,
        b"",
        0,
        fat_sectors,
        directory_start,
        0,
        MINI_CUTOFF,
        mini_fat_start,
        (len(mini_fat_bytes) + pad) // SECTOR,
        END_OF_CHAIN,
        0,
    )
    return header + struct.pack(f"<{HEADER_FAT_SLOTS}I", *slots) + bytes(body)


def _is_small(content: bytes) -> bool:
    return len(content) < MINI_CUTOFF


def _lay_out_small(contents: list[bytes]) -> tuple[bytes, list[int], list[int]]:
    """Streams below the cutoff share one stream of 64-byte sectors: its bytes, its FAT, each one's start."""
    stream, fat, starts = bytearray(), list[int](), list[int]()
    for content in contents:
        if not content:
            starts.append(END_OF_CHAIN)
            continue
        count = -(-len(content) // MINI_SECTOR)
        starts.append(len(fat))
        fat.extend(range(len(fat) + 1, len(fat) + count))
        fat.append(END_OF_CHAIN)
        stream.extend(content.ljust(count * MINI_SECTOR, b"\0"))
    return bytes(stream), fat, starts


def _fat_sector_count(sectors: int) -> int:
    """How many FAT sectors describe `sectors` others and themselves."""
    count = 1
    while count * SECTOR // 4 < sectors + count:
        count += 1
    return count


def _directory(entries: list[_Entry], root: _Entry, class_id: UUID) -> bytes:
    """The directory stream: a red-black tree over the entries, which are sorted as MS-CFB 2.6.4 orders."""
    links = [(NO_STREAM, NO_STREAM)] * len(entries)
    colours = [1] * len(entries)
    full_levels = (len(entries) + 1).bit_length() - 1

    def link(low: int, high: int, depth: int) -> int:
        if low >= high:
            return NO_STREAM
        middle = (low + high) // 2
        # A balanced tree is a red-black tree when just its last, incomplete level is red.
        colours[middle] = 0 if depth >= full_levels else 1
        links[middle] = (link(low, middle, depth + 1), link(middle + 1, high, depth + 1))
        return middle + 1

    child = link(0, len(entries), 0)
    records = [_record(root, 5, 1, (NO_STREAM, NO_STREAM), child, class_id)]
    records += [
        _record(entry, 2, colours[i], links[i], NO_STREAM, UUID(int=0)) for i, entry in enumerate(entries)
    ]
    unused = struct.pack("<64sHBBIII16sIQQIQ", b"", 0, 0, 0, *[NO_STREAM] * 3, b"", 0, 0, 0, 0, 0)
    records.extend([unused] * (-len(records) % ENTRIES_PER_SECTOR))
    return b"".join(records)


def _record(
    entry: _Entry, kind: int, colour: int, links: tuple[int, int], child: int, class_id: UUID
) -> bytes:
    name = entry.name.encode("utf-16-le")
    return struct.pack(
        "<64sHBBIII16sIQQIQ",
        name,
        len(name) + 2,
        kind,
        colour,
        *links,
        child,
        class_id.bytes_le,
        0,
        0,
        0,
        entry.start,
        entry.size,
    )
