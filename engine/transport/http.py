"""The HTTP side of WinRM, the same for pypsrp and pywinrm: one connection that the watchdog can cut."""

from __future__ import annotations

import socket
from typing import Any

import requests
from pypsrp.negotiate import HTTPNegotiateAuth
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from engine.transport.refusals import InsecureAnswer, OversizedAnswer
from engine.transport.target import Authentication, Credential, Scheme, Target, Timeouts
from engine.transport.watchdog import Cord, Watchdog

_LONGEST_ANSWER = 16 * 1024 * 1024  # bytes; the largest envelope that WinRM can be set to is 8 MiB


class HostSilent(TimeoutError):
    """No answer within the time limit. Not requests' own error, on which pypsrp asks again five times."""


class NoConnection(TimeoutError):
    """Not even a connection within the time limit."""


class ConnectionReplaced(ConnectionResetError):
    """The host closed the connection that message encryption was set up on."""


def build_session(target: Target, auth: AuthBase, watchdog: Watchdog) -> requests.Session:
    """A requests session for one conversation with one host; nothing of it comes from the environment."""
    session = requests.Session()
    prepare_session(session, target, watchdog)
    session.auth = auth
    return session


def prepare_session(session: requests.Session, target: Target, watchdog: Watchdog) -> None:
    """Give a session the target's trust and limits in place of proxies and settings of the environment."""
    session.trust_env = False
    session.proxies = {}
    session.verify = target.ca_file or True
    encrypted = target.scheme is Scheme.HTTP and target.authentication is not Authentication.BASIC
    adapter = _GuardedAdapter(watchdog, target.timeouts, encrypted=encrypted)
    session.mount("https://", adapter)
    session.mount("http://", adapter)


def authentication(target: Target, credential: Credential) -> AuthBase:
    """The way of logging on that the target is configured for."""
    if target.authentication is Authentication.BASIC:
        # As bytes: requests would fail on what Latin-1 does not have. UTF-8 is RFC 7617's answer.
        return HTTPBasicAuth(credential.user.encode(), credential.password.encode())
    return WrappingAuth(
        username=credential.user,
        password=credential.password,
        auth_provider=str(target.authentication),
        wrap_required=target.scheme is Scheme.HTTP,
    )


class WrappingAuth(HTTPNegotiateAuth):
    """Negotiate, NTLM or Kerberos, with message encryption in the form in which pywinrm asks for it."""

    def wrap_winrm(self, host: str, message: bytes) -> tuple[bytes, bytes]:
        """Encrypt one message; gives it with its signature."""
        sealed = self.contexts[host].wrap_winrm(message)
        return sealed.data, sealed.header

    def unwrap_winrm(self, host: str, message: bytes, signature: bytes) -> bytes:
        """Decrypt one message and check its signature."""
        plain: bytes = self.contexts[host].unwrap_winrm(signature, message)
        return plain


class _GuardedAdapter(HTTPAdapter):
    """Applies connect and read limits within the step's deadline, and lets no plain answer pass."""

    def __init__(self, watchdog: Watchdog, timeouts: Timeouts, *, encrypted: bool) -> None:
        self._watchdog = watchdog
        self._timeouts = timeouts
        self._encrypted = encrypted
        self._established = False  # message encryption is bound to the connection that is open now
        super().__init__(pool_connections=1, pool_maxsize=1, max_retries=0)

    def init_poolmanager(
        self,
        connections: int,
        maxsize: int,
        block: bool = False,
        **pool_kwargs: Any,  # requests' signature
    ) -> None:
        super().init_poolmanager(connections, maxsize, block, **pool_kwargs)
        self.poolmanager.pool_classes_by_scheme = _pools(self._watchdog.cord)

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,
        timeout: float | tuple[float | None, float | None] | None = None,  # noqa: ARG002 - ours count
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        remaining = max(0.001, self._watchdog.remaining)
        limits = (min(self._timeouts.connect, remaining), min(self._timeouts.read, remaining))
        opened = self._watchdog.cord.held
        try:
            response = super().send(request, stream, limits, verify, cert, proxies)
        except requests.ConnectTimeout:
            raise NoConnection from None
        except requests.ReadTimeout:
            raise HostSilent from None
        if int(response.headers.get("Content-Length", "0")) > _LONGEST_ANSWER:
            response.close()
            raise OversizedAnswer("the answer is far longer than WinRM ever sends")
        if self._encrypted:
            self._check(response, replaced=self._watchdog.cord.held != opened)
        return response

    def _check(self, response: requests.Response, *, replaced: bool) -> None:
        if self._established and replaced:
            raise ConnectionReplaced
        if response.status_code != requests.codes.ok:
            return
        self._established = True
        plain = not response.headers.get("Content-Type", "").startswith("multipart/encrypted")
        if plain and response.headers.get("Content-Length") != "0":
            raise InsecureAnswer(
                "the answer is not encrypted, so it is not from the service that was logged on to"
            )

    def close(self) -> None:
        super().close()
        self._watchdog.cord.release()


def _pools(cord: Cord) -> dict[str, type[HTTPConnectionPool]]:
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
