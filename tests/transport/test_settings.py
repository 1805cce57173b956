"""Connection settings, credentials and time limits: unsafe ones are refused, secrets are never shown."""

from __future__ import annotations

import socket
import threading
from dataclasses import replace
from pathlib import Path

import keyring
import keyring.backend
import pytest

from engine.model.errors import StepFailed
from engine.model.resource import Host
from engine.transport.connector import HostConnector
from engine.transport.credentials import resolve, resolve_reference
from engine.transport.refusals import CredentialUnavailable
from engine.transport.target import (
    Authentication,
    Credential,
    Login,
    PlaintextException,
    Scheme,
    Target,
    Timeouts,
    UnsafeTarget,
)
from engine.transport.watchdog import Cord, Watchdog
from engine.transport.words import one_line

SECRET = "Correct-Horse-7"  # noqa: S105 - made up
TARGET = Target("DHS-SRV01", "10.114.0.5", Login("u", "env:X"))


def test_verified_tls_is_what_one_gets_without_asking() -> None:
    assert TARGET.endpoint == "https://10.114.0.5:5986/wsman"
    assert TARGET.smb_encryption
    assert not TARGET.allows_plaintext
    assert replace(TARGET, address="fd00::5").endpoint == "https://[fd00::5]:5986/wsman"


@pytest.mark.parametrize(
    "exception",
    [None, PlaintextException("DHS-SRV02", "old device"), PlaintextException("DHS-SRV01", "  ")],
)
def test_basic_over_http_is_refused_before_anything_is_sent(exception: PlaintextException | None) -> None:
    with pytest.raises(UnsafeTarget, match="DHS-SRV01"):
        replace(TARGET, scheme=Scheme.HTTP, authentication=Authentication.BASIC, plaintext=exception)


def test_a_named_host_with_a_reason_is_the_one_exception() -> None:
    exception = PlaintextException("dhs-srv01", "lab without certificates until summer")
    target = replace(TARGET, scheme=Scheme.HTTP, authentication=Authentication.BASIC, plaintext=exception)
    assert target.allows_plaintext


@pytest.mark.parametrize("limits", [{"connect": 0}, {"read": -1}, {"step": 0}, {"bytes_per_second": 0}])
def test_a_time_limit_of_nothing_is_refused(limits: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="greater than zero"):
        Timeouts(**limits)


def test_a_credential_shows_no_secret() -> None:
    assert SECRET not in repr(Credential("u", SECRET))
    assert SECRET not in str(Credential("u", SECRET))


def test_references_are_looked_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_TEST", SECRET)
    (tmp_path / "secret").write_text(f"{SECRET}\n", encoding="utf-8")
    monkeypatch.setattr(keyring, "get_password", lambda service, user: f"{service}+{user}")
    assert resolve_reference("env:ROLLCALL_TEST") == SECRET
    assert resolve_reference(f"file:{tmp_path / 'secret'}") == SECRET
    assert resolve_reference("keyring:rollcall/BCPS\\svc") == "rollcall+BCPS\\svc"
    assert resolve(Login("env:ROLLCALL_TEST", "env:ROLLCALL_TEST")) == Credential(SECRET, SECRET)
    assert resolve(Login(r"BCPS\svc", "env:ROLLCALL_TEST")).user == r"BCPS\svc"


@pytest.mark.parametrize(
    "reference",
    ["env:ROLLCALL_NOT_SET", "env:", "file:/no/such/file", "keyring:half", "keyring:/u", "vault:x", "env"],
)
def test_a_reference_that_leads_nowhere_is_named(reference: str) -> None:
    with pytest.raises(CredentialUnavailable) as caught:
        resolve_reference(reference)
    assert reference in str(caught.value)


def test_a_secret_written_out_is_refused_and_not_repeated() -> None:
    with pytest.raises(CredentialUnavailable) as caught:
        resolve(Login("u", SECRET))
    assert SECRET not in str(caught.value)


def test_a_file_that_is_no_text_is_not_quoted(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"\xff" + SECRET.encode())
    with pytest.raises(CredentialUnavailable) as caught:
        resolve_reference(f"file:{tmp_path / 'secret'}")
    assert SECRET not in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_keyring_that_fails_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_service: str, _user: str) -> str:
        raise keyring.errors.KeyringLocked(SECRET)

    monkeypatch.setattr(keyring, "get_password", fail)
    with pytest.raises(CredentialUnavailable, match="KeyringLocked") as caught:
        resolve_reference("keyring:a/b")
    assert SECRET not in str(caught.value)


def test_a_connector_opens_nothing_and_finds_hosts_without_case() -> None:
    connector = HostConnector({"dhs-srv01": TARGET}, {})
    with connector.connect(Host("DHS-SRV01", "dundalk-hs", ("server",))):
        pass
    with pytest.raises(StepFailed, match="no connection settings"):
        connector.connect(Host("DHS-SRV99", "dundalk-hs", ()))


def test_the_watchdog_wakes_a_blocked_receive_and_leaves_no_thread() -> None:
    ours, theirs = socket.socketpair()
    watchdog = Watchdog(Cord())
    before = threading.active_count()
    with ours, theirs:
        watchdog.cord.hold(ours)
        with watchdog.limit(0.1):
            assert ours.recv(1) == b""
        assert watchdog.expired
        assert threading.active_count() == before
        watchdog.cord.release()


def test_a_step_in_time_is_not_cut() -> None:
    ours, theirs = socket.socketpair()
    watchdog = Watchdog(Cord())
    with ours, theirs:
        watchdog.cord.hold(ours)
        with watchdog.limit(30):
            assert 0 < watchdog.remaining <= 30
        theirs.sendall(b"x")
        assert ours.recv(1) == b"x"
        assert not watchdog.expired
        assert watchdog.remaining == float("inf")
        watchdog.cord.release()


def test_a_connection_made_after_time_is_up_is_cut_at_once() -> None:
    ours, theirs = socket.socketpair()
    cord = Cord()
    with ours, theirs:
        cord.cut()
        cord.hold(ours)
        assert theirs.recv(1) == b""
        cord.release()


def test_cutting_never_hits_a_descriptor_that_was_reused() -> None:
    ours, theirs = socket.socketpair()
    cord = Cord()
    cord.hold(ours)
    ours.close()
    other, peer = socket.socketpair()  # very likely has the number that was freed
    with theirs, other, peer:
        cord.cut()
        peer.sendall(b"x")
        assert other.recv(1) == b"x"
        cord.release()


def test_a_host_s_words_fit_one_line() -> None:
    assert one_line("a\r\nb\x1b[2J\u202ec\u2028d") == "a b [2J c d"
    assert len(one_line("x" * 1000)) == 400
