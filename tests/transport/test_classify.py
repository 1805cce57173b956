"""The boundary: every error of a library is one typed line, and none of it is a secret."""

from __future__ import annotations

import struct
from xml.etree.ElementTree import ParseError

import pypsrp.exceptions
import pytest
import requests
import winrm.exceptions
from hypothesis import given
from hypothesis import strategies as st
from smbprotocol.exceptions import SMBConnectionClosed, SMBException
from spnego.exceptions import InvalidTokenError

from engine.model.errors import (
    AccessDenied,
    HostError,
    HostUnreachable,
    LeaseHeld,
    LogonFailed,
    ProtocolBroken,
    StepFailed,
)
from engine.transport import session as sessions
from engine.transport.classify import boundary, classify
from engine.transport.faults import fault_error
from engine.transport.ntstatus import Status, wording
from engine.transport.session import WindowsSession
from engine.transport.smb.text import decode_tail
from engine.transport.target import Authentication, Login, Target

SECRET = "Correct-Horse-7"  # noqa: S105 - made up


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (requests.ConnectionError(SECRET), HostUnreachable),
        (requests.ConnectTimeout(SECRET), HostUnreachable),
        (requests.ReadTimeout(SECRET), HostUnreachable),
        (requests.exceptions.ChunkedEncodingError(SECRET), HostUnreachable),
        (requests.exceptions.InvalidURL(SECRET), ProtocolBroken),
        (pypsrp.exceptions.AuthenticationError(SECRET), LogonFailed),
        (winrm.exceptions.InvalidCredentialsError(SECRET), LogonFailed),
        (pypsrp.exceptions.WinRMTransportError("http", 503, SECRET), HostUnreachable),
        (winrm.exceptions.WinRMTransportError("http", 503, SECRET), HostUnreachable),
        (pypsrp.exceptions.WinRMTransportError("http", 403, SECRET), LogonFailed),
        (pypsrp.exceptions.WinRMTransportError("http", 404, SECRET), ProtocolBroken),
        (pypsrp.exceptions.WinRMError(SECRET), ProtocolBroken),
        (winrm.exceptions.WinRMError(SECRET), ProtocolBroken),
        (winrm.exceptions.WinRMOperationTimeoutError(SECRET), HostUnreachable),
        (InvalidTokenError(context_msg=SECRET), LogonFailed),
        (ParseError(SECRET), ProtocolBroken),
        (KeyError(SECRET), ProtocolBroken),
        (AttributeError(SECRET), ProtocolBroken),
        (StopIteration(SECRET), ProtocolBroken),
        (AssertionError(SECRET), ProtocolBroken),
        (ValueError(SECRET), ProtocolBroken),
        (struct.error(SECRET), ProtocolBroken),
        (SMBConnectionClosed(SECRET), HostUnreachable),
        (SMBException(SECRET), ProtocolBroken),
        (BrokenPipeError(SECRET), HostUnreachable),
        (ConnectionRefusedError(SECRET), HostUnreachable),
        (TimeoutError(SECRET), HostUnreachable),
    ],
)
def test_every_known_error_has_a_type_and_keeps_its_text_to_itself(
    error: Exception, kind: type[HostError]
) -> None:
    found = classify(error, "DHS-SRV01", "read")
    assert type(found) is kind
    assert SECRET not in str(found)
    assert str(found).startswith("DHS-SRV01: read: ")
    assert "\n" not in str(found)


def test_a_typed_error_passes_as_it_is_and_an_interrupt_is_none() -> None:
    held = LeaseHeld("h", "take the lease", "held by a.rivera")
    with pytest.raises(LeaseHeld) as caught, boundary("other", "other"):
        raise held
    assert caught.value is held
    with pytest.raises(KeyboardInterrupt), boundary("h", "s"):
        raise KeyboardInterrupt


@given(st.one_of(st.integers(0, 2**32 - 1), st.text(max_size=30)), st.text(max_size=2000))
def test_any_fault_is_one_short_line(code: int | str, reason: str) -> None:
    line = str(fault_error(code, reason, "h", "s"))
    assert len(line) < 500
    assert line.isprintable() or "\n" not in line


def test_faults_with_a_meaning_of_their_own_are_told_apart() -> None:
    assert isinstance(fault_error(5, "Access is denied.", "h", "s"), AccessDenied)
    assert isinstance(fault_error(1326, "", "h", "s"), LogonFailed)
    assert isinstance(fault_error(0x8033805B, "gone", "h", "s"), HostUnreachable)
    quota = fault_error(0x803381A6, "", "h", "s")
    assert isinstance(quota, StepFailed)
    assert "too many shells" in quota.cause


@given(st.integers(0, 2**32 - 1))
def test_every_status_has_words_and_its_number(status: int) -> None:
    assert wording(status).endswith(f"(0x{status:08X})")


def test_the_numbers_of_statuses_are_unique() -> None:
    assert len(Status) == len({status.value for status in Status})


@given(st.binary(max_size=60), st.integers(0, 60))
def test_any_log_is_text(data: bytes, limit: int) -> None:
    start = max(0, len(data) - limit)
    assert isinstance(decode_tail(data[:3], data[start:], start), str)


@given(st.text(max_size=30), st.integers(0, 60), st.sampled_from(["utf-8", "utf-16"]))
def test_a_log_s_tail_is_the_end_of_its_text(text: str, limit: int, encoding: str) -> None:
    data = ("\ufeff" + text).encode("utf-16-le") if encoding == "utf-16" else text.encode()
    start = max(0, len(data) - limit)
    tail = decode_tail(data[:3], data[start:], start)
    if encoding == "utf-8":
        assert text.removeprefix("\ufeff").endswith(tail) or not data[start:].isascii()
    else:
        assert text.lstrip("\ufeff").endswith(tail.lstrip("\ufffd\ufeff"))


def test_kerberos_without_its_libraries_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sessions, "find_spec", lambda _name: None)
    target = Target(
        "DHS-SRV01", "127.0.0.1", Login("u", "env:X"), authentication=Authentication.KERBEROS, smb_port=9
    )
    with WindowsSession(target, {}) as session, pytest.raises(StepFailed, match=r"rollcall\[kerberos\]"):
        session.read_tail(r"C:\x.log", 10)
