"""Logging on: who is let in how, and what a connection may carry then."""

from __future__ import annotations

import base64

import pytest
import requests
import spnego
from pypsrp.exceptions import AuthenticationError, WinRMTransportError, WSManFaultError
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan
from spnego.channel_bindings import GssChannelBindings
from winrm import Session
from winrm.exceptions import InvalidCredentialsError

from tests.support.winrm_host import PASSWORD, TEACHER, TEACHERS_PASSWORD, USER, Running

_IDENTIFY = (
    b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
    b' xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
    b"<s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>"
)


def _run_once(wsman: WSMan) -> list[object]:
    with wsman, RunspacePool(wsman) as pool:
        output: list[object] = PowerShell(pool).add_cmdlet("Get-It").add_parameter("Name", "it").invoke()
        return output


@pytest.mark.parametrize(
    ("auth", "tls"),
    [("ntlm", False), ("negotiate", False), ("ntlm", True), ("negotiate", True), ("basic", True)],
)
def test_an_administrator_is_let_in(running: Running, auth: str, tls: bool) -> None:
    assert _run_once(running.client(auth, tls)) == ["it"]
    assert running.host.counters.logons == 1


@pytest.mark.parametrize(("transport", "tls"), [("ntlm", False), ("ntlm", True), ("basic", True)])
def test_pywinrm_is_let_in(running: Running, transport: str, tls: bool) -> None:
    scheme, port = ("https", running.https) if tls else ("http", running.http)
    session = Session(
        f"{scheme}://{running.address}:{port}/wsman",
        auth=(USER, PASSWORD),
        transport=transport,
        ca_trust_path=str(running.ca_file),
    )
    assert session.run_cmd("ver").status_code == 0


@pytest.mark.parametrize("user", ["svc-rollcall", r"bcps\SVC-ROLLCALL", r"BCPS\svc-rollcall"])
def test_names_are_found_without_case_and_without_domain(running: Running, user: str) -> None:
    assert _run_once(running.client("basic", tls=True, user=user)) == ["it"]


@pytest.mark.parametrize(("auth", "tls"), [("ntlm", False), ("negotiate", True), ("basic", True)])
@pytest.mark.parametrize(("user", "password"), [(USER, "wrong"), (r"BCPS\nobody", PASSWORD)])
def test_a_wrong_password_or_user_is_refused(
    running: Running, auth: str, tls: bool, user: str, password: str
) -> None:
    with pytest.raises(AuthenticationError):
        _run_once(running.client(auth, tls, user, password))
    assert running.host.counters.logons == 0


def test_pywinrm_says_so_too(running: Running) -> None:
    session = Session(
        f"http://{running.address}:{running.http}/wsman", auth=(USER, "wrong"), transport="ntlm"
    )
    with pytest.raises(InvalidCredentialsError):
        session.run_cmd("ver")


def test_a_user_who_is_no_administrator_may_log_on_and_do_nothing(running: Running) -> None:
    with pytest.raises(WSManFaultError) as refused:
        _run_once(running.client(user=TEACHER, password=TEACHERS_PASSWORD))
    assert refused.value.code == 5
    assert running.host.counters.logons == 1
    assert running.host.engines == 0


def test_basic_is_neither_offered_nor_taken_without_tls(running: Running) -> None:
    url = f"http://{running.address}:{running.http}/wsman"
    response = requests.post(url, data=b"", auth=(USER, PASSWORD), timeout=5)
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Negotiate, Kerberos"
    tls = requests.post(
        f"https://{running.address}:{running.https}/wsman", timeout=5, verify=str(running.ca_file)
    )
    assert tls.headers["WWW-Authenticate"] == 'Negotiate, Kerberos, Basic realm="WSMAN"'


def test_plain_soap_over_http_is_refused_after_ntlm(running: Running) -> None:
    plain = WSMan(
        running.address,
        port=running.http,
        ssl=False,
        auth="ntlm",
        encryption="never",
        username=USER,
        password=PASSWORD,
    )
    with pytest.raises(WinRMTransportError) as refused:
        _run_once(plain)
    assert refused.value.code == 500
    assert running.host.engines == 0


def test_a_certificate_of_another_authority_is_not_trusted_by_clients(running: Running) -> None:
    client = WSMan(running.address, port=running.https, auth="basic", username=USER, password=PASSWORD)
    with pytest.raises(requests.exceptions.SSLError):
        _run_once(client)


def test_a_logon_belongs_to_its_connection(running: Running) -> None:
    url = f"https://{running.address}:{running.https}/wsman"
    with requests.Session() as first, requests.Session() as second:
        first.verify = second.verify = str(running.ca_file)
        assert first.post(url, data=_IDENTIFY, auth=(USER, PASSWORD), timeout=5).status_code == 200
        assert second.post(url, data=_IDENTIFY, timeout=5).status_code == 401


@pytest.mark.parametrize(
    "header",
    ["Negotiate", "Negotiate !!!", "NTLM TlRMTVNTUAA=", "Bearer abc", "Basic", "Negotiate " + "A" * 4000],
)
def test_nonsense_in_the_header_is_a_401(running: Running, header: str) -> None:
    url = f"http://{running.address}:{running.http}/wsman"
    response = requests.post(url, headers={"Authorization": header}, timeout=5)
    assert response.status_code == 401


def test_a_challenge_relayed_to_another_certificate_is_refused(running: Running) -> None:
    """Channel binding: a client that saw another certificate is not let in."""

    other = GssChannelBindings(application_data=b"tls-server-end-point:" + b"\0" * 32)
    client = spnego.client(USER, PASSWORD, protocol="ntlm", channel_bindings=other)
    url = f"https://{running.address}:{running.https}/wsman"
    with requests.Session() as session:
        session.verify = str(running.ca_file)
        token = base64.b64encode(client.step() or b"").decode()
        challenge = session.post(url, headers={"Authorization": f"NTLM {token}"}, timeout=5)
        answer = base64.b64decode(challenge.headers["WWW-Authenticate"].partition(" ")[2])
        token = base64.b64encode(client.step(answer) or b"").decode()
        refused = session.post(url, headers={"Authorization": f"NTLM {token}"}, timeout=5)
    assert (challenge.status_code, refused.status_code) == (401, 401)
