"""Files from web servers: what was declared, over verified TLS, in bounded time; or one clear line."""

from __future__ import annotations

import gzip
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path

import pytest

from engine.model.errors import (
    AccessDenied,
    DeadlineExceeded,
    HostError,
    HostUnreachable,
    NotFound,
    ProtocolBroken,
    StepFailed,
    UntrustedCertificate,
)
from engine.model.source import WebFile, parse_source
from engine.model.sourceplaces import SourcePlaces
from engine.transport.download import ForbiddenPlace, TryLater, download
from engine.transport.target import Timeouts
from tests.support.web_server import ADDRESS, Script, WebServer, answers, gives, running

DATA = bytes(range(256)) * 1000
LIMITS = Timeouts(connect=2, read=1, step=20)


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("certificates")


@pytest.fixture(scope="module")
def served(certificates: Path) -> Iterator[WebServer]:
    with running(certificates) as server:
        yield server


@pytest.fixture
def web(served: WebServer, certificates: Path, monkeypatch: pytest.MonkeyPatch) -> WebServer:
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificates / "authority.pem"))
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    served.asked.clear()
    served.scripts.clear()
    return served


def _file(url: str) -> WebFile:
    source = parse_source(url)
    assert isinstance(source, WebFile)
    return source


def _all_of(web: WebServer) -> SourcePlaces:
    return SourcePlaces.of([web.url("/")])


def _get(
    web: WebServer,
    path: str = "/a.msi",
    size: int = len(DATA),
    limits: Timeouts = LIMITS,
    places: SourcePlaces | None = None,
) -> bytes:
    return b"".join(download(_file(web.url(path)), size, _all_of(web) if places is None else places, limits))


def _from(folder: str, limits: Timeouts = LIMITS) -> bytes:
    return b"".join(download(_file(f"{folder}a.msi"), 1, SourcePlaces.of([folder]), limits))


def _fails(web: WebServer, script: Script, limits: Timeouts = LIMITS) -> HostError:
    web.scripts["/a.msi"] = script
    with pytest.raises(HostError) as caught:
        _get(web, limits=limits)
    assert "\n" not in str(caught.value)
    return caught.value


def test_a_file_arrives(web: WebServer) -> None:
    web.scripts["/a.msi"] = gives(DATA)
    assert _get(web) == DATA
    web.scripts["/b.msi"] = gives(DATA, Content_Length="")  # ends with the connection
    assert _get(web, "/b.msi") == DATA


def test_nothing_is_asked_before_the_first_byte_is_wanted(web: WebServer) -> None:
    download(_file(web.url("/a.msi")), 1, _all_of(web), LIMITS)
    assert web.asked == []


def test_no_password_and_no_cookie_is_sent(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text(f"machine {ADDRESS} login me password S3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    web.scripts["/a.msi"] = answers(302, Location="/b.msi", Set_Cookie="who=me; Path=/")
    web.scripts["/b.msi"] = gives(DATA)
    assert _get(web) == DATA
    assert [path for path, _ in web.asked] == ["/a.msi", "/b.msi"]
    for _, headers in web.asked:
        assert not {"authorization", "cookie"} & {name.lower() for name in headers}


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirects_are_followed(web: WebServer, status: int) -> None:
    web.scripts["/a.msi"] = answers(status, Location=web.url("/files/?name=a#part"))
    web.scripts["/files/?name=a"] = gives(DATA)
    assert _get(web) == DATA


@pytest.mark.parametrize(
    ("location", "said"),
    [
        ("http://127.0.0.1/a.msi", "http is not encrypted"),
        ("https://me:S3cret@127.0.0.1/a.msi", "holds no user and no password"),
        ("file:///etc/passwd", "no way to fetch"),
        ("https://[::1", "to what is no address"),
    ],
)
def test_a_redirect_to_elsewhere_is_refused(web: WebServer, location: str, said: str) -> None:
    error = _fails(web, answers(302, Location=location))
    assert isinstance(error, StepFailed)
    with pytest.raises(AssertionError, match=said):
        raise AssertionError(error.cause)
    assert "S3cret" not in str(error)
    assert len(web.asked) == 1


@pytest.mark.parametrize(
    "location",
    ["/private/a.msi", "/pub/%2e%2e/private/a.msi", "/public/a.msi", "https://localhost/pub/a.msi"],
)
def test_a_redirect_out_of_the_places_is_not_followed(web: WebServer, location: str) -> None:
    web.scripts["/pub/a.msi"] = answers(302, Location=location)
    web.scripts["/private/a.msi"] = web.scripts["/public/a.msi"] = gives(DATA)
    with pytest.raises(StepFailed):
        _get(web, "/pub/a.msi", places=SourcePlaces.of([web.url("/pub/")]))
    assert [path for path, _ in web.asked] == ["/pub/a.msi"]


def test_a_redirect_to_another_place_of_the_list_is_followed(web: WebServer) -> None:
    web.scripts["/pub/a.msi"] = answers(302, Location="/cdn/x?sig=1")
    web.scripts["/cdn/x?sig=1"] = gives(DATA)
    places = SourcePlaces.of([web.url("/pub/"), web.url("/cdn/")])
    assert _get(web, "/pub/a.msi", places=places) == DATA


def test_a_file_of_no_place_is_not_asked_for(web: WebServer) -> None:
    with pytest.raises(ForbiddenPlace, match=f"leads to {ADDRESS}:{web.port}, where files may not"):
        _get(web, places=SourcePlaces.of([]))
    assert web.asked == []


def test_redirects_without_an_end(web: WebServer) -> None:
    error = _fails(web, answers(302, Location="/a.msi"))
    assert error.cause == "the server sends us on more than 5 times"
    assert len(web.asked) == 6


@pytest.mark.parametrize("size", [len(DATA) - 1, len(DATA) + 1])
def test_another_size_is_refused_before_it_comes(web: WebServer, size: int) -> None:
    web.scripts["/a.msi"] = gives(DATA)
    with pytest.raises(StepFailed, match=rf"the file has {len(DATA)} bytes, and {size} are declared"):
        _get(web, size=size)


def test_more_than_was_declared_is_not_read(web: WebServer) -> None:
    sent = 0

    def endless(request: BaseHTTPRequestHandler) -> None:
        nonlocal sent
        request.send_response(200)
        request.end_headers()
        while not web.over.is_set():
            request.wfile.write(DATA)
            sent += len(DATA)

    error = _fails(web, endless)
    assert error.cause == f"the file is longer than the {len(DATA)} bytes that are declared"
    assert sent < 100 * len(DATA)  # what buffers took


def test_a_body_that_breaks_off(web: WebServer) -> None:
    error = _fails(web, gives(DATA[:5000], Content_Length=str(len(DATA))))
    assert isinstance(error, HostUnreachable)
    assert error.cause == "the connection was lost in mid-answer"


def test_a_compressed_body_is_refused_unread(web: WebServer) -> None:
    bomb = gzip.compress(bytes(50_000_000))
    error = _fails(web, gives(bomb, Content_Encoding="gzip"))
    assert isinstance(error, ProtocolBroken)
    assert error.cause == "the answer is compressed, which was not asked for"
    assert web.asked[0][1]["Accept-Encoding"] == "identity"


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (401, AccessDenied),
        (403, AccessDenied),
        (404, NotFound),
        (410, NotFound),
        (429, TryLater),
        (500, TryLater),
        (503, TryLater),
        (206, StepFailed),
        (304, StepFailed),
        (418, StepFailed),
    ],
)
def test_statuses(web: WebServer, status: int, kind: type[HostError]) -> None:
    error = _fails(web, answers(status))
    assert type(error) is kind
    assert str(status) in error.cause


def _silent(web: WebServer) -> Script:
    def script(_request: BaseHTTPRequestHandler) -> None:
        web.over.wait(20)

    return script


def _stops(web: WebServer) -> Script:
    def script(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(DATA)))
        request.end_headers()
        request.wfile.write(DATA[:100_000])
        web.over.wait(20)

    return script


@pytest.mark.parametrize("script", [_silent, _stops])
def test_a_server_that_falls_silent(web: WebServer, script: Callable[[WebServer], Script]) -> None:
    error = _fails(web, script(web), replace(LIMITS, read=0.3))
    assert isinstance(error, HostUnreachable)
    assert error.cause == "it does not answer"


def test_a_server_that_drips_is_cut_off(web: WebServer) -> None:
    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        request.send_header("Content-Length", str(len(DATA)))
        request.end_headers()
        for number in range(400):
            request.wfile.write(DATA[number : number + 1])
            if web.over.wait(0.05):
                return

    error = _fails(web, drip, replace(LIMITS, step=0.5, bytes_per_second=10 * len(DATA)))
    assert isinstance(error, DeadlineExceeded)


def test_a_certificate_of_nobody(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("REQUESTS_CA_BUNDLE")
    error = _fails(web, gives(DATA))
    assert isinstance(error, UntrustedCertificate)
    assert web.asked == []


def test_a_certificate_for_another_name(web: WebServer) -> None:
    with pytest.raises(UntrustedCertificate):
        _from(f"https://localhost:{web.port}/")
    assert web.asked == []


def test_nobody_listens(web: WebServer) -> None:
    with socket.socket() as taken:
        taken.bind((ADDRESS, 0))
        port = taken.getsockname()[1]
        with pytest.raises(HostUnreachable, match="connection refused"):
            _from(f"https://{ADDRESS}:{port}/")
    assert web.asked == []


def test_a_proxy_of_the_environment_is_used(web: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server((ADDRESS, 0)) as proxy:
        monkeypatch.setenv("HTTPS_PROXY", f"http://{ADDRESS}:{proxy.getsockname()[1]}")
        monkeypatch.setenv("NO_PROXY", "")
        proxy.settimeout(5)
        with pytest.raises(HostUnreachable):
            _from("https://files.example/", replace(LIMITS, connect=0.3))
        connection, _ = proxy.accept()
        with connection:
            assert connection.recv(100).startswith(b"CONNECT files.example:443 ")
    assert web.asked == []


def test_giving_up_early_ends_the_connection(web: WebServer) -> None:
    web.scripts["/a.msi"] = _stops(web)
    pieces = download(_file(web.url("/a.msi")), len(DATA), _all_of(web), LIMITS)
    assert DATA.startswith(next(pieces))
    pieces.close()
