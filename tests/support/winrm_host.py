"""A host that does what a test tells it to, and how to reach its WinRM endpoint."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pypsrp.wsman import WSMan

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.powershell.records import CommandCall, Output, Record
from engine.rehearsal.windows.principals import AccessToken, Domain, Principals, User
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
    """Runs the script that the host has at that moment."""

    host: ScriptedHost

    def invoke(self, statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        return self.host.script(statements)


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
        return ScriptedEngine(self)

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
            cert_validation=str(self.ca_file),  # type: ignore[arg-type]  # a CA file is documented too
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
