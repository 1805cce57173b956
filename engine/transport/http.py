"""The HTTP side of WinRM, the same for pypsrp and pywinrm: one connection that the watchdog can cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from http import HTTPStatus

import requests
from pypsrp.negotiate import HTTPNegotiateAuth
from requests.auth import AuthBase, HTTPBasicAuth
from urllib3.response import BaseHTTPResponse

from engine.transport.refusals import InsecureAnswer, OversizedAnswer
from engine.transport.streams import GuardedAdapter, HostSilent, raw_pieces
from engine.transport.target import Authentication, Credential, Scheme, Target, Timeouts
from engine.transport.watchdog import Watchdog

_LONGEST_ANSWER = 16 * 1024 * 1024  # bytes; the largest envelope that WinRM can be set to is 8 MiB
_MOST_OF_A_STEP = 256 * 1024 * 1024  # bytes; what a program prints in hours, or thousands of answers
# MS-WSMV 2.2.9.1, as the libraries read it: whatever else they are given they take for plain text.
_SEALED = re.compile(
    r'multipart/encrypted; ?protocol="(application/HTTP-[A-Za-z]+-session-encrypted)"'
    r'; ?boundary="Encrypted Boundary"'
)
_IN_THE_CLEAR = "the answer is not encrypted, so it is not from the service that was logged on to"
_OVERSIZED = "the answer is far longer than WinRM ever sends"


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
    session.max_redirects = 0
    session.headers["Accept-Encoding"] = "identity"
    session.verify = target.ca_file or True
    encrypted = target.scheme is Scheme.HTTP and target.authentication is not Authentication.BASIC
    adapter = _WinRmAdapter(watchdog, target.timeouts, encrypted=encrypted)
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


class _BoundedResponse(requests.Response):
    """An answer that is read up to a limit, as it comes: nothing is decompressed."""

    def __init__(self, watchdog: Watchdog) -> None:
        super().__init__()
        self._watchdog = watchdog

    def iter_content(self, chunk_size: int | None = 1, decode_unicode: bool = False) -> Iterator[bytes]:  # noqa: ARG002
        """The body; the caller keeps it.

        Raises:
            OversizedAnswer: it is longer than any answer of WinRM, or the step's answers together are.
            HostSilent: it stopped coming.
            requests.RequestException: the connection was lost in the middle of it.
        """
        length = 0
        try:
            for piece in raw_pieces(self.raw):
                length += len(piece)
                self._watchdog.received += len(piece)
                if length > _LONGEST_ANSWER or self._watchdog.received > _MOST_OF_A_STEP:
                    raise OversizedAnswer(_OVERSIZED)
                yield piece
        except Exception:
            self.close()  # the rest would stand before the next answer
            raise
        self._content_consumed = True


class _WinRmAdapter(GuardedAdapter):
    """Applies connect and read limits within the step's deadline, and lets no plain answer pass."""

    def __init__(self, watchdog: Watchdog, timeouts: Timeouts, *, encrypted: bool) -> None:
        self._timeouts = timeouts
        self._encrypted = encrypted
        self._established = False  # message encryption is bound to the connection that is open now
        super().__init__(watchdog)

    def build_response(self, req: requests.PreparedRequest, resp: BaseHTTPResponse) -> requests.Response:
        bounded = _BoundedResponse(self._watchdog)
        vars(bounded).update(vars(super().build_response(req, resp)))
        bounded.encoding = "utf-8"  # else requests would guess, over the whole answer
        return bounded

    def send(
        self,
        request: requests.PreparedRequest,
        stream: bool = False,  # noqa: ARG002 - answers are read below
        timeout: float | tuple[float | None, float | None] | None = None,  # noqa: ARG002 - ours count
        verify: bool | str = True,
        cert: str | tuple[str, str] | None = None,
        proxies: dict[str, str] | None = None,
    ) -> requests.Response:
        remaining = max(0.001, self._watchdog.remaining)
        limits = (min(self._timeouts.connect, remaining), min(self._timeouts.read, remaining))
        opened = self._watchdog.cord.held
        try:
            response = super().send(request, True, limits, verify, cert, proxies)
        except requests.ConnectTimeout:
            raise NoConnection from None
        except requests.ReadTimeout:
            raise HostSilent from None
        try:
            _check_head(response)
            if self._encrypted:
                self._check(request, response, replaced=self._watchdog.cord.held != opened)
            if response.status_code != HTTPStatus.UNAUTHORIZED:
                response.content  # noqa: B018 - read now, within the limits
        except BaseException:
            response.close()
            raise
        return response

    def _check(
        self, request: requests.PreparedRequest, response: requests.Response, *, replaced: bool
    ) -> None:
        if self._established and replaced:
            raise ConnectionReplaced
        if request.body:
            _check_sealed(request, response)
        elif response.status_code == HTTPStatus.OK:
            self._established = True
            if not _is_empty(response):
                raise InsecureAnswer(_IN_THE_CLEAR)
        elif response.status_code >= HTTPStatus.BAD_REQUEST:
            # Before the logon nothing can be encrypted. The status is told, the words are not.
            if response.status_code != HTTPStatus.UNAUTHORIZED:
                _drop_body(response)
        else:
            raise InsecureAnswer(_IN_THE_CLEAR)

    def close(self) -> None:
        super().close()
        self._watchdog.cord.release()


def _check_head(response: requests.Response) -> None:
    """Refuse what WinRM never sends: what leads elsewhere, is compressed, or is far too long."""
    if HTTPStatus.MULTIPLE_CHOICES <= response.status_code < HTTPStatus.BAD_REQUEST:
        raise InsecureAnswer("the host wants to send us elsewhere (HTTP redirect)")
    if "Content-Encoding" in response.headers:
        raise OversizedAnswer("the answer is compressed, which was not asked for")
    if int(response.headers.get("Content-Length", "0")) > _LONGEST_ANSWER:
        raise OversizedAnswer(_OVERSIZED)


def _check_sealed(request: requests.PreparedRequest, response: requests.Response) -> None:
    """Refuse an answer to an encrypted message that is not encrypted the same way; errors as well.

    Where there is no body at all, the status alone is reported.
    """
    sent = _SEALED.fullmatch(str(request.headers.get("Content-Type")))
    got = _SEALED.fullmatch(response.headers.get("Content-Type", ""))
    known = response.status_code == HTTPStatus.OK or response.status_code >= HTTPStatus.BAD_REQUEST
    if sent and got and known and sent[1] == got[1]:
        return
    failed = response.status_code > HTTPStatus.UNAUTHORIZED
    if not (failed and _is_empty(response)):
        raise InsecureAnswer(_IN_THE_CLEAR)


def _is_empty(response: requests.Response) -> bool:
    """Whether there is no body; one that is announced is not waited for."""
    return response.headers.get("Content-Length") == "0" and not response.content


def _drop_body(response: requests.Response) -> None:
    response.close()
    response._content = b""
    response._content_consumed = True
