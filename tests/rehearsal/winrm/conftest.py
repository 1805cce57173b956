"""A WinRM endpoint in a thread, with a host behind it that does what a test tells it to."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import trustme
from pypsrp.wsman import WSMan

from engine.rehearsal.fleet.addresses import Listeners
from engine.rehearsal.fleet.authority import issue
from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.powershell.records import CommandCall, Output, Record
from engine.rehearsal.windows.principals import AccessToken, Domain, Principals, User
from engine.rehearsal.winrm.endpoint import WinrmEndpoint
from engine.rehearsal.winrm.seam import (
    Engine,
    ExecutableNotFound,
    LogonRefused,
    ProcessRequest,
    RunningProcess,
)

USER, PASSWORD = r"BCPS\svc-rollcall", "Rehearse-1"
TEACHER, TEACHERS_PASSWORD = r"BCPS\a.rivera", "Teach-1"
START_SECONDS = 10


@dataclass(frozen=True)
class Exit:
    code: int = 0
    stdout: bytes = b""
    stderr: bytes = b""


class Process:
    """Ends when the test lets it, or at once."""

    def __init__(self, result: Exit, hold: asyncio.Event | None = None) -> None:
        self.result = result
        self.terminated = False
        self.ended = False
        self._hold = hold

    async def wait(self) -> Exit:
        if self._hold is not None:
            await self._hold.wait()
        self.ended = True
        return self.result

    def terminate(self) -> None:
        self.terminated = True


Script = Callable[[Sequence[Sequence[CommandCall]]], Iterator[Record]]


def echo(statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
    """Give back the arguments of every command."""
    for statement in statements:
        for call in statement:
            for _, value in call.arguments:
                yield Output(value)


@dataclass
class ScriptedEngine:
    script: Script

    def invoke(self, statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        return self.script(statements)


@dataclass
class ScriptedHost:
    """A host whose PowerShell and programs are what a test sets them to be."""

    name: str = "DHS-SRV01"
    counters: Counters = field(default_factory=Counters)
    faults: set[Fault] = field(default_factory=set)
    script: Script = echo
    engines: int = 0
    requests: list[ProcessRequest] = field(default_factory=list)
    process: Callable[[ProcessRequest], Process] = lambda _: Process(Exit())

    def __post_init__(self) -> None:
        users = [User("svc-rollcall", PASSWORD), User("a.rivera", TEACHERS_PASSWORD)]
        domain = Domain("BCPS", "bcps.example", users, [], ["svc-rollcall"])
        self._principals = Principals(self.name, domain)

    def has_fault(self, fault: Fault) -> bool:
        return fault in self.faults

    def log_on(self, user_name: str) -> AccessToken:
        try:
            return self._principals.token_for(user_name)
        except KeyError as error:
            raise LogonRefused(user_name) from error

    def password_is(self, user_name: str, password: str) -> bool:
        user = self._principals.credential(user_name)
        return user is not None and user.password == password

    def new_engine(self, token: AccessToken) -> Engine:
        assert token.is_administrator
        self.engines += 1
        return ScriptedEngine(lambda statements: self.script(statements))

    def start_process(self, request: ProcessRequest, token: AccessToken) -> RunningProcess:
        assert token.is_administrator
        self.requests.append(request)
        if request.executable == "missing.exe":
            raise ExecutableNotFound(request.executable)
        return self.process(request)


@dataclass
class Running:
    """A served host and how to reach it."""

    host: ScriptedHost
    loop: asyncio.AbstractEventLoop
    address: str
    http: int
    https: int
    ca_file: Path

    def client(
        self, auth: str = "ntlm", tls: bool = False, user: str = USER, password: str = PASSWORD
    ) -> WSMan:
        """An unmodified pypsrp client with short time limits."""
        return WSMan(
            self.address,
            port=self.https if tls else self.http,
            ssl=tls,
            auth=auth,
            username=user,
            password=password,
            cert_validation=str(self.ca_file),
            encryption="always" if not tls else "auto",
            connection_timeout=5,
            read_timeout=15,
            operation_timeout=10,
        )

    def event(self) -> asyncio.Event:
        """An event that belongs to the server's loop."""
        return asyncio.run_coroutine_threadsafe(_new_event(), self.loop).result(START_SECONDS)

    def in_loop(self, function: Callable[[], None]) -> None:
        """Call a function in the server's loop."""
        self.loop.call_soon_threadsafe(function)


async def _new_event() -> asyncio.Event:
    return asyncio.Event()


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: trustme.CA) -> Iterator[Running]:
    """A fresh host behind a real WinRM endpoint, over HTTP and HTTPS."""
    credentials = tmp_path / "credentials"
    credentials.write_text(f"BCPS:svc-rollcall:{PASSWORD}\nBCPS:a.rivera:{TEACHERS_PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(credentials))
    monkeypatch.setenv("NO_PROXY", "127.0.0.0/8")
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    host, address = ScriptedHost(), "127.10.200.1"
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    endpoint = WinrmEndpoint(host)
    identity = issue(authority, host.name, "bcps.example", address)
    listeners = Listeners(
        address,
        {
            "winrm_http": lambda where, port: endpoint.listen(where, port, None),
            "winrm_https": lambda where, port: endpoint.listen(where, port, identity),
        },
        endpoint.cut_connections,
    )
    try:
        asyncio.run_coroutine_threadsafe(listeners.open(), loop).result(START_SECONDS)
        ports = listeners.ports
        yield Running(host, loop, address, ports["winrm_http"], ports["winrm_https"], ca_file)
    finally:
        asyncio.run_coroutine_threadsafe(_stop(listeners, endpoint), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()


async def _stop(listeners: Listeners, endpoint: WinrmEndpoint) -> None:
    listeners.close()
    endpoint.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
