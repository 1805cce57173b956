"""Every way in which a host can fail to answer: one line, of the right type, in bounded time."""

from __future__ import annotations

import contextlib
import ssl
import threading
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
import trustme

from engine.model.command import Statement
from engine.model.errors import (
    DeadlineExceeded,
    HostError,
    HostUnreachable,
    ProtocolBroken,
    UntrustedCertificate,
)
from engine.model.query import Ask, ReadFile
from engine.model.step import RunProcess
from engine.transport.session import WindowsSession
from engine.transport.target import Authentication, Login, Scheme, Target, Timeouts
from tests.support import fault_server as faults

SECRET = "Correct-Horse-7"  # noqa: S105 - of a server that does not exist
Act = Callable[[WindowsSession], object]


def _ask(session: WindowsSession) -> object:
    return session.read([Ask(statement=Statement.of("Get-Service"))])


def _program(session: WindowsSession) -> object:
    return session.run(RunProcess(executable="msiexec.exe", arguments=("/i",), timeout_seconds=20))


def _file(session: WindowsSession) -> object:
    return session.read([ReadFile(path=r"C:\x.txt", limit=1)])


HTTP_ACTS = pytest.mark.parametrize("act", [_ask, _program])


@pytest.fixture
def tls(tmp_path: Path) -> tuple[ssl.SSLContext, str]:
    """A server context of an authority that is trusted, and the authority's file."""
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(faults.ADDRESS).configure_cert(context)
    file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    return context, str(file)


@pytest.fixture
def target(monkeypatch: pytest.MonkeyPatch) -> Target:
    """Short limits; the port is the test's to fill in."""
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", SECRET)
    return Target(
        host="DHS-SRV01",
        address=faults.ADDRESS,
        login=Login(r"BCPS\svc-rollcall", "env:ROLLCALL_TEST_PASSWORD"),
        scheme=Scheme.HTTP,
        authentication=Authentication.NTLM,
        timeouts=Timeouts(connect=0.5, read=0.5, step=10),
        smb_encryption=False,
    )


def _fails(target: Target, act: Act, kind: type[HostError]) -> HostError:
    """The one error that the act must end with."""
    threads = set(threading.enumerate())
    with WindowsSession(target, {}) as session, pytest.raises(HostError) as caught:
        act(session)
    error = caught.value
    assert type(error) is kind, error
    assert "\n" not in str(error)
    assert str(error).startswith("DHS-SRV01: ")
    assert SECRET not in str(error)
    assert error.__cause__ is None
    assert set(threading.enumerate()) - threads <= _servers()
    return error


def _servers() -> set[threading.Thread]:
    return {thread for thread in threading.enumerate() if "accept" in thread.name or "_handle" in thread.name}


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (faults.silence, HostUnreachable),
        (faults.hang_up, HostUnreachable),
        (faults.cut_in_mid_answer, HostUnreachable),
        (faults.unavailable, HostUnreachable),
        (faults.html_page, ProtocolBroken),
        (faults.malformed_xml, ProtocolBroken),
        (faults.not_found, ProtocolBroken),
        (faults.vast_answer, ProtocolBroken),
        (faults.garbage, ProtocolBroken),
    ],
)
@HTTP_ACTS
@pytest.mark.parametrize("scheme", list(Scheme))
def test_a_host_that_misbehaves_over_http(
    target: Target,
    tls: tuple[ssl.SSLContext, str],
    behaviour: faults.Behaviour,
    kind: type[HostError],
    act: Act,
    scheme: Scheme,
) -> None:
    context, ca_file = tls
    if scheme is Scheme.HTTP and behaviour is faults.cut_in_mid_answer:
        kind = ProtocolBroken  # the part that came is not encrypted
    way = Authentication.BASIC if scheme is Scheme.HTTPS else Authentication.NTLM
    with faults.serving(behaviour, context if scheme is Scheme.HTTPS else None) as port:
        chosen = replace(target, scheme=scheme, port=port, ca_file=ca_file, authentication=way)
        _fails(chosen, act, kind)


@HTTP_ACTS
def test_dripped_bytes_end_at_the_deadline(target: Target, act: Act, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.transport.winrs._SETUP_SECONDS", 0)
    with faults.serving(faults.drips) as port:
        dripping = replace(target, port=port, timeouts=Timeouts(connect=1, read=0.5, step=1))
        if act is _program:
            error = _fails(dripping, _short_program, DeadlineExceeded)
        else:
            error = _fails(dripping, act, DeadlineExceeded)
    assert "the connection was cut" in error.cause


def _short_program(session: WindowsSession) -> object:
    return session.run(RunProcess(executable="msiexec.exe", arguments=("/i",), timeout_seconds=1))


def test_a_tls_handshake_that_never_comes_ends(target: Target) -> None:
    with faults.serving(faults.silence) as port:
        _fails(replace(target, scheme=Scheme.HTTPS, port=port), _ask, HostUnreachable)


@HTTP_ACTS
def test_an_untrusted_certificate_is_told(target: Target, tls: tuple[ssl.SSLContext, str], act: Act) -> None:
    with faults.serving(faults.html_page, tls[0]) as port:
        error = _fails(replace(target, scheme=Scheme.HTTPS, port=port), act, UntrustedCertificate)
    assert "not trusted" in error.cause


def test_a_certificate_of_another_host_is_told(
    target: Target, tmp_path: Path, tls: tuple[ssl.SSLContext, str]
) -> None:
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("other-host.example").configure_cert(context)
    file = tmp_path / "other.pem"
    authority.cert_pem.write_to_path(str(file))
    del tls
    with faults.serving(faults.html_page, context) as port:
        _fails(replace(target, scheme=Scheme.HTTPS, port=port, ca_file=str(file)), _ask, UntrustedCertificate)


def test_https_to_a_plain_port_is_told(target: Target) -> None:
    with faults.serving(faults.html_page) as port:
        error = _fails(replace(target, scheme=Scheme.HTTPS, port=port), _ask, ProtocolBroken)
    assert "https" in error.cause


@pytest.mark.parametrize("act", [_ask, _program, _file])
def test_a_refused_connection_is_told(target: Target, act: Act) -> None:
    error = _fails(replace(target, port=9, smb_port=9), act, HostUnreachable)
    assert "refused" in error.cause


@pytest.mark.parametrize("act", [_ask, _program, _file])
def test_an_unknown_name_is_told(target: Target, act: Act) -> None:
    error = _fails(replace(target, address="no-such-host.invalid"), act, HostUnreachable)
    assert "not known" in error.cause


@pytest.mark.parametrize("act", [_ask, _program, _file])
def test_a_black_hole_ends_at_the_time_limit_for_connecting(target: Target, act: Act) -> None:
    with faults.black_hole() as port:
        error = _fails(replace(target, port=port, smb_port=port), act, HostUnreachable)
    assert "no answer while connecting" in error.cause


@pytest.mark.parametrize(
    ("behaviour", "kind"),
    [
        (faults.silence, HostUnreachable),
        (faults.hang_up, HostUnreachable),
        (faults.garbage, ProtocolBroken),
        (faults.html_page, ProtocolBroken),
    ],
)
def test_a_host_that_misbehaves_over_smb(
    target: Target, behaviour: faults.Behaviour, kind: type[HostError]
) -> None:
    with faults.serving(behaviour) as port:
        _fails(replace(target, smb_port=port), _file, kind)


def test_the_environment_s_proxy_is_not_asked(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    with faults.serving(faults.html_page) as proxy, contextlib.ExitStack() as stack:
        for name in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
            monkeypatch.setenv(name, f"http://{faults.ADDRESS}:{proxy}")
        monkeypatch.delenv("NO_PROXY", raising=False)
        monkeypatch.delenv("no_proxy", raising=False)
        port = stack.enter_context(faults.serving(faults.unavailable))
        for act in (_ask, _program):
            error = _fails(replace(target, port=port), act, HostUnreachable)
            assert "503" in error.cause
