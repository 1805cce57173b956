"""Neither a host nor whoever is on the way passes plain text off, leads us astray or fills memory."""

from __future__ import annotations

import contextlib
import gzip
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from engine.model.command import Statement
from engine.model.errors import HostError, HostUnreachable, ProtocolBroken
from engine.model.query import Ask
from engine.model.step import RunProcess
from engine.transport import http
from engine.transport.session import WindowsSession
from engine.transport.target import Authentication, PlaintextException, Scheme, Target, Timeouts
from tests.support import fault_server
from tests.support.http_forger import SEALED, answer, forging
from tests.support.winrm_host import Running

SOAP = b"<s:Envelope xmlns:s='http://www.w3.org/2003/05/soap-envelope'><s:Body>forged</s:Body></s:Envelope>"
Act = Callable[[WindowsSession], object]


def _ask(session: WindowsSession) -> object:
    return session.read([Ask(statement=Statement.of("Get-Thing", {"Secret": "Correct-Horse-7"}))])


def _program(session: WindowsSession) -> object:
    return session.run(RunProcess(executable="hostname.exe", arguments=(), timeout_seconds=10))


ACTS = pytest.mark.parametrize("act", [_ask, _program])
NOT_ENCRYPTED = [
    answer("200 OK", SOAP),
    answer("206 Partial Content", SOAP),
    answer("299 Odd", SOAP),
    answer("201 Created"),
    answer("204 No Content"),
    answer("500 Internal Server Error", SOAP),
    answer("503 Service Unavailable", SOAP),
    answer("401 Unauthorized", more="WWW-Authenticate: Negotiate\r\n"),
    answer("200 OK", SOAP, "multipart/encryptedly"),
    answer("200 OK", SOAP, "multipart/encrypted; boundary=x"),
    answer("200 OK", SOAP, SEALED.replace("SPNEGO", "Kerberos")),
    answer("200 OK", SOAP, SEALED.replace("multipart/encrypted", "multipart/x-multi-encrypted")),
    answer("200 OK", SOAP, SEALED.title()),
    answer("206 Partial Content", SOAP, SEALED),
]


@ACTS
@pytest.mark.parametrize("forged", NOT_ENCRYPTED)
@pytest.mark.parametrize("passed", [0, 1])
def test_a_plain_answer_to_an_encrypted_message_is_refused(
    running: Running, target: Target, act: Act, forged: bytes, passed: int
) -> None:
    with forging((running.address, running.http), forged, passed) as port:
        error = _fails(replace(target, address="127.0.0.1", scheme=Scheme.HTTP, port=port), act)
    assert type(error) is ProtocolBroken
    assert "not encrypted" in error.cause


@ACTS
def test_what_is_only_called_encrypted_is_refused(running: Running, target: Target, act: Act) -> None:
    parts = f"--Encrypted Boundary\r\n\tContent-Type: x\r\n\tOriginalContent: type=x;Length={len(SOAP)}\r\n"
    body = parts.encode() + b"--Encrypted Boundary\r\n\tContent-Type: application/octet-stream\r\n"
    for content in (SOAP, b"", body + b"\x10\0\0\0" + b"\1" * 16 + SOAP + b"--Encrypted Boundary--\r\n"):
        with forging((running.address, running.http), answer("200 OK", content, SEALED)) as port:
            _fails(replace(target, address="127.0.0.1", scheme=Scheme.HTTP, port=port), act)


@ACTS
def test_an_error_without_a_body_is_told_by_its_status(running: Running, target: Target, act: Act) -> None:
    forged = answer("503 Service Unavailable")
    with forging((running.address, running.http), forged) as port:
        error = _fails(replace(target, address="127.0.0.1", scheme=Scheme.HTTP, port=port), act)
    assert type(error) is HostUnreachable
    assert "503" in error.cause


@ACTS
@pytest.mark.parametrize("forged", [answer("206 Partial Content", SOAP), answer("204 No Content")])
def test_the_logon_ends_with_an_empty_answer_and_with_nothing_else(
    target: Target, act: Act, forged: bytes
) -> None:
    with fault_server.serving(_sends(forged)) as port:
        error = _fails(replace(target, address="127.0.0.1", scheme=Scheme.HTTP, port=port), act)
    assert type(error) is ProtocolBroken
    assert "not encrypted" in error.cause


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """A server context of an authority that is trusted, and the authority's file."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(fault_server.ADDRESS).configure_cert(context)
    authority.cert_pem.write_to_path(str(tmp_path / "authority.pem"))
    return context, str(tmp_path / "authority.pem")


@ACTS
@pytest.mark.parametrize(
    "status", ["301 Moved Permanently", "307 Temporary Redirect", "308 Permanent Redirect"]
)
@pytest.mark.parametrize("scheme", list(Scheme))
def test_nothing_is_sent_where_a_host_redirects_to(
    target: Target, tls: tuple[ssl.SSLContext, str], act: Act, status: str, scheme: Scheme
) -> None:
    context, ca_file = tls
    asked = threading.Event()

    def elsewhere(_client: socket.socket, _stop: threading.Event) -> None:
        asked.set()

    with fault_server.serving(elsewhere) as other:
        redirect = answer(status, more=f"Location: http://127.0.0.1:{other}/wsman\r\n")
        with fault_server.serving(_sends(redirect), context if scheme is Scheme.HTTPS else None) as port:
            error = _fails(_basic(target, scheme, port, ca_file), act)
    assert "redirect" in error.cause
    assert not asked.is_set()


@ACTS
def test_a_compressed_answer_is_refused_unread(
    target: Target, tls: tuple[ssl.SSLContext, str], act: Act
) -> None:
    bomb = answer("200 OK", gzip.compress(bytes(10_000_000)), more="Content-Encoding: gzip\r\n")
    with fault_server.serving(_sends(bomb), tls[0]) as port:
        error = _fails(_basic(target, Scheme.HTTPS, port, tls[1]), act)
    assert "compressed" in error.cause


@ACTS
@pytest.mark.parametrize("status", ["200 OK", "401 Unauthorized", "500 Internal Server Error"])
def test_an_answer_without_end_is_broken_off(
    target: Target, tls: tuple[ssl.SSLContext, str], act: Act, status: str
) -> None:
    sent: list[int] = []

    def endless(client: socket.socket, stop: threading.Event) -> None:
        client.sendall(f"HTTP/1.1 {status}\r\nTransfer-Encoding: chunked\r\n\r\n".encode())
        with contextlib.suppress(OSError):
            while not stop.is_set():
                client.sendall(b"100000\r\n" + bytes(0x100000) + b"\r\n")
                sent.append(0x100000)

    with fault_server.serving(endless, tls[0]) as port:
        error = _fails(_basic(target, Scheme.HTTPS, port, tls[1]), act)
    assert "far longer" in error.cause
    assert sum(sent) < 2 * http._LONGEST_ANSWER + 16_000_000  # what was on the way


def test_a_chunk_whose_length_has_no_end_is_broken_off(
    target: Target, tls: tuple[ssl.SSLContext, str]
) -> None:
    def endless(client: socket.socket, stop: threading.Event) -> None:
        client.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        with contextlib.suppress(OSError):
            while not stop.is_set():
                client.sendall(b"0" * 65536)

    with fault_server.serving(endless, tls[0]) as port:
        _fails(_basic(target, Scheme.HTTPS, port, tls[1]), _ask)


def test_all_answers_of_a_step_together_have_a_limit(
    running: Running, target: Target, monkeypatch: pytest.MonkeyPatch
) -> None:
    with WindowsSession(target, {}) as session:
        _ask(session)
        monkeypatch.setattr(http, "_MOST_OF_A_STEP", 1000)
        with pytest.raises(ProtocolBroken, match="far longer"):
            _ask(session)
        monkeypatch.undo()
    assert running.host.engines == 1


def _basic(target: Target, scheme: Scheme, port: int, ca_file: str) -> Target:
    return replace(
        target,
        address=fault_server.ADDRESS,
        scheme=scheme,
        port=port,
        ca_file=ca_file,
        authentication=Authentication.BASIC,
        plaintext=PlaintextException(target.host, "the test's own server"),
        timeouts=Timeouts(connect=5, read=5, step=15),
    )


def _sends(data: bytes) -> fault_server.Behaviour:
    def behave(client: socket.socket, _stop: threading.Event) -> None:
        client.sendall(data)

    return behave


def _fails(target: Target, act: Act) -> HostError:
    """The one error that the act must end with: one line, nothing of what was forged."""
    with WindowsSession(target, {}) as session, pytest.raises(HostError) as caught:
        act(session)
    assert "\n" not in str(caught.value)
    assert "forged" not in str(caught.value)
    return caught.value
