"""Keeping the nodes in an SQLite file, so that a file system is as it was after `kill -9`.

Each change is one transaction. Nothing is forced to the platter: the process may die at any moment,
the controller's power is not what is rehearsed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple
from pathlib import Path
from typing import NamedTuple

from engine.rehearsal.windows.filesystem.node import Node
from engine.rehearsal.windows.security import SecurityDescriptor

_SCHEMA = """
CREATE TABLE IF NOT EXISTS nodes (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    drive TEXT NOT NULL,
    parent INTEGER,
    name TEXT NOT NULL,
    directory INTEGER NOT NULL,
    attributes INTEGER NOT NULL,
    created INTEGER NOT NULL,
    accessed INTEGER NOT NULL,
    written INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    size INTEGER NOT NULL,
    security BLOB NOT NULL,
    unsettled INTEGER NOT NULL DEFAULT 0
)
"""
_COLUMNS = (
    "id, drive, parent, name, directory, attributes, created, accessed, written, changed, size, security"
)

_SELECT = f"SELECT {_COLUMNS}, unsettled FROM nodes ORDER BY id"  # noqa: S608 (constants only)
_PUT = f"INSERT OR REPLACE INTO nodes ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608 (constants only)


class StoredNode(NamedTuple):
    """A row: a node without its relations. `unsettled`: its contents were being written when it was kept."""

    id: int
    drive: str
    parent: int | None
    name: str
    directory: int
    attributes: int
    created: int
    accessed: int
    written: int
    changed: int
    size: int
    security: bytes
    unsettled: int


class Store:
    """The table of nodes. Opened by the first use."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connection: sqlite3.Connection | None = None

    @property
    def _database(self) -> sqlite3.Connection:
        if self._connection is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            # One thread at a time uses a host, but not always the one that prepared it.
            connection = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = OFF")
            connection.execute(_SCHEMA)
            self._connection = connection
        return self._connection

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing of what is done inside; one inside another belongs to the outer one."""
        database = self._database
        if database.in_transaction:
            yield
            return
        database.execute("BEGIN")
        try:
            yield
        except BaseException:
            database.execute("ROLLBACK")
            raise
        database.execute("COMMIT")

    def all(self) -> list[StoredNode]:
        """Every node, by id. A folder may come after what was moved into it."""
        rows = self._database.execute(_SELECT)
        return [StoredNode(*row) for row in rows]

    def next_id(self) -> int:
        """An id that was never given to a node, not even to one that is gone."""
        row = self._database.execute("SELECT seq FROM sqlite_sequence WHERE name = 'nodes'").fetchone()
        return int(row[0]) + 1 if row else 1

    def put(self, node: Node) -> None:
        """Keep a node as it is now; its contents count as settled."""
        parent = node.parent.id if node.parent else None
        values = (node.id, node.drive, parent, node.name, node.is_directory, int(node.attributes))
        self._database.execute(
            _PUT,
            (*values, *astuple(node.times), node.size, node.security.to_bytes()),
        )

    def put_security(self, changed: Iterable[tuple[Node, SecurityDescriptor]]) -> None:
        """Keep new descriptors."""
        self._database.executemany(
            "UPDATE nodes SET security = ? WHERE id = ?",
            [(security.to_bytes(), node.id) for node, security in changed],
        )

    def unsettle(self, node: Node) -> None:
        """The contents are about to change: after a crash their size is to be taken from the disk."""
        self._database.execute("UPDATE nodes SET unsettled = 1 WHERE id = ?", (node.id,))

    def remove(self, node: Node) -> None:
        """Forget a node."""
        self._database.execute("DELETE FROM nodes WHERE id = ?", (node.id,))

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
