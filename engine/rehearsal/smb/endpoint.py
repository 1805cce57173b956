"""The SMB endpoint of one simulated host: sockets, framing and faults."""

from __future__ import annotations

import asyncio
import logging
import socket
import struct
from typing import cast
from uuid import NAMESPACE_DNS, uuid5

from engine.rehearsal.smb.connection import Connection
from engine.rehearsal.smb.header import Malformed
from engine.rehearsal.smb.negotiation import MAXIMUM_TRANSFER
from engine.rehearsal.smb.seam import SmbHost
from engine.rehearsal.smb.state import ServerState
from engine.rehearsal.windows.faults import Fault

log = logging.getLogger(__name__)

_LARGEST_PACKET = MAXIMUM_TRANSFER + 65536  # bytes; room for headers beside the data
_SLOW_SECONDS = 2.0
_GARBAGE = b"\0\0\0\x10this is not SMB!"


class _SmbProtocol(asyncio.Protocol):
    """One TCP connection: packets behind a length of four bytes (MS-SMB2 2.1)."""

    def __init__(self, server: ServerState, transports: set[asyncio.Transport]) -> None:
        self._server = server
        self._transports = transports
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._connection: Connection | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        if self._server.host.has_fault(Fault.REFUSE):
            _reset(self._transport)
            return
        self._transports.add(self._transport)
        self._connection = Connection(self._server)
        stream: socket.socket = transport.get_extra_info("socket")
        # Without it, a client that vanished without a word would keep its files open for ever.
        stream.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 (asyncio names it)
        if self._transport is not None:
            self._transports.discard(self._transport)
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        try:
            while (packet := self._next_packet()) is not None:
                self._handle(packet)
        except Malformed as error:
            log.info("%s: connection closed: %s", self._server.host.name, error)
            self._abort()

    def _next_packet(self) -> bytes | None:
        if len(self._buffer) < 4 or self._connection is None:
            return None
        length = int.from_bytes(self._buffer[:4], "big")
        if length > _LARGEST_PACKET:
            raise Malformed("a packet that is too long")
        if len(self._buffer) < 4 + length:
            return None
        packet = bytes(memoryview(self._buffer)[4 : 4 + length])
        del self._buffer[: 4 + length]
        return packet

    def _handle(self, packet: bytes) -> None:
        has_fault = self._server.host.has_fault
        if self._connection is None or has_fault(Fault.NEVER_ANSWER):
            return
        answer = self._connection.receive(packet)
        if not answer:
            return
        framed = len(answer).to_bytes(4, "big") + answer
        if has_fault(Fault.WRONG_ANSWER):
            self._send(_GARBAGE)
        elif has_fault(Fault.DROP):
            self._send(framed[: len(framed) // 2])
            self._close()
        elif has_fault(Fault.SLOW):
            asyncio.get_running_loop().call_later(_SLOW_SECONDS, self._send, framed)
        else:
            self._send(framed)

    def _send(self, data: bytes) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(data)

    def _close(self) -> None:
        if self._transport is not None:
            self._transport.close()

    def _abort(self) -> None:
        self._buffer.clear()
        if self._transport is not None:
            _reset(self._transport)


def _reset(transport: asyncio.Transport) -> None:
    """Close so that the client sees a reset, not the end of an answer."""
    stream: socket.socket = transport.get_extra_info("socket")
    stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


class SmbEndpoint:
    """The SMB protocol of one host. Everything runs in the loop that listens.

    NTLM passwords come from the file that the environment variable NTLM_USER_FILE names, which is the one
    place where pyspnego's acceptor looks for them.
    """

    def __init__(self, host: SmbHost) -> None:
        self._state = ServerState(host, uuid5(NAMESPACE_DNS, host.name))
        self._transports: set[asyncio.Transport] = set()

    async def listen(self, address: str, port: int) -> asyncio.Server:
        """Listen; port 0 takes a free one. Raises OSError where the port is taken."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(lambda: _SmbProtocol(self._state, self._transports), address, port)

    def cut_connections(self) -> None:
        """Reset every open connection; what clients had open is closed."""
        for transport in list(self._transports):
            _reset(transport)
