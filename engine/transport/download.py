"""Files from web servers, over verified TLS only.

The system's proxies and certificates count as they do for `requests` (HTTPS_PROXY, NO_PROXY,
REQUESTS_CA_BUNDLE); a password of a `.netrc` and cookies are never sent.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from http import HTTPStatus
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urldefrag, urljoin, urlsplit

import requests
from requests.auth import AuthBase

from engine.model.errors import AccessDenied, NotFound, StepFailed
from engine.model.source import BadSource, WebFile, check_address
from engine.model.sourceplaces import SourcePlaces
from engine.transport.classify import boundary
from engine.transport.refusals import OversizedAnswer, UnexpectedFile, UnsafeRedirect
from engine.transport.streams import GuardedAdapter, raw_pieces
from engine.transport.target import Timeouts
from engine.transport.watchdog import Cord, Watchdog

STEP = "download"
_MOST_REDIRECTS = 5
_REDIRECTS = frozenset(
    {
        HTTPStatus.MOVED_PERMANENTLY,
        HTTPStatus.FOUND,
        HTTPStatus.SEE_OTHER,
        HTTPStatus.TEMPORARY_REDIRECT,
        HTTPStatus.PERMANENT_REDIRECT,
    }
)


class TryLater(StepFailed):
    """The server answered that it cannot give this file now; others it may."""


class ForbiddenPlace(StepFailed):
    """The file, or the way to it, is where nothing may be fetched from."""


def download(
    file: WebFile, size: int, places: SourcePlaces, timeouts: Timeouts
) -> Generator[bytes, None, None]:
    """The file's bytes as they come; closing the iterator ends the connection.

    Only addresses within `places` are asked, wherever servers send us on to.

    No more than `size` bytes are given, and none where the server says that it has another number of them.
    All of it may take the time of a step and what so many bytes need at `timeouts.bytes_per_second`.

    Raises:
        TryLater: the server cannot give this file now.
        HostError: it cannot be had; the cause is one line.
    """
    watchdog = Watchdog(Cord())
    seconds = timeouts.step + size / timeouts.bytes_per_second
    with boundary(file.server, STEP, watchdog), watchdog.limit(seconds), _session(watchdog) as session:
        try:
            with _answer(session, file, places, watchdog, timeouts) as answer:
                _check_head(answer, size)
                yield from _at_most(raw_pieces(answer.raw), size)
        finally:
            watchdog.cord.release()


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:
        """None: redirects are judged here, and the library would read their addresses first."""
        del resp
        return None


def _session(watchdog: Watchdog) -> requests.Session:
    session = _Session()
    session.auth = _NoLogon()
    session.headers["Accept-Encoding"] = "identity"
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.mount("https://", GuardedAdapter(watchdog))
    session.adapters.pop("http://")
    return session


def _answer(
    session: requests.Session, file: WebFile, places: SourcePlaces, watchdog: Watchdog, timeouts: Timeouts
) -> requests.Response:
    """The answer that has the file, after as many redirects as are allowed."""
    address = file.url
    for _ in range(_MOST_REDIRECTS + 1):
        if not places.allow_address(address):
            cause = f"the way to it leads to {urlsplit(address).netloc}, where files may not come from"
            raise ForbiddenPlace(file.server, STEP, cause)
        left = max(0.001, watchdog.remaining)
        limits = (min(timeouts.connect, left), min(timeouts.read, left))
        answer = session.get(address, stream=True, allow_redirects=False, timeout=limits)
        if answer.status_code not in _REDIRECTS:
            return answer
        address = _next(address, answer.headers.get("Location", ""))
        answer.close()
    raise UnsafeRedirect(f"the server sends us on more than {_MOST_REDIRECTS} times")


def _next(address: str, location: str) -> str:
    try:
        following = urldefrag(urljoin(address, location)).url
        check_address(following)
    except BadSource as problem:
        raise UnsafeRedirect(f"the server sends us on to an address that is not allowed: {problem}") from None
    except ValueError:
        raise UnsafeRedirect("the server sends us on to what is no address") from None
    return following


def _check_head(answer: requests.Response, size: int) -> None:
    status, server = answer.status_code, answer.url.split("/")[2]
    if status in {HTTPStatus.NOT_FOUND, HTTPStatus.GONE}:
        raise NotFound(server, STEP, f"the server has no such file (HTTP {status})")
    if status in {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.PROXY_AUTHENTICATION_REQUIRED}:
        raise AccessDenied(server, STEP, f"the server does not give the file to everybody (HTTP {status})")
    if status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        raise TryLater(server, STEP, f"the server cannot give the file now (HTTP {status})")
    if status != HTTPStatus.OK:
        raise StepFailed(server, STEP, f"the server does not give the file (HTTP {status})")
    if answer.headers.get("Content-Encoding", "identity").strip().lower() != "identity":
        raise OversizedAnswer("the answer is compressed, which was not asked for")
    length = answer.headers.get("Content-Length", "").strip()
    if length and length != str(size):
        told = length if length.isascii() and length.isdigit() and len(length) < 20 else "another number of"
        raise UnexpectedFile(f"the file has {told} bytes, and {size} are declared")


def _at_most(pieces: Iterator[bytes], size: int) -> Iterator[bytes]:
    count = 0
    for piece in pieces:
        count += len(piece)
        if count > size:
            raise UnexpectedFile(f"the file is longer than the {size} bytes that are declared")
        yield piece


class _NoLogon(AuthBase):
    """Without any `auth` requests would look for a password in a `.netrc`."""

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return request
