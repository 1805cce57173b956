"""What the WinRM endpoint asks of the simulated host behind it.

The endpoint knows these protocols only; `engine.rehearsal.fleet` joins them to a `WindowsHost`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.powershell.records import CommandCall, ErrorRecord, Record
from engine.rehearsal.windows.principals import AccessToken


class LogonRefused(Exception):
    """Raised when the host does not let an account in."""


class ExecutableNotFound(Exception):
    """Raised when the host has no such program; Windows reports it as ERROR_FILE_NOT_FOUND."""


class BatchEnded(Exception):
    """Raised by a runspace for an error that ends the whole batch of statements."""

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(record.message)
        self.record = record


class Engine(Protocol):
    """One PowerShell runspace: functions and variables stay between its pipelines."""

    def invoke(self, statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        """Run statements in order, each a pipe of commands. Raises BatchEnded."""
        ...


@dataclass(frozen=True, slots=True)
class ProcessRequest:
    """What a WinRS client asked to run (MS-WSMV 3.1.4.11)."""

    executable: str
    arguments: tuple[str, ...]
    through_cmd: bool  # WINRS_SKIP_CMD_SHELL was not TRUE: cmd.exe interprets the line
    working_directory: str
    environment: tuple[tuple[str, str], ...]


class ProcessExit(Protocol):
    """How a process ended. Text that it wrote is UTF-8; the shell puts it into the client's code page."""

    @property
    def code(self) -> int: ...
    @property
    def stdout(self) -> bytes: ...
    @property
    def stderr(self) -> bytes: ...


class RunningProcess(Protocol):
    """A process that goes on whether or not somebody waits for it."""

    async def wait(self) -> ProcessExit: ...
    def terminate(self) -> None: ...


class WinrmHost(Protocol):
    """A simulated host as its WinRM endpoint sees it."""

    @property
    def name(self) -> str: ...
    @property
    def counters(self) -> Counters: ...
    def has_fault(self, fault: Fault) -> bool: ...

    def log_on(self, user_name: str) -> AccessToken:
        r"""The token of an account that proved who it is, named as `DOMAIN\user`. Raises LogonRefused."""
        ...

    def password_is(self, user_name: str, password: str) -> bool:
        """Whether this is the account's password (for Basic, which sends it)."""
        ...

    def new_engine(self, token: AccessToken) -> Engine: ...

    def start_process(self, request: ProcessRequest, token: AccessToken) -> RunningProcess:
        """Start a program. Raises ExecutableNotFound."""
        ...
