"""Somebody on the way to an SMB server who has no keys, and answers one request in the server's place."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

ADDRESS = "127.0.0.1"
_HEADER = struct.Struct("<4sHHIHHIIQIIQ16s")  # MS-SMB2 2.2.1.2
_SMB2 = b"\xfeSMB"
_ERROR_BODY = struct.pack("<HBBI", 9, 0, 0, 0) + b"\0"  # MS-SMB2 2.2.2
_LOGON = 3  # messages: NEGOTIATE and twice SESSION_SETUP, of one credit each as all that a small file needs

SESSION_SETUP, NO_SUCH_FILE, SUCCESS, PENDING = 1, 0xC0000034, 0, 0x103
IS_ANSWER, ASYNCHRONOUS, SIGNED = 1, 2, 8  # flags


@dataclass(frozen=True)
class Forgery:
    """What the answer says. Without a command it is the request's own, as far as that can be seen."""

    command: int | None
    status: int
    flags: int = IS_ANSWER
    session: bool = False  # whether it names the session
    instead: bool = True  # whether the request is kept from the server
    body: bytes = _ERROR_BODY

    def message(self, request: bytes, message_id: int) -> bytes:
        """The answer to a request; an encrypted one shows its session only, its id is guessed."""
        command, session = 5, int.from_bytes(request[44:52], "little")
        if request[:4] == _SMB2:
            command, session = request[12], int.from_bytes(request[40:48], "little")
            message_id = int.from_bytes(request[24:32], "little")
        head = _HEADER.pack(
            _SMB2,
            64,
            1,
            self.status,
            command if self.command is None else self.command,
            33,
            self.flags,
            0,
            message_id,
            0,
            0,
            session if self.session else 0,
            b"\x01" * 16 if self.flags & SIGNED else b"",
        )
        return head + self.body


@dataclass
class Forger:
    """Forges the answer to one request of the first connection, counted from the one after the logon."""

    port: int
    forgery: Forgery
    which: int
    reached: bool = False
    sockets: list[socket.socket] = field(default_factory=list)

    def carry(self, client: socket.socket, server: tuple[str, int]) -> None:
        """Carry one connection's messages to and fro until it ends."""
        upstream = socket.create_connection(server, 5)
        upstream.settimeout(None)
        self.sockets += [client, upstream]
        back = threading.Thread(target=self._back, args=(upstream, client))
        back.start()
        count = 0
        with contextlib.suppress(OSError, EOFError):
            while True:
                message = _message(client)
                if count == _LOGON + self.which and not self.reached:
                    self.reached = True
                    _send(client, self.forgery.message(message, count))
                    count += 1
                    if self.forgery.instead:
                        continue
                else:
                    count += 1
                _send(upstream, message)
        _shut(upstream)
        back.join(10)
        client.close()
        upstream.close()

    def _back(self, upstream: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError, EOFError):
            while True:
                _send(client, _message(upstream))
        _shut(client)


@contextlib.contextmanager
def forging(server: tuple[str, int], forgery: Forgery, which: int) -> Iterator[Forger]:
    """Stand before the server until the block is left."""
    with socket.create_server((ADDRESS, 0)) as listener:
        listener.settimeout(0.02)
        forger = Forger(int(listener.getsockname()[1]), forgery, which)
        stop = threading.Event()
        carriers: list[threading.Thread] = []

        def accept() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    client, _ = listener.accept()
                    client.settimeout(None)
                    carriers.append(threading.Thread(target=forger.carry, args=(client, server)))
                    carriers[-1].start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield forger
        finally:
            stop.set()
            acceptor.join(10)
            for end in forger.sockets:
                _shut(end)
            for carrier in carriers:
                carrier.join(10)


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)


def _message(source: socket.socket) -> bytes:
    return _exactly(source, int.from_bytes(_exactly(source, 4), "big"))


def _exactly(source: socket.socket, size: int) -> bytes:
    data = b""
    while len(data) < size:
        piece = source.recv(size - len(data))
        if not piece:
            raise EOFError
        data += piece
    return data


def _send(target: socket.socket, message: bytes) -> None:
    target.sendall(len(message).to_bytes(4, "big") + message)
