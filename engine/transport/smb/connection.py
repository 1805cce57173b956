"""One SMB connection of one session: logged on, signed or encrypted, and never shared.

smbclient's process-wide cache of connections is not used: it hands out connections by user name, whatever
the password.
"""

from __future__ import annotations

import selectors
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from socket import socket
from time import monotonic
from typing import Any, Literal, Self

from smbprotocol.connection import Connection, Request
from smbprotocol.exceptions import SMBException
from smbprotocol.header import Commands, NtStatus, Smb2Flags, SMB2HeaderResponse
from smbprotocol.open import (
    CreateDisposition,
    CreateOptions,
    ImpersonationLevel,
    Open,
    ShareAccess,
)
from smbprotocol.session import Session
from smbprotocol.transport import Tcp
from smbprotocol.tree import TreeConnect

from engine.transport.smb.paths import HostPath
from engine.transport.target import Authentication, Credential, Target
from engine.transport.watchdog import Cord, Watchdog

SHARE_ALL = ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE | ShareAccess.FILE_SHARE_DELETE
SHARE_NONE = 0

# Windows has no poll, and its select no limit by number.
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)

_UNSOLICITED = 0xFFFFFFFFFFFFFFFF  # message id of an oplock break notification, MS-SMB2 2.2.23.1
_PROTOCOLS: dict[Authentication, Literal["negotiate", "ntlm", "kerberos"]] = {
    Authentication.BASIC: "ntlm",  # SMB has no Basic
    Authentication.NTLM: "ntlm",
    Authentication.NEGOTIATE: "negotiate",
    Authentication.KERBEROS: "kerberos",
}


class _BoundedTcp(Tcp):
    """Takes no message longer than Direct TCP allows (MS-SMB2 2.1): three bytes of length after a zero.

    The library believes all four bytes, and makes room for 1.2 GB when a web server answers `HTTP`.
    """

    @classmethod
    def over(cls, tcp: Tcp) -> Self:
        """The same connection, with the limit."""
        bounded = cls(tcp.server, tcp.port, tcp.timeout)
        bounded._sock, bounded.connected = tcp._sock, tcp.connected
        return bounded

    def recv(self, timeout: float) -> bytes | None:
        """The next message; nothing where the connection has ended."""
        length, left = self._recv(4, timeout)
        if not length:
            return b""
        size = int.from_bytes(length, "big")
        if size > self.MAX_SIZE:
            raise SMBException("the server sent what is no SMB message")
        return self._recv(size, left)[0]

    def _recv(self, length: int, timeout: float) -> tuple[bytes | None, float]:
        """As the library's, but not by `select`, which cannot watch descriptors from 1024 on."""
        buffer = bytearray()
        while len(buffer) < length:
            started = monotonic()
            with self._close_lock:
                if not self.connected or self._sock is None:
                    return None, timeout
                if not _readable(self._sock, max(timeout, 1)):
                    raise TimeoutError(f"no answer ({len(buffer)} of {length} bytes)")
                try:
                    data = self._sock.recv(length - len(buffer))
                except ConnectionError:
                    data = b""
            timeout -= monotonic() - started
            if not data:
                self.close()
                return None, timeout
            buffer += data
        return bytes(buffer), timeout


def _readable(sock: socket, seconds: float) -> bool:
    with _Selector() as selector:
        selector.register(sock, selectors.EVENT_READ)
        return bool(selector.select(seconds))


class _GuardedConnection(Connection):
    """A connection that the watchdog can cut and that takes no unsigned answer."""

    def __init__(self, address: str, port: int, cord: Cord, silence: float) -> None:
        super().__init__(uuid.uuid4(), address, port, require_signing=True)
        self._cord = cord
        self._silence = silence

    def _process_message_thread(self) -> None:
        # The thread that receives starts here, before anything has been received.
        self.transport = _BoundedTcp.over(self.transport)
        super()._process_message_thread()

    def _send_smb2_negotiate(
        self,
        dialect: int | None,
        timeout: float,
        encryption_algorithms: Sequence[int],
        signing_algorithms: Sequence[int],
    ) -> Any:  # the library's own structure
        # The first call after the socket is connected: from here on the watchdog can end it.
        if self.transport._sock is not None:
            self._cord.hold(self.transport._sock)
        return super()._send_smb2_negotiate(dialect, timeout, encryption_algorithms, signing_algorithms)

    def receive(
        self,
        request: Request,
        wait: bool = True,
        timeout: float | None = None,
        resolve_symlinks: bool = False,  # noqa: ARG002 - the library's signature
    ) -> SMB2HeaderResponse:
        """Wait for an answer, at most `silence` seconds.

        A flush may take as long as the host's disk needs, within the step's deadline. Symbolic links are
        not followed: whoever may write to a share could lead an administrator's write elsewhere.
        """
        limit = min(self._silence, timeout if timeout is not None else self._silence)
        flushes = request.message["command"].get_value() == Commands.SMB2_FLUSH
        if not flushes and not request.response_event.wait(limit):
            raise TimeoutError(f"no answer for {limit:.0f} s")
        return super().receive(request, wait, timeout, resolve_symlinks=False)

    def verify_signature(self, header: SMB2HeaderResponse, session_id: int, force: bool = False) -> None:
        """Check an answer that did not arrive encrypted (MS-SMB2 3.2.5.1.1 and 3.2.5.1.3).

        The library checks signatures that are there and lets answers without one pass.
        """
        session = self.session_table.get(session_id)
        if session is not None and not force and not _is_exempt(header):
            if session.encrypt_data:
                raise SMBException("the server sent an unencrypted answer on an encrypted session")
            if session.signing_required and not header["flags"].has_flag(Smb2Flags.SMB2_FLAGS_SIGNED):
                raise SMBException("the server sent an answer that is not signed")
        super().verify_signature(header, session_id, force)


def _is_exempt(header: SMB2HeaderResponse) -> bool:
    message_id: int = header["message_id"].get_value()
    status: int = header["status"].get_value()
    command: int = header["command"].get_value()
    return (
        message_id == _UNSOLICITED
        or status == NtStatus.STATUS_PENDING
        or command == Commands.SMB2_SESSION_SETUP
    )


class SmbConnection:
    """Opens lazily; after `drop` the next use opens anew, with the credential given again."""

    def __init__(self, target: Target, credential: Callable[[], Credential]) -> None:
        self._target = target
        self._credential = credential
        self.watchdog = Watchdog(Cord())
        self._connection: _GuardedConnection | None = None
        self._session: Session | None = None
        self._trees: dict[str, TreeConnect] = {}

    @property
    def largest_read(self) -> int:
        """Bytes that one read may ask for; 0 before the connection is open."""
        return self._connection.max_read_size if self._connection else 0

    @property
    def largest_write(self) -> int:
        """Bytes that one write may carry; 0 before the connection is open."""
        return self._connection.max_write_size if self._connection else 0

    @contextmanager
    def opened(
        self,
        path: HostPath,
        access: int,
        *,
        disposition: int = CreateDisposition.FILE_OPEN,
        options: int = 0,
        share: int = SHARE_ALL,
    ) -> Iterator[Open]:
        """A handle that is closed when the block is left, whatever happened in it."""
        handle = self.open(path, access, disposition=disposition, options=options, share=share)
        try:
            yield handle
        except BaseException:
            with suppress(Exception):  # the first error is the one to tell
                handle.close()
            raise
        handle.close()

    def open(
        self,
        path: HostPath,
        access: int,
        *,
        disposition: int = CreateDisposition.FILE_OPEN,
        options: int = 0,
        share: int = SHARE_ALL,
    ) -> Open:
        """Open or create (MS-SMB2 2.2.13); the caller closes the handle."""
        handle = Open(self._tree(path.share), path.inner)
        handle.create(ImpersonationLevel.Impersonation, access, 0, share, disposition, options)
        return handle

    def drop(self) -> None:
        """Cut the connection without a farewell; the server closes what was open. Never raises."""
        connection, self._connection, self._session = self._connection, None, None
        self._trees = {}
        self.watchdog.cord.cut()
        if connection is not None:
            with suppress(Exception):
                connection.disconnect(close=False)
        self.watchdog.cord.release()

    def _tree(self, share: str) -> TreeConnect:
        if share not in self._trees:
            tree = TreeConnect(self._logged_on(), rf"\\{self._target.address}\{share}")
            tree.connect()
            self._trees[share] = tree
        return self._trees[share]

    def _logged_on(self) -> Session:
        if self._session is None:
            try:
                self._session = self._log_on(self._credential())
            except BaseException:
                self.drop()  # half a connection would keep its thread and its socket
                raise
        return self._session

    def _log_on(self, credential: Credential) -> Session:
        target = self._target
        connection = _GuardedConnection(
            target.address, target.smb_port, self.watchdog.cord, target.timeouts.read
        )
        self._connection = connection
        connection.connect(timeout=min(target.timeouts.connect, self.watchdog.remaining))
        session = Session(
            connection,
            credential.user,
            credential.password,
            require_encryption=target.smb_encryption,
            auth_protocol=_PROTOCOLS[target.authentication],
        )
        session.connect()
        return session


DIRECTORY = CreateOptions.FILE_DIRECTORY_FILE
FILE = CreateOptions.FILE_NON_DIRECTORY_FILE
