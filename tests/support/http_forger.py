"""Somebody on the way to a WinRM endpoint over HTTP, who lets the logon pass and then answers himself."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator

ADDRESS = "127.0.0.1"
SEALED = (
    'multipart/encrypted;protocol="application/HTTP-SPNEGO-session-encrypted";boundary="Encrypted Boundary"'
)
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def answer(status: str, body: bytes = b"", kind: str = "application/soap+xml", more: str = "") -> bytes:
    """An HTTP answer."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n{more}\r\n"
    return head.encode() + body


@contextlib.contextmanager
def forging(server: tuple[str, int], forged: bytes, passed: int = 0) -> Iterator[int]:
    """Answer each encrypted message after the first `passed` with `forged`; gives the port to connect to."""
    with socket.create_server((ADDRESS, 0)) as listener:
        listener.settimeout(0.02)
        stop = threading.Event()
        sockets: list[socket.socket] = []
        threads: list[threading.Thread] = []

        def accept() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    client, _ = listener.accept()
                    client.settimeout(None)
                    upstream = socket.create_connection(server, 5)
                    upstream.settimeout(None)
                    sockets.extend((client, upstream))
                    threads.append(threading.Thread(target=_there, args=(client, upstream, forged, passed)))
                    threads.append(threading.Thread(target=_back, args=(upstream, client)))
                    for thread in threads[-2:]:
                        thread.start()

        acceptor = threading.Thread(target=accept)
        acceptor.start()
        try:
            yield int(listener.getsockname()[1])
        finally:
            stop.set()
            acceptor.join(10)
            for end in sockets:
                _shut(end)
            for thread in threads:
                thread.join(10)
            for end in sockets:
                end.close()


def _there(client: socket.socket, upstream: socket.socket, forged: bytes, passed: int) -> None:
    encrypted = 0
    with contextlib.suppress(OSError):
        while request := _request(client):
            encrypted += b"multipart/encrypted" in request
            if encrypted > passed:
                client.sendall(forged)
            else:
                upstream.sendall(request)
    _shut(upstream)


def _back(upstream: socket.socket, client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := upstream.recv(65536):
            client.sendall(data)
    _shut(client)


def _request(client: socket.socket) -> bytes:
    """One whole request, or nothing where the connection has ended."""
    data = b""
    while True:
        head, end, body = data.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if end and len(body) >= (int(length.group(1)) if length else 0):
            return data
        piece = client.recv(65536)
        if not piece:
            return b""
        data += piece


def _shut(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
