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
from smbprotocol.exceptions import SMBException, SMBResponseException
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

from engine.transport.refusals import InsecureAnswer
from engine.transport.smb.paths import OnShare
from engine.transport.target import Authentication, Credential, Target
from engine.transport.watchdog import Cord, Watchdog

SHARE_ALL = ShareAccess.FILE_SHARE_READ | ShareAccess.FILE_SHARE_WRITE | ShareAccess.FILE_SHARE_DELETE
SHARE_NONE = 0

# Windows has no poll, and its select no limit by number.
_Selector: type[selectors.BaseSelector] = getattr(selectors, "PollSelector", selectors.SelectSelector)

# Sent before there are keys. The end of the logon is signed with the new ones: see `verify_logon`.
_BEFORE_KEYS = frozenset({Commands.SMB2_NEGOTIATE, Commands.SMB2_SESSION_SETUP})
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
    """A connection that the watchdog can cut and that takes no forged answer."""

    def __init__(self, address: str, port: int, cord: Cord, silence: float) -> None:
        super().__init__(uuid.uuid4(), address, port, require_signing=True)
        self._cord = cord
        self._silence = silence
        self._last_setup: SMB2HeaderResponse | None = None  # the last answer to SESSION_SETUP

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

        Raises:
            InsecureAnswer: the answer is to another command than the request's.
        """
        limit = min(self._silence, timeout if timeout is not None else self._silence)
        flushes = request.message["command"].get_value() == Commands.SMB2_FLUSH
        if not flushes and not request.response_event.wait(limit):
            raise TimeoutError(f"no answer for {limit:.0f} s")
        try:
            answer: SMB2HeaderResponse = super().receive(request, wait, timeout, resolve_symlinks=False)
        except SMBResponseException as error:
            _check_command(request, error.header)
            raise
        _check_command(request, answer)
        return answer

    def verify_signature(self, header: SMB2HeaderResponse, session_id: int, force: bool = False) -> None:
        """Check an answer that did not arrive encrypted (MS-SMB2 3.2.5.1.1 and 3.2.5.1.3).

        The library checks signatures that are there, lets answers without one pass, and believes the answer
        which command and which session it belongs to. Here the request that is answered decides all three.
        The library calls this for outstanding requests only; what answers none ends the connection.

        Raises:
            InsecureAnswer: it is not protected as the request's session or share demands.
            SMBException: its signature is wrong.
        """
        if force:
            super().verify_signature(header, session_id, force=True)
            return
        request = self.outstanding_requests[header["message_id"].get_value()]
        _check_command(request, header)
        if request.message["command"].get_value() in _BEFORE_KEYS:
            if request.message["command"].get_value() == Commands.SMB2_SESSION_SETUP:
                self._last_setup = header
            return
        session = self.session_table.get(request.session_id)
        if session is None:
            raise InsecureAnswer("the server sent an answer outside of any session")
        if _encrypts(session, request):
            raise InsecureAnswer("the server sent an answer in the clear on an encrypted session")
        if _is_interim(header):
            return  # says only that the answer takes longer; servers do not sign it (MS-SMB2 3.3.4.1.1)
        if not header["flags"].has_flag(Smb2Flags.SMB2_FLAGS_SIGNED):
            raise InsecureAnswer("the server sent an answer that is not signed")
        super().verify_signature(header, request.session_id, force=True)

    def verify_logon(self, session: Session) -> None:
        """Check the signature of the answer that ended the logon (MS-SMB2 3.2.5.3.1).

        The library does so only where the session goes on without encryption.

        Raises:
            InsecureAnswer: it is not signed.
            SMBException: its signature is wrong.
        """
        if self._last_setup is None or not self._last_setup["flags"].has_flag(Smb2Flags.SMB2_FLAGS_SIGNED):
            raise InsecureAnswer("the server did not sign the end of the logon")
        super().verify_signature(self._last_setup, session.session_id, force=True)


def _check_command(request: Request, header: SMB2HeaderResponse) -> None:
    if header["command"].get_value() != request.message["command"].get_value():
        raise InsecureAnswer("the server answered another command than was sent")


def _encrypts(session: Session, request: Request) -> bool:
    tree = session.tree_connect_table.get(request.message["tree_id"].get_value())
    return bool(session.encrypt_data or (tree is not None and tree.encrypt_data))


def _is_interim(header: SMB2HeaderResponse) -> bool:
    asynchronous: bool = header["flags"].has_flag(Smb2Flags.SMB2_FLAGS_ASYNC_COMMAND)
    return asynchronous and header["status"].get_value() == NtStatus.STATUS_PENDING


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
        path: OnShare,
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
        path: OnShare,
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
        connection.verify_logon(session)
        return session


DIRECTORY = CreateOptions.FILE_DIRECTORY_FILE
FILE = CreateOptions.FILE_NON_DIRECTORY_FILE
