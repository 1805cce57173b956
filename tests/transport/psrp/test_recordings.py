"""Recorded dialogues with real Windows hosts, read by the code that reads ours."""

from __future__ import annotations

import base64
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from pypsrp.complex_objects import ErrorRecord
from pypsrp.exceptions import WinRMTransportError
from pypsrp.messages import Message, MessageType
from pypsrp.powershell import Fragmenter
from pypsrp.wsman import WSMan
from ruamel.yaml import YAML

from engine.model.command import Statement
from engine.model.errors import HostError, HostUnreachable, StepFailed
from engine.model.query import Ask, CommandError, EnumValue, PsObject, PsValue, Reply
from engine.transport.psrp.clixml import ClixmlSerializer
from engine.transport.psrp.session import PsrpSession
from engine.transport.psrp.values import command_error, plain
from engine.transport.target import Credential, Login, Target
from tests.support.shared import shared

_SHELL = "{http://schemas.microsoft.com/wbem/wsman/1/windows/shell}"


@dataclass(frozen=True)
class Exchange:
    action: str
    request: str
    response: str


def _dialogue(name: str) -> list[Exchange]:
    path = shared("windows/recordings") / f"{name}.yml"
    messages = YAML(typ="safe").load(path.read_text(encoding="utf-8"))["messages"]
    return [
        Exchange(_action(message["request"]), message["request"], message["response"] or "")
        for message in messages
    ]


def _action(request: str) -> str:
    found = re.search(r"<wsa:Action[^>]*>([^<]*)<", request)
    return found.group(1).rpartition("/")[2] if found else ""


def _messages(dialogue: Sequence[Exchange]) -> Iterator[Message]:
    """Every PSRP message that the host sent."""
    fragmenters: dict[str | None, Fragmenter] = {}
    for exchange in dialogue:
        if not exchange.response.startswith("<s:Envelope") or "/shell/cmd" in exchange.request:
            continue
        envelope = ET.fromstring(exchange.response)  # noqa: S314 - reference data
        for stream in envelope.iter(f"{_SHELL}Stream"):
            command = stream.attrib.get("CommandId")
            fragmenter = fragmenters.setdefault(command, Fragmenter(1_000_000, ClixmlSerializer()))
            yield from fragmenter.defragment(base64.b64decode(stream.text or ""))


def _outputs(name: str) -> list[PsValue | CommandError]:
    messages = (m for m in _messages(_dialogue(name)) if m.message_type == MessageType.PIPELINE_OUTPUT)
    values = (getattr(message.data, "data", None) for message in messages)
    return [command_error(value) if isinstance(value, ErrorRecord) else plain(value) for value in values]


def _names() -> list[str]:
    for folder in Path(__file__).parents:
        if (folder / "shared/windows/recordings").is_dir():
            return sorted(path.stem for path in (folder / "shared/windows/recordings").glob("test_*.yml"))
    return ["test_psrp_open_runspace"]  # skips, and says why


@pytest.mark.filterwarnings("ignore:Failed to deserialize msg")
@pytest.mark.parametrize("name", _names())
def test_every_message_of_every_recording_is_read_as_plain_data(name: str) -> None:
    for message in _messages(_dialogue(name)):
        data = getattr(message.data, "data", None)
        _is_plain(command_error(data) if isinstance(data, ErrorRecord) else plain(data))


def _is_plain(value: object) -> None:
    assert not type(value).__module__.startswith("pypsrp"), value
    if isinstance(value, tuple):
        for item in value:
            _is_plain(item)
    if isinstance(value, PsObject):
        for item in value.properties.values():
            _is_plain(item)


def test_a_service_is_read_with_its_lists_and_with_enums_as_windows_sends_them_in_it() -> None:
    service = next(v for v in _outputs("test_psrp_multiple_commands") if isinstance(v, PsObject))
    assert service.type_name == "System.ServiceProcess.ServiceController"
    assert service.prop("ServicesDependedOn") == ("RPCSS", "HTTP")
    assert service.prop("Status") == "Running", "a text here, although it is an enum"
    assert service.prop("CanStop") is True
    assert service.prop("Site") is None


def test_an_enum_is_read_with_its_number() -> None:
    commands = [v for v in _outputs("test_psrp_get_command_metadata") if isinstance(v, PsObject)]
    kinds = {v.prop("CommandType") for v in commands}
    assert {EnumValue("Cmdlet", 8), EnumValue("Function", 2)} <= kinds


def test_an_error_merged_into_the_output_is_read() -> None:
    errors = [v for v in _outputs("test_psrp_run_protocol_version_2.3") if isinstance(v, CommandError)]
    assert [(e.error_id, e.message, e.command) for e in errors] == [
        ("Microsoft.PowerShell.Commands.WriteErrorException", "error", "Write-Error")
    ]


class Replay:
    """Stands in for pypsrp's transport: gives the recorded answers, made to answer our requests."""

    def __init__(self, dialogue: Sequence[Exchange]) -> None:
        self.endpoint = "https://127.0.0.1:5986/wsman"
        self.left = list(dialogue)
        self.sent: list[str] = []

    def send(self, message: bytes, **_limits: object) -> bytes:
        """pypsrp's transport method; there is nothing to wait for."""
        request = message.decode()
        self.sent.append(_action(request))
        exchange = self.left.pop(0)
        assert exchange.action == self.sent[-1]
        ours = re.search(r"<wsa:MessageID>([^<]*)<", request)
        assert ours is not None
        if "<s:Fault" in exchange.response:
            raise WinRMTransportError("http", 500, exchange.response)
        return re.sub(r"(<\w+:RelatesTo>)[^<]*", rf"\g<1>{ours.group(1)}", exchange.response).encode()

    def close(self) -> None:
        """Nothing is open."""


@dataclass
class Replayed:
    transport: Replay
    session: PsrpSession
    answers: list[object] = field(default_factory=list)


@pytest.fixture
def replay(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], Replayed]:
    """A session that talks to a recording."""

    def start(name: str) -> Replayed:
        transport = Replay(_dialogue(name))
        target = Target("DHS-SRV01", "127.0.0.1", Login("u", "env:X"))
        session = PsrpSession(target, lambda: Credential("u", "p"), {})

        def connect(_: PsrpSession) -> WSMan:
            wsman = WSMan("127.0.0.1", username="u", password="p")  # noqa: S106 - never sent
            monkeypatch.setattr(wsman, "transport", transport)
            return wsman

        monkeypatch.setattr(PsrpSession, "_connect", connect)
        return Replayed(transport, session)

    return start


ASK = Ask(statement=Statement.of("Get-Thing"))


def test_a_recorded_batch_is_received_and_its_missing_marker_noticed(
    replay: Callable[[str], Replayed],
) -> None:
    replayed = replay("test_client_execute_ps")
    reply = replayed.session.ask([ASK])[ASK]
    replayed.session.close()
    assert isinstance(reply, Reply)
    assert len(reply.output) > 1
    assert [error.error_id for error in reply.errors] == ["NotRun"], (
        "a host that gives no marker is not believed"
    )
    assert replayed.transport.sent[-3:] == ["Command", "Receive", "Delete"]


def test_a_recorded_pipeline_that_takes_long_is_polled(replay: Callable[[str], Replayed]) -> None:
    replayed = replay("test_psrp_long_running_cmdlet")
    reply = replayed.session.ask([ASK])[ASK]
    replayed.session.close()
    assert isinstance(reply, Reply)
    assert reply.output == ("hi",)
    assert replayed.transport.sent[3:] == ["Command", "Receive", "Receive", "Receive", "Delete"]


def test_a_recorded_failure_is_the_statement_s_error(replay: Callable[[str], Replayed]) -> None:
    replayed = replay("test_client_execute_ps_failure")
    reply = replayed.session.ask([ASK])[ASK]
    assert isinstance(reply, Reply)
    (error,) = reply.errors
    assert error.error_id == "CommandNotFoundException,Microsoft.PowerShell.Commands.InvokeExpressionCommand"
    assert error.category == "ObjectNotFound"
    assert error.message.startswith("The term 'Get-ServiceTypo' is not recognized")


@pytest.mark.parametrize(
    ("name", "kind", "number"),
    [
        ("test_psrp_receive_failure", HostUnreachable, None),  # the shell is gone
        ("test_psrp_is_alive_other_wsman_error", StepFailed, "0x8033800F"),
        ("test_winrs_no_cmd_shell", StepFailed, "0x80070002"),
        ("test_winrs_fail_poll_process", StepFailed, "87"),
    ],
)
def test_a_recorded_fault_is_told_in_one_line(
    replay: Callable[[str], Replayed], name: str, kind: type[HostError], number: str | None
) -> None:
    fault = next(exchange for exchange in _dialogue(name) if "<s:Fault" in exchange.response)
    replayed = replay("test_psrp_open_runspace")
    replayed.transport.left[3:] = [Exchange("Command", "", fault.response)]
    with pytest.raises(HostError) as caught:
        replayed.session.ask([ASK])
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    if number is not None:
        assert caught.value.cause.endswith(f"({number})")
