"""Where hosts listen: a loopback address each, and ports that were free when the fleet started."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Awaitable, Callable, Mapping
from ipaddress import IPv4Address

WINRM_HTTP, WINRM_HTTPS, SMB = "winrm_http", "winrm_https", "smb"

_FIRST_ADDRESS = int(IPv4Address("127.10.0.1"))
_HOSTS_PER_NET = 254
_FIRST_PORTS: Mapping[str, int] = {WINRM_HTTP: 15985, WINRM_HTTPS: 15986, SMB: 14450}
_PORT_STEP = 10
_PORT_ATTEMPTS = 500

# Starts one protocol of one host at an address and port. Raises OSError.
Opener = Callable[[str, int], Awaitable[asyncio.Server]]


class NoFreePort(Exception):
    """Every port that was tried at an address is taken."""


def address_of(index: int) -> str:
    """The loopback address of the n-th host of a fleet; the first, n = 0, has 127.10.0.1."""
    net, host = divmod(index, _HOSTS_PER_NET)
    return str(IPv4Address(_FIRST_ADDRESS + net * 256 + host))


class Listeners:
    """The listening sockets of one host: closed and opened again, they keep their ports."""

    def __init__(self, address: str, openers: Mapping[str, Opener], cut: Callable[[], None]) -> None:
        """`cut` resets the connections that are open."""
        self.address = address
        self.cut_connections = cut
        self._openers = openers
        self._ports: dict[str, int] = {}
        self._servers: list[asyncio.Server] = []

    @property
    def ports(self) -> Mapping[str, int]:
        """The port of each protocol, once opened."""
        return self._ports

    async def open(self) -> None:
        """Listen. Raises NoFreePort, or OSError where the former port is taken meanwhile."""
        for name, opener in self._openers.items():
            port = self._ports.get(name)
            if port is None:
                server = await self._open_free(name, opener)
            else:
                server = await opener(self.address, port)
            self._servers.append(server)

    async def _open_free(self, name: str, opener: Opener) -> asyncio.Server:
        first = _FIRST_PORTS[name]
        for port in range(first, first + _PORT_ATTEMPTS * _PORT_STEP, _PORT_STEP):
            try:
                server = await opener(self.address, port)
            except OSError as error:
                if error.errno != errno.EADDRINUSE:
                    raise
            else:
                self._ports[name] = port
                return server
        raise NoFreePort(f"no free port for {name} at {self.address}")

    def close(self) -> None:
        """Stop listening; connections that are open stay."""
        for server in self._servers:
            server.close()
        self._servers.clear()
