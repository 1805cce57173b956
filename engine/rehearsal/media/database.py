"""Writes the relational part of an MSI package: string pool, schema and tables as streams."""

from __future__ import annotations

import struct
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pymsi import streamname

CODE_PAGE = 1252
# Column type bits as in the _Columns table (Windows Installer SDK, column definition format).
_VALID, _LOCALIZABLE, _NON_BINARY, _STRING, _NULLABLE, _KEY = 0x100, 0x200, 0x400, 0x800, 0x1000, 0x2000

Cell = str | int | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column in the SDK's short form: `s72` string, `l64` localisable, `i2`; a capital allows null."""

    name: str
    form: str
    key: bool = False

    @property
    def is_string(self) -> bool:
        return self.form[0] in "sSlL"

    @property
    def width(self) -> int:
        return int(self.form[1:])

    @property
    def bits(self) -> int:
        bits = _VALID | self.width
        if self.is_string:
            bits |= _STRING | _NON_BINARY
        elif self.width == 2:
            bits |= _NON_BINARY
        bits |= _LOCALIZABLE if self.form[0] in "lL" else 0
        bits |= _NULLABLE if self.form[0].isupper() else 0
        return bits | (_KEY if self.key else 0)


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    columns: tuple[Column, ...]


_TABLES = Table("_Tables", (Column("Name", "s64", key=True),))
_COLUMNS = Table(
    "_Columns",
    (
        Column("Table", "s64", key=True),
        Column("Number", "i2", key=True),
        Column("Name", "s64"),
        Column("Type", "i2"),
    ),
)


class _StringPool:
    """Strings by number from 1, with the count of cells that refer to each."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._uses: Counter[str] = Counter()

    def number(self, text: str) -> int:
        self._uses[text] += 1
        return self._numbers.setdefault(text, len(self._numbers) + 1)

    def streams(self) -> tuple[bytes, bytes]:
        pool, data = bytearray(struct.pack("<I", CODE_PAGE)), bytearray()
        for text in self._numbers:
            encoded = text.encode(f"cp{CODE_PAGE}")
            if len(encoded) > 0xFFFF:
                raise ValueError("a string of a package is at most 65,535 bytes here")
            pool += struct.pack("<HH", len(encoded), self._uses[text])
            data += encoded
        return bytes(pool), bytes(data)


def write_tables(tables: Mapping[Table, Sequence[tuple[Cell, ...]]]) -> dict[str, bytes]:
    """Streams, by their encoded names, that hold the tables and what describes them.

    Raises:
        ValueError: a row has the wrong number of cells, or a null where its column allows none.
    """
    pool = _StringPool()
    schema: dict[Table, Sequence[tuple[Cell, ...]]] = {
        _TABLES: [(table.name,) for table in tables],
        _COLUMNS: [
            (table.name, number, column.name, column.bits)
            for table in tables
            for number, column in enumerate(table.columns, 1)
        ],
    }
    streams = {
        streamname.encode_unicode(table.name, True): _encode(table, rows, pool)
        for table, rows in {**schema, **tables}.items()
        if rows
    }
    pool_bytes, data_bytes = pool.streams()
    streams[streamname.encode_unicode("_StringPool", True)] = pool_bytes
    streams[streamname.encode_unicode("_StringData", True)] = data_bytes
    return streams


def _encode(table: Table, rows: Sequence[tuple[Cell, ...]], pool: _StringPool) -> bytes:
    encoded = [
        tuple(_cell(table, column, cell, pool) for column, cell in zip(table.columns, row, strict=True))
        for row in rows
    ]
    keys = [i for i, column in enumerate(table.columns) if column.key]
    encoded.sort(key=lambda row: [row[i] for i in keys])
    forms = ["<I" if column.form[0] in "iI" and column.width == 4 else "<H" for column in table.columns]
    return b"".join(struct.pack(form, row[i]) for i, form in enumerate(forms) for row in encoded)


def _cell(table: Table, column: Column, cell: Cell, pool: _StringPool) -> int:
    if cell is None or cell == "":
        if not column.form[0].isupper():
            raise ValueError(f"{table.name}.{column.name} may not be null")
        return 0
    if isinstance(cell, str):
        return pool.number(cell)
    return cell + (0x8000 if column.width == 2 else 0x80000000)
