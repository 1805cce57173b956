"""What the server remembers: connections' sessions, their trees and open files (MS-SMB2 3.3.1)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from uuid import UUID

from spnego import ContextProxy

from engine.rehearsal.smb.crypto import SessionKeys
from engine.rehearsal.smb.negotiation import Agreement
from engine.rehearsal.smb.seam import SmbHost
from engine.rehearsal.windows.filesystem import Handle, Node, NtError, NtStatus
from engine.rehearsal.windows.filesystem.listing import Listing
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.shares import Share

RELATED_FILE = b"\xff" * 16  # the file that the message before in the same compound opened


@dataclass(slots=True, eq=False)
class OpenFile:
    """An open of a client's. `id` is the wire form of its FileId."""

    id: bytes
    handle: Handle
    listing: Listing
    position: int = 0  # only kept for the client (FilePositionInformation)
    mode: int = 0


@dataclass(slots=True, eq=False)
class Tree:
    """A client's connection to a share. `access` is the most that it allows; pipes have no root."""

    id: int
    share: Share
    access: int
    root: Node | None
    opens: dict[bytes, OpenFile] = field(default_factory=dict)

    def close(self) -> None:
        """Close everything that is open in it."""
        for opened in list(self.opens.values()):
            opened.handle.close()
        self.opens.clear()

    def file(self, file_id: bytes) -> OpenFile:
        """The open of this id.

        Raises:
            NtError: STATUS_FILE_CLOSED.
        """
        opened = self.opens.get(file_id)
        if opened is None:
            raise NtError(NtStatus.FILE_CLOSED)
        return opened


@dataclass(slots=True, eq=False)
class Session:
    """A client's session. It has keys and a token once the logon succeeded."""

    id: int
    preauth: bytes
    context: ContextProxy | None = None  # the logon that is going on
    keys: SessionKeys | None = None
    token: AccessToken | None = None
    trees: dict[int, Tree] = field(default_factory=dict)

    def close(self) -> None:
        """Disconnect all trees."""
        for tree in self.trees.values():
            tree.close()
        self.trees.clear()


@dataclass(slots=True, eq=False)
class ConnectionState:
    """One TCP connection. Before the negotiation there is no agreement."""

    agreement: Agreement | None = None
    preauth: bytes = bytes(64)
    sessions: dict[int, Session] = field(default_factory=dict)

    def close(self) -> None:
        """The client is gone: everything that it had open is closed."""
        for session in self.sessions.values():
            session.close()
        self.sessions.clear()


@dataclass(slots=True, eq=False)
class ServerState:
    """What all connections to a host share."""

    host: SmbHost
    guid: UUID
    connections: list[ConnectionState] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def next_session_id(self) -> int:
        """An id that no session had before."""
        return 0x1000_0000_0000 | next(self._numbers)

    def next_tree_id(self) -> int:
        """An id that no tree had before."""
        return next(self._numbers) & 0x7FFFFFFF

    def next_file_id(self) -> bytes:
        """A FileId that no open had before: its persistent and volatile parts are the same number."""
        number = next(self._numbers)
        return struct.pack("<QQ", number, number)

    def users_of(self, share: Share) -> int:
        """How many trees are connected to a share."""
        return sum(
            tree.share.name == share.name
            for connection in self.connections
            for session in connection.sessions.values()
            for tree in session.trees.values()
        )

    def drop_session(self, session_id: int, token: AccessToken) -> None:
        """End a session that its client lost with an earlier connection (MS-SMB2 3.3.5.5.3)."""
        for connection in self.connections:
            session = connection.sessions.get(session_id)
            if session is not None and session.token is not None and session.token.user_sid == token.user_sid:
                session.close()
                del connection.sessions[session_id]
