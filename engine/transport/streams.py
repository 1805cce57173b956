"""HTTP connections that the watchdog can cut, and bodies that are read as they come."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import Any

import requests
import urllib3.exceptions
from requests.adapters import HTTPAdapter
from urllib3 import ProxyManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.response import BaseHTTPResponse

from engine.transport.watchdog import Cord, Watchdog

_PIECE = 64 * 1024  # bytes


class HostSilent(TimeoutError):
    """No answer within the time limit. Not requests' own error, on which pypsrp asks again five times."""


def raw_pieces(raw: BaseHTTPResponse) -> Iterator[bytes]:
    """The body's bytes as they were sent: nothing is decompressed.

    Raises:
        HostSilent: it stopped coming.
        requests.RequestException: the connection was lost in the middle of it.
    """
    try:
        # Not `stream`: it would read the length of a chunk without a limit.
        while piece := raw.read(_PIECE, decode_content=False):
            yield piece
    except urllib3.exceptions.ReadTimeoutError:
        raise HostSilent from None
    except urllib3.exceptions.SSLError as error:
        raise requests.exceptions.SSLError(error) from None
    except urllib3.exceptions.HTTPError as error:
        raise requests.exceptions.ChunkedEncodingError(error) from None


def guarded_pools(cord: Cord) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pools, with connections that hand their socket to the cord before anything is sent."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            connection = super()._new_conn()
            cord.hold(connection)
            return connection

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            connection = super()._new_conn()
            cord.hold(connection)
            return connection

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    return {"http": PlainPool, "https": SecurePool}


class GuardedAdapter(HTTPAdapter):
    """One connection at a time that the watchdog can cut, through a proxy as well; nothing is tried again."""

    def __init__(self, watchdog: Watchdog) -> None:
        self._watchdog = watchdog
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **pool_kwargs: Any,  # requests' signature
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = guarded_pools(self._watchdog.cord)

    def proxy_manager_for(self, proxy: str, **proxy_kwargs: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(proxy, **proxy_kwargs)
        if type(manager) is ProxyManager:  # one for SOCKS has connections of its own
            manager.pool_classes_by_scheme = guarded_pools(self._watchdog.cord)
        return manager
