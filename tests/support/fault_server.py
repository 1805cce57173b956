"""A server on a loopback address that misbehaves in one chosen way, on a bare socket."""

from __future__ import annotations

import contextlib
import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator

ADDRESS = "127.0.0.1"
Behaviour = Callable[[socket.socket, threading.Event], None]

_HTML = b"<html><head><title>Web filter</title></head><body><p>This page was blocked.<br></body></html>"


def _response(
    body: bytes, *, status: str = "200 OK", kind: str = "application/soap+xml", length: int = -1
) -> bytes:
    size = len(body) if length < 0 else length
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {size}\r\n\r\n"
    return head.encode() + body


def silence(_client: socket.socket, stop: threading.Event) -> None:
    """Take the request and never answer."""
    stop.wait(30)


def drips(client: socket.socket, stop: threading.Event) -> None:
    """Answer a byte at a time, fast enough that no read ever times out."""
    with contextlib.suppress(OSError):
        for byte in _response(b"x" * 10_000):
            client.sendall(bytes([byte]))
            if stop.wait(0.1):
                return


def html_page(client: socket.socket, _stop: threading.Event) -> None:
    """A web filter's page in place of the service."""
    client.sendall(_response(_HTML, kind="text/html"))


def malformed_xml(client: socket.socket, _stop: threading.Event) -> None:
    """What looks like an answer and is no XML."""
    client.sendall(_response(b"<s:Envelope><unclosed>"))


def cut_in_mid_answer(client: socket.socket, _stop: threading.Event) -> None:
    """Promise more than is sent."""
    client.sendall(_response(b"<s:Envelope", length=5000))


def vast_answer(client: socket.socket, _stop: threading.Event) -> None:
    """Announce a gigabyte."""
    client.sendall(_response(b"<s:Envelope", length=1_000_000_000))


def hang_up(_client: socket.socket, _stop: threading.Event) -> None:
    """Close without a word."""


def unavailable(client: socket.socket, _stop: threading.Event) -> None:
    """The service is starting."""
    client.sendall(_response(b"", status="503 Service Unavailable"))


def not_found(client: socket.socket, _stop: threading.Event) -> None:
    """Another web server listens on the port."""
    client.sendall(_response(_HTML, status="404 Not Found", kind="text/html"))


def garbage(client: socket.socket, _stop: threading.Event) -> None:
    """Neither HTTP nor SMB."""
    client.sendall(b"\x00\x00\x00\x10SSH-2.0-dropbear\r\n")


@contextlib.contextmanager
def serving(behaviour: Behaviour, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Serve until the block is left; gives the port. Each connection is read once, then misused."""
    stop = threading.Event()
    listener = socket.create_server((ADDRESS, 0))
    listener.settimeout(0.02)
    handlers: list[threading.Thread] = []

    def accept() -> None:
        while not stop.is_set():
            with contextlib.suppress(TimeoutError):
                client, _ = listener.accept()
                handler = threading.Thread(target=_handle, args=(client, tls, behaviour, stop))
                handler.start()
                handlers.append(handler)

    acceptor = threading.Thread(target=accept)
    acceptor.start()
    try:
        yield int(listener.getsockname()[1])
    finally:
        stop.set()
        acceptor.join(10)
        for handler in handlers:
            handler.join(10)
        listener.close()


def _handle(
    client: socket.socket, tls: ssl.SSLContext | None, behaviour: Behaviour, stop: threading.Event
) -> None:
    client.settimeout(10)
    with contextlib.suppress(OSError), contextlib.ExitStack() as stack:
        stack.callback(client.close)
        if tls is not None:
            client = stack.enter_context(tls.wrap_socket(client, server_side=True))
        _read_request(client)
        behaviour(client, stop)
        # Closing with something unread would reset the connection and take the answer with it.
        client.settimeout(0.2)
        if tls is None:
            client.shutdown(socket.SHUT_WR)
        while client.recv(65536):
            pass


def _read_request(client: socket.socket) -> None:
    """All of an HTTP request, or the first message of another protocol."""
    data = client.recv(65536)
    while data.startswith(b"POST"):
        head, _, body = data.partition(b"\r\n\r\n")
        length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
        if b"\r\n\r\n" in data and (length is None or len(body) >= int(length.group(1))):
            return
        data += client.recv(65536)


@contextlib.contextmanager
def black_hole() -> Iterator[int]:
    """A port whose backlog is full: connecting to it is neither refused nor done."""
    with contextlib.ExitStack() as stack:
        listener = stack.enter_context(socket.socket())
        listener.bind((ADDRESS, 0))
        listener.listen(0)
        port = int(listener.getsockname()[1])
        for _ in range(4):
            filler = stack.enter_context(socket.socket())
            filler.setblocking(False)
            filler.connect_ex((ADDRESS, port))
        yield port
