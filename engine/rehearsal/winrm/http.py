"""An HTTP/1.1 server for one host: one object per connection, which NTLM's state belongs to."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from typing import Protocol

import httptools

log = logging.getLogger(__name__)

# HTTP.sys takes 16 KB of headers (Microsoft's documentation of MaxRequestBytes).
MAX_HEADER_BYTES = 16_384
# The largest envelope (500 KB) and what message encryption adds to it.
MAX_BODY_BYTES = 512_000 + 4_096
# HTTP.sys closes a connection that is idle for two minutes.
IDLE_SECONDS = 120.0

_REASONS = {
    200: "",
    400: "Bad Request",
    401: "",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Request Entity Too Large",
    431: "Request Header Fields Too Large",
    500: "",
    503: "Service Unavailable",
}


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """A complete request; header names are in lower case, the last one of a name counts.

    `keep_alive`: the client wants to send more over the connection.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes
    keep_alive: bool = True


@dataclass(frozen=True, slots=True)
class HttpResponse:
    """What to answer. `Content-Length`, `Server` and `Date` are added when it is sent."""

    status: int
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()
    close: bool = False

    def to_bytes(self) -> bytes:
        """The response as it goes over the wire, with the headers that HTTP.sys adds."""
        head = [f"HTTP/1.1 {self.status} {_REASONS.get(self.status, '')}"]
        head += [f"{name}: {value}" for name, value in self.headers]
        head += ["Server: Microsoft-HTTPAPI/2.0", f"Date: {formatdate(usegmt=True)}"]
        if self.close:
            head.append("Connection: close")
        head.append(f"Content-Length: {len(self.body)}")
        return "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + self.body


@dataclass(frozen=True, slots=True)
class Delivery:
    """How answers leave: faults of the network are played here.

    `delay` seconds before the first byte; `drip` sends that many bytes a time with a pause between;
    `cut` breaks the connection in the middle of the answer; `silent` never answers.
    """

    delay: float = 0.0
    drip: int = 0
    cut: bool = False
    silent: bool = False


class ConnectionHandler(Protocol):
    """Answers the requests of one connection, in order."""

    async def handle(self, request: HttpRequest) -> HttpResponse: ...

    def delivery(self) -> Delivery:
        """How the next answer is delivered."""
        ...


HandlerFactory = Callable[[asyncio.Transport], ConnectionHandler]

_DRIP_PAUSE = 0.25  # seconds


@dataclass(slots=True)
class _Incoming:
    target: bytearray = field(default_factory=bytearray)
    headers: dict[str, str] = field(default_factory=dict)
    header_bytes: int = 0
    body: bytearray = field(default_factory=bytearray)


class _Refused(Exception):
    """The request breaks a limit; answered with this status and the connection is closed."""

    def __init__(self, status: int) -> None:
        super().__init__(str(status))
        self.status = status


class HttpConnection(asyncio.Protocol):
    """One TCP connection. Requests that arrive while one is being answered wait in order."""

    def __init__(self, new_handler: HandlerFactory, open_connections: set[HttpConnection]) -> None:
        self._new_handler = new_handler
        self._open = open_connections
        self._parser = httptools.HttpRequestParser(self)
        self._incoming = _Incoming()
        self._waiting: list[HttpRequest] = []
        self._answering: asyncio.Task[None] | None = None
        self._idle: asyncio.TimerHandle | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    # asyncio.Protocol

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if not isinstance(transport, asyncio.Transport):
            raise TypeError(f"a stream transport is needed, not {type(transport).__name__}")
        self._transport = transport
        self._handler = self._new_handler(transport)
        self._open.add(self)
        self._watch_idle()

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio's signature)
        self._open.discard(self)
        if self._idle is not None:
            self._idle.cancel()
        if self._answering is not None:
            self._answering.cancel()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserCallbackError as error:
            status = error.__context__.status if isinstance(error.__context__, _Refused) else 400
            self._refuse(status)
        except (httptools.HttpParserError, httptools.HttpParserUpgrade):
            self._refuse(400)

    # httptools' callbacks

    def on_message_begin(self) -> None:
        self._incoming = _Incoming()

    def on_url(self, url: bytes) -> None:
        self._count_header_bytes(len(url))
        self._incoming.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        self._count_header_bytes(len(name) + len(value))
        self._incoming.headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_headers_complete(self) -> None:
        headers = self._incoming.headers
        length = headers.get("content-length", "0")
        if not length.isdecimal():
            raise _Refused(400)
        if int(length) > MAX_BODY_BYTES:
            raise _Refused(413)
        if headers.get("expect", "").lower() == "100-continue":
            self._transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")

    def on_body(self, body: bytes) -> None:
        self._incoming.body += body
        if len(self._incoming.body) > MAX_BODY_BYTES:
            raise _Refused(413)

    def on_message_complete(self) -> None:
        incoming = self._incoming
        self._waiting.append(
            HttpRequest(
                method=self._parser.get_method().decode("ascii"),
                target=incoming.target.decode("latin-1"),
                headers=incoming.headers,
                body=bytes(incoming.body),
                keep_alive=self._parser.should_keep_alive(),
            )
        )
        if self._answering is None:
            self._answering = asyncio.get_running_loop().create_task(self._answer())
        else:
            self._transport.pause_reading()

    # answers

    async def _answer(self) -> None:
        try:
            while self._waiting and not self._transport.is_closing():
                request = self._waiting.pop(0)
                response = await self._handle(request)
                await self._deliver(response)
                if response.close or not request.keep_alive:
                    self._transport.close()
                    return
        finally:
            self._answering = None
        self._transport.resume_reading()
        self._watch_idle()

    async def _handle(self, request: HttpRequest) -> HttpResponse:
        try:
            return await self._handler.handle(request)
        except Exception:  # the client must not be left without an answer
            log.exception("a request could not be answered")
            return HttpResponse(500, close=True)

    async def _deliver(self, response: HttpResponse) -> None:
        delivery = self._handler.delivery()
        data = response.to_bytes()
        if delivery.silent:
            await asyncio.Event().wait()
        if delivery.delay:
            await asyncio.sleep(delivery.delay)
        if delivery.cut:
            kept = len(data) - len(response.body) // 2 if len(response.body) > 1 else len(b"HTTP/1.1")
            self._transport.write(data[:kept])
            self._transport.close()
        elif delivery.drip:
            for at in range(0, len(data), delivery.drip):
                self._transport.write(data[at : at + delivery.drip])
                await asyncio.sleep(_DRIP_PAUSE)
        else:
            self._transport.write(data)
            await self._writable.wait()

    def _refuse(self, status: int) -> None:
        self._transport.write(HttpResponse(status, close=True).to_bytes())
        self._transport.close()

    def _count_header_bytes(self, count: int) -> None:
        self._incoming.header_bytes += count
        if self._incoming.header_bytes > MAX_HEADER_BYTES:
            raise _Refused(431)

    # life

    def _watch_idle(self) -> None:
        if self._idle is not None:
            self._idle.cancel()
        self._idle = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._close_if_idle)

    def _close_if_idle(self) -> None:
        if self._answering is None:
            self._transport.close()

    def abort(self) -> None:
        """Cut the connection at once, with a reset."""
        reset(self._transport)


def reset(transport: asyncio.Transport) -> None:
    """Close a connection with a TCP reset, as a port does that refuses to talk."""
    raw = transport.get_extra_info("socket")
    if raw is not None:
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()
