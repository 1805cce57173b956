"""Message encryption: what one side seals, the other opens; what was touched, it refuses."""

from __future__ import annotations

from pathlib import Path

import pytest
import spnego
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypsrp.encryption import WinRMEncryption

from engine.rehearsal.winrm.encryption import NotDecryptable, SealedForm, seal, sealed_form, unseal
from tests.support.winrm_host import PASSWORD, USER

_FORM = SealedForm("application/HTTP-SPNEGO-session-encrypted", "Encrypted Boundary")
_KEEP = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.fixture
def contexts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[spnego.ContextProxy, spnego.ContextProxy]:
    """A client's and a server's end of one NTLM session."""
    credentials = tmp_path / "credentials"
    credentials.write_text(f"BCPS:svc-rollcall:{PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(credentials))
    client = spnego.client(USER, PASSWORD, protocol="ntlm", options=spnego.NegotiateOptions.wrapping_winrm)
    server = spnego.server(protocol="negotiate")
    token = client.step()
    while not (client.complete and server.complete):
        answer = server.step(token)
        token = client.step(answer) if answer else None
    return client, server


@_KEEP
@given(message=st.binary(min_size=1, max_size=2_000))
def test_what_is_sealed_is_opened(
    contexts: tuple[spnego.ContextProxy, spnego.ContextProxy], message: bytes
) -> None:
    client, server = contexts
    assert unseal(server, _FORM, seal(client, _FORM, message)) == message
    assert unseal(client, _FORM, seal(server, _FORM, message)) == message


def test_pypsrp_seals_and_opens_alike(contexts: tuple[spnego.ContextProxy, spnego.ContextProxy]) -> None:
    client, server = contexts
    theirs = WinRMEncryption(client, WinRMEncryption.SPNEGO)
    content_type, body = theirs.wrap_message(b"<a/>")
    form = sealed_form(f'{content_type};protocol="{theirs.protocol}";boundary="Encrypted Boundary"')
    assert form == _FORM
    assert unseal(server, _FORM, body) == b"<a/>"
    assert theirs.unwrap_message(seal(server, _FORM, b"<b/>"), "Encrypted Boundary") == b"<b/>"


@_KEEP
@given(at=st.integers(0, 400), bit=st.integers(0, 7))
def test_a_flipped_bit_is_noticed(
    contexts: tuple[spnego.ContextProxy, spnego.ContextProxy], at: int, bit: int
) -> None:
    client, server = contexts
    sealed = bytearray(seal(client, _FORM, b"<envelope/>" * 20))
    start = sealed.index(b"octet-stream\r\n") + 14
    sealed[start + at % (220 + 20)] ^= 1 << bit
    with pytest.raises(NotDecryptable):
        unseal(server, _FORM, bytes(sealed))
    # The server's counter has moved on or not; a session that failed is never used again.


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--Encrypted Boundary\r\n",
        b"--Encrypted Boundary\r\n\tLength=5\r\n--Encrypted Boundary\r\n"
        b"\tContent-Type: application/octet-stream\r\n\x01--Encrypted Boundary--\r\n",
        b"--Encrypted Boundary\r\n\tLength=5\r\n--Encrypted Boundary\r\n"
        b"\tContent-Type: application/octet-stream\r\n\xff\xff\xff\xff0000--Encrypted Boundary--\r\n",
    ],
)
def test_what_is_no_sealed_message_is_refused(
    contexts: tuple[spnego.ContextProxy, spnego.ContextProxy], body: bytes
) -> None:
    with pytest.raises(NotDecryptable):
        unseal(contexts[1], _FORM, body)


@pytest.mark.parametrize(
    "content_type",
    ['multipart/x-multi-encrypted;protocol="application/HTTP-CredSSP-session-encrypted"', "multipart/mixed"],
)
def test_other_multiparts_are_refused(content_type: str) -> None:
    with pytest.raises(NotDecryptable):
        sealed_form(content_type)


def test_plain_soap_is_not_sealed() -> None:
    assert sealed_form("application/soap+xml;charset=UTF-8") is None
