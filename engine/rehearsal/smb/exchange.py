"""One request on its way through the server, and its answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from smbprotocol.structure import Structure

from engine.rehearsal.smb.header import Message
from engine.rehearsal.smb.state import RELATED_FILE, ConnectionState, OpenFile, ServerState, Session, Tree
from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.principals import AccessToken


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer: its status and the body behind the header."""

    body: bytes
    status: NtStatus = NtStatus.SUCCESS
    signed: bool = True  # False: a failed logon has no key


def reply(structure: Structure, status: NtStatus = NtStatus.SUCCESS) -> Reply:
    """An answer made of one of smbprotocol's structures."""
    return Reply(structure.pack(), status)


@dataclass(slots=True, eq=False)
class Exchange:
    """A request with what it refers to. Related requests of a compound hand the ids on."""

    server: ServerState
    connection: ConnectionState
    message: Message
    encrypted: bool
    session_id: int
    tree_id: int
    file_id: bytes | None = None  # what the compound opened last

    @property
    def session(self) -> Session:
        """The session, logged on or not.

        Raises:
            NtError: STATUS_USER_SESSION_DELETED.
        """
        session = self.connection.sessions.get(self.session_id)
        if session is None:
            raise NtError(NtStatus.USER_SESSION_DELETED)
        return session

    @property
    def token(self) -> AccessToken:
        """Who the client is.

        Raises:
            NtError: STATUS_USER_SESSION_DELETED, where the logon is not finished.
        """
        token = self.session.token
        if token is None:
            raise NtError(NtStatus.USER_SESSION_DELETED)
        return token

    @property
    def tree(self) -> Tree:
        """The connected share.

        Raises:
            NtError: STATUS_NETWORK_NAME_DELETED.
        """
        tree = self.session.trees.get(self.tree_id)
        if tree is None:
            raise NtError(NtStatus.NETWORK_NAME_DELETED)
        return tree

    def file(self, file_id: bytes) -> OpenFile:
        """The open that a request names, or the one of the compound.

        Raises:
            NtError: STATUS_FILE_CLOSED.
        """
        if file_id == RELATED_FILE and self.file_id is not None:
            file_id = self.file_id
        opened = self.tree.file(file_id)
        self.file_id = file_id
        return opened


Handler = Callable[[Exchange], Reply]
