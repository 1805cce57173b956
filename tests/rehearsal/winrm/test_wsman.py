"""WS-Management faults: whatever is wrong gets an answer, with the code that Windows gives."""

from __future__ import annotations

import uuid
from xml.etree.ElementTree import Element, SubElement

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st
from pypsrp.exceptions import WSManFaultError
from pypsrp.powershell import RunspacePool
from pypsrp.shell import WinRS
from pypsrp.wsman import NAMESPACES, SelectorSet, WSMan

from engine.rehearsal.winrm import envelope, faults
from engine.rehearsal.winrm.shell import MAX_SHELLS_PER_USER
from tests.support.winrm_host import PASSWORD, USER, Exit, Process, Running

_CMD = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd"
_RSP = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"


def _selectors(shell_id: str | None) -> SelectorSet:
    selectors = SelectorSet()
    selectors.add_option("ShellId", shell_id or "")
    return selectors


def _receive(command_id: str = "") -> Element:
    receive = Element(f"{_RSP}Receive")
    stream = SubElement(receive, f"{_RSP}DesiredStream")
    stream.text = "stdout stderr"
    if command_id:
        stream.set("CommandId", command_id)
    return receive


def _fault_of(wsman: WSMan, action: str, body: Element | None, shell_id: str, uri: str = _CMD) -> int:
    with pytest.raises(WSManFaultError) as raised:
        wsman.invoke(action, uri, body, selector_set=_selectors(shell_id))
    return int(raised.value.code or 0)


def test_a_shell_that_does_not_exist(running: Running) -> None:
    with running.client() as wsman:
        code = _fault_of(wsman, f"{_CMD[:-3]}Receive", _receive(), str(uuid.uuid4()))
    assert code == faults.UNEXPECTED_SELECTORS


def test_a_command_that_does_not_exist(running: Running) -> None:
    with running.client() as wsman, WinRS(wsman) as shell:
        code = _fault_of(wsman, f"{_CMD[:-3]}Receive", _receive(str(uuid.uuid4())), shell.id or "")
    assert code == faults.UNEXPECTED_SELECTORS


def test_an_unknown_action_and_an_unknown_resource(running: Running) -> None:
    with running.client() as wsman:
        assert _fault_of(wsman, f"{_CMD[:-3]}Dance", None, "X") == faults.ACTION_NOT_SUPPORTED
        shell = Element(f"{_RSP}Shell")
        create = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create"
        assert _fault_of(wsman, create, shell, "", "http://example.invalid/x") == faults.INVALID_RESOURCE_URI


def test_a_bad_stream_and_a_bad_creation_document(running: Running) -> None:
    create = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Create"
    uri = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"
    for creation in ("", "AAAA", "bm8gZnJhZ21lbnQgYXQgYWxsLCBqdXN0IHRleHQ="):
        shell = Element(f"{_RSP}Shell")
        SubElement(shell, "{http://schemas.microsoft.com/powershell}creationXml").text = creation
        with running.client() as wsman:
            assert _fault_of(wsman, create, shell, "", uri) == faults.INVALID_PARAMETER


def test_fragments_that_are_no_messages_are_refused_and_the_pool_goes_on(running: Running) -> None:
    with running.client() as wsman, RunspacePool(wsman) as pool:
        line = Element(f"{_RSP}CommandLine", CommandId=str(uuid.uuid4()).upper())
        SubElement(line, f"{_RSP}Command")
        SubElement(line, f"{_RSP}Arguments").text = "AAAAAAAAAAEAAAAAAAAAAAMAAAAEAAAAAA=="
        uri = "http://schemas.microsoft.com/powershell/Microsoft.PowerShell"
        code = _fault_of(wsman, f"{_CMD[:-3]}Command", line, pool.id.upper(), uri)
    assert code == faults.INVALID_PARAMETER


def test_nothing_within_the_time_limit_is_a_timeout_fault(running: Running) -> None:
    hold = running.event()
    running.host.process = lambda _: Process(Exit(), hold)
    with running.client() as wsman:
        wsman.operation_timeout = 1
        with WinRS(wsman) as shell:
            command = Element(f"{_RSP}CommandLine")
            SubElement(command, f"{_RSP}Command").text = "wait.exe"
            answer = wsman.command(_CMD, command, selector_set=_selectors(shell.id))
            command_id = answer.findtext(f"{_RSP}CommandResponse/{_RSP}CommandId") or ""
            code = _fault_of(wsman, f"{_CMD[:-3]}Receive", _receive(command_id), shell.id or "")
    assert code == faults.OPERATION_TIMED_OUT


def test_a_user_has_no_more_shells_than_windows_allows(running: Running) -> None:
    with running.client() as wsman:
        shells = [WinRS(wsman) for _ in range(MAX_SHELLS_PER_USER)]
        for shell in shells:
            shell.open()
        with pytest.raises(WSManFaultError) as refused:
            WinRS(wsman).open()
        assert refused.value.code == faults.MAX_SHELLS_OF_USER
        shells[0].close()
        with WinRS(wsman):
            pass


def test_another_users_shell_does_not_exist(running: Running) -> None:
    """Shells are found by id and owner; the same user on a new connection finds its own."""
    with running.client() as first, WinRS(first) as shell, running.client() as second:
        get = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"
        body = second.invoke(get, _CMD, None, selector_set=_selectors(shell.id))
        assert body.findtext(f".//{_RSP}ShellId") == shell.id


def test_a_shell_is_described_as_long_as_it_exists(running: Running) -> None:
    with running.client() as wsman:
        with RunspacePool(wsman) as pool:
            get = "http://schemas.xmlsoap.org/ws/2004/09/transfer/Get"
            selectors = _selectors(pool.id.upper())
            shell = wsman.invoke(get, _CMD[:-4], None, selector_set=selectors)
            assert shell.findtext(f".//{_RSP}State") == "Connected"
            assert shell.findtext(f".//{_RSP}Owner") == USER
        with pytest.raises(WSManFaultError) as gone:
            wsman.invoke(get, _CMD[:-4], None, selector_set=selectors)
    assert (gone.value.code, gone.value.provider) == (faults.UNEXPECTED_SELECTORS, "Shell provider")


def _post(running: Running, data: bytes) -> requests.Response:
    return requests.post(
        f"https://{running.address}:{running.https}/wsman",
        data=data,
        auth=(USER, PASSWORD),
        headers={"Content-Type": "application/soap+xml;charset=UTF-8"},
        verify=str(running.ca_file),
        timeout=5,
    )


@pytest.mark.parametrize(
    "message",
    [
        b"<not xml",
        b"<a/>",
        b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body/></s:Envelope>',
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body/></s:Envelope>',
        b"\xff\xfe\x00",
    ],
)
def test_what_is_no_envelope_is_a_schema_fault(running: Running, message: bytes) -> None:
    response = _post(running, message)
    assert response.status_code == 500
    assert f'Code="{faults.SCHEMA_INVALID}" Machine="{running.host.name}"' in response.text


def test_identify_needs_no_headers(running: Running) -> None:
    response = _post(
        running,
        b'<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"'
        b' xmlns:i="http://schemas.dmtf.org/wbem/wsman/identity/1/wsmanidentity.xsd">'
        b"<s:Header/><s:Body><i:Identify/></s:Body></s:Envelope>",
    )
    assert response.status_code == 200
    assert "Microsoft Corporation" in response.text


def test_a_negative_timeout_is_refused_as_windows_words_it(running: Running) -> None:
    with running.client() as wsman:
        wsman.operation_timeout = -1
        with pytest.raises(WSManFaultError) as refused:
            WinRS(wsman).open()
    assert refused.value.code == faults.INVALID_HEADER
    assert "PT-1S" in str(refused.value)


@given(
    days=st.integers(0, 400),
    hours=st.integers(0, 23),
    minutes=st.integers(0, 59),
    seconds=st.integers(0, 59_999).map(lambda milliseconds: milliseconds / 1000),
)
def test_durations_are_read_in_seconds(days: int, hours: int, minutes: int, seconds: float) -> None:
    text = f"P{days}DT{hours}H{minutes}M{seconds:.3f}S"
    expected = ((days * 24 + hours) * 60 + minutes) * 60 + seconds
    assert envelope.seconds(text) == pytest.approx(expected, abs=1e-6)


@pytest.mark.parametrize("text", ["", "P", "PT", "20", "PT-1S", "P1Y", "PT1S "[:3] + "x"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(faults.WsmanFault):
        envelope.seconds(text)


def test_namespaces_of_the_client_and_of_the_answer_agree(running: Running) -> None:
    assert NAMESPACES["rsp"] == _RSP.strip("{}")
    assert running.host.counters.http_requests == 0
