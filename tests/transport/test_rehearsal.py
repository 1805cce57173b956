"""One session against a whole simulated host: PowerShell, programs, files and the lease together."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator

import pytest

from engine.kinds.scripts import functions
from engine.model.command import Argument, Statement
from engine.model.errors import HostUnreachable, LeaseHeld, ProtocolBroken
from engine.model.query import (
    Ask,
    Content,
    Missing,
    PsObject,
    ReadFile,
    ReadSecurity,
    Reply,
    Security,
    Unread,
)
from engine.model.resource import Host
from engine.model.session import HostSession
from engine.model.step import InlineContent, MakeDirectory, PutFile, RunProcess
from engine.rehearsal.windows.faults import Fault
from engine.transport.connector import HostConnector
from engine.transport.target import Authentication, Login, Target, Timeouts
from tests.support.fleet import ADMINISTRATOR, PASSWORD, Fleet, write_fleet

SERVER = Host("DHS-SRV01", "dundalk-hs", ("server",))


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    folder = tmp_path_factory.mktemp("fleet")
    write_fleet(folder, ["DHS-SRV01"])
    running = Fleet(folder, shards=1)
    running.start()
    yield running
    running.end()


@pytest.fixture
def connector(fleet: Fleet, monkeypatch: pytest.MonkeyPatch) -> HostConnector:
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", PASSWORD)
    endpoints = fleet.endpoints
    targets = {
        name: Target(
            host=name,
            address=endpoint.address,
            login=Login(ADMINISTRATOR, "env:ROLLCALL_TEST_PASSWORD"),
            port=endpoint.winrm_https,
            authentication=Authentication.NTLM,
            ca_file=endpoints.ca_file,
            timeouts=Timeouts(connect=5, read=5, step=30),
            smb_port=endpoint.smb,
        )
        for name, endpoint in endpoints.hosts.items()
    }
    return HostConnector(targets, functions())


@pytest.fixture
def session(connector: HostConnector) -> Iterator[HostSession]:
    with connector.connect(SERVER) as session:
        yield session


def _ask(name: str, **parameters: Argument) -> Ask:
    return Ask(statement=Statement.of(name, parameters))


def _objects(answer: object) -> list[PsObject]:
    assert isinstance(answer, Reply), answer
    assert not answer.errors, answer.errors
    return [value for value in answer.output if isinstance(value, PsObject)]


def test_one_read_answers_questions_of_every_sort(session: HostSession) -> None:
    registry = _ask("Get-RollcallRegistryValue", Value=r"64:HKLM\SOFTWARE\\NoSuch")
    service = _ask("Get-Service", Name="Spooler")
    no_share = _ask("Get-SmbShare", Name="NoSuchShare")
    nowhere = ReadFile(path=r"C:\no\such.txt", limit=1)
    windows = ReadSecurity(path=r"C:\Windows")
    answers = session.read([registry, service, no_share, nowhere, windows])
    assert [value.prop("ValueExists") for value in _objects(answers[registry])] == [False]
    assert [value.prop("Name") for value in _objects(answers[service])] == ["Spooler"]
    missing = answers[no_share]
    assert isinstance(missing, Reply)
    assert [error.category for error in missing.errors] == ["ObjectNotFound"]
    assert answers[nowhere] == Missing()
    found = answers[windows]
    assert isinstance(found, Security)
    assert found.is_directory
    assert found.descriptor.entries


def test_what_is_asked_together_is_answered_as_if_asked_alone(session: HostSession) -> None:
    def ask(name: str) -> Ask:
        statement = Statement.of("Get-Service", {"Name": name})
        return Ask(statement=statement, properties=("Name", "Status", "StartType"), together="Name")

    asks = [ask(name) for name in ("spooler", "no'such", "WinRM")]
    # A pattern finds what has another name, and nothing where it finds nothing.
    odd = [ask(name) for name in ("Spool*", "NoSuch*", "[")]
    together = session.read([*asks, *odd])
    for question in (*asks, *odd):
        assert together[question] == session.read([question])[question]
    assert [value.prop("StartType") for value in _objects(together[asks[0]])] == ["Automatic"]
    missing = together[asks[1]]
    assert isinstance(missing, Reply)
    assert [(error.target, error.category) for error in missing.errors] == [("no'such", "ObjectNotFound")]
    assert [value.prop("Name") for value in _objects(together[odd[0]])] == ["Spooler"]
    assert together[odd[1]] == Reply(())


def test_a_change_and_its_proof_travel_together(session: HostSession) -> None:
    session.write(MakeDirectory(path=r"D:\Shares\Staff"))
    share = _ask("Get-SmbShare", Name="Staff")
    folder = ReadSecurity(path=r"D:\Shares\Staff")
    create = Statement.of("New-SmbShare", {"Name": "Staff", "Path": r"D:\Shares\Staff"})
    done = session.invoke([create], then=[share, folder])
    assert not done.replies[0].errors
    assert [value.prop("Path") for value in _objects(done.answers[share])] == [r"D:\Shares\Staff"]
    assert isinstance(done.answers[folder], Security)
    again = session.invoke([create, create], then=[share, folder])
    assert again.replies[0].errors
    assert again.replies[0].errors[0].error_id != "NotRun"
    assert [error.error_id for error in again.replies[1].errors] == ["NotRun"]
    assert all(isinstance(answer, Unread) for answer in again.answers.values())


def test_a_program_s_output_and_a_file_come_back(session: HostSession) -> None:
    result = session.run(RunProcess(executable="hostname.exe", arguments=(), timeout_seconds=20))
    assert (result.exit_code, result.output.strip().upper()) == (0, "DHS-SRV01")
    data = "größe\r\n".encode()
    digest = hashlib.sha256(data).hexdigest()
    content = InlineContent(base64=base64.b64encode(data).decode())
    session.write(PutFile(path=r"C:\Windows\Temp\a.log", content=content, sha256=digest, size=len(data)))
    query = ReadFile(path=r"C:\Windows\Temp\a.log", limit=100)
    assert session.read([query])[query] == Content(len(data), digest, data)
    assert session.read_tail(r"C:\Windows\Temp\a.log", 100) == "größe\r\n"


def test_the_lease_keeps_a_second_controller_out(connector: HostConnector, session: HostSession) -> None:
    held = session.lease("run 1")
    with connector.connect(SERVER) as other:
        with pytest.raises(LeaseHeld, match="run 1"):
            other.lease("run 2")
        held.touch()
        held.release()
        other.lease("run 2").release()


@pytest.mark.parametrize(
    ("fault", "kind"),
    [(Fault.OFFLINE, HostUnreachable), (Fault.REFUSE, HostUnreachable), (Fault.WRONG_ANSWER, ProtocolBroken)],
)
def test_a_host_s_faults_are_told(
    connector: HostConnector, fleet: Fleet, fault: Fault, kind: type[Exception]
) -> None:
    fleet.control.fault("DHS-SRV01", fault)
    try:
        with connector.connect(SERVER) as session, pytest.raises(kind):
            session.read([_ask("Get-Service", Name="Spooler")])
    finally:
        fleet.control.fault("DHS-SRV01", fault, on=False)
