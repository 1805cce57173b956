"""What every kind of shell has in common, and the table of a host's open shells."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.winrm import faults
from engine.rehearsal.winrm.envelope import WsmanRequest
from engine.rehearsal.winrm.streams import OutputQueue

# Windows' defaults (Microsoft's documentation of WinRM quotas).
MAX_SHELLS_PER_USER = 30
MAX_COMMANDS_PER_SHELL = 1_000
DEFAULT_IDLE_SECONDS = 7_200.0
MAX_IDLE_SECONDS = 2_147_483.647


@dataclass(frozen=True, slots=True)
class ShellFacts:
    """What a shell's creation answer says about it. `idle_seconds`: it goes away after being left alone.

    `process_id` is that of the host process of a PowerShell shell; 0 for a cmd shell, which has none yet.
    """

    shell_id: str
    resource_uri: str
    owner: AccessToken
    client_address: str
    idle_seconds: float
    input_streams: str
    output_streams: str
    working_directory: str = ""
    environment: tuple[tuple[str, str], ...] = ()
    locale: str = "en-US"
    process_id: int = 0


class Shell(Protocol):
    """An open shell: commands are started in it, fed, read and ended."""

    @property
    def facts(self) -> ShellFacts: ...

    def command(self, request: WsmanRequest) -> str:
        """Start a command and return its id. Raises WsmanFault."""
        ...

    def send(self, request: WsmanRequest) -> None:
        """Take input. Raises WsmanFault."""
        ...

    def output(self, command_id: str) -> OutputQueue:
        """The output of a command, or of the shell where the id is empty. Raises WsmanFault."""
        ...

    def signal(self, command_id: str, code: str) -> None:
        """Interrupt or end a command. Raises WsmanFault."""
        ...

    def close(self) -> None:
        """End the shell and what only it keeps alive."""
        ...


@dataclass(slots=True)
class _Entry:
    shell: Shell
    last_used: float
    pending: int = 0
    timer: asyncio.TimerHandle | None = None


class ShellTable:
    """The open shells of one host."""

    def __init__(self) -> None:
        self._entries: dict[str, _Entry] = {}

    def check_quota(self, owner: AccessToken) -> None:
        """Raises WsmanFault where the user has as many shells as Windows allows."""
        mine = sum(e.shell.facts.owner.user_sid == owner.user_sid for e in self._entries.values())
        if mine >= MAX_SHELLS_PER_USER:
            raise faults.too_many_shells(MAX_SHELLS_PER_USER)

    def add(self, shell: Shell) -> None:
        """Keep a new shell until it is deleted or idle for too long."""
        entry = _Entry(shell, asyncio.get_running_loop().time())
        self._entries[shell.facts.shell_id] = entry
        self._watch(entry)

    def facts(self, shell_id: str, user: AccessToken) -> ShellFacts:
        """What there is to say about an open shell of this user. Raises WsmanFault."""
        entry = self._entries.get(shell_id)
        if entry is None or entry.shell.facts.owner.user_sid != user.user_sid:
            raise faults.invalid_selectors()
        return entry.shell.facts

    def use(self, shell_id: str, user: AccessToken) -> _ShellUse:
        """An open shell of this user, for a `with` block during which it is not idle. Raises WsmanFault."""
        return _ShellUse(self._entry(shell_id, user))

    def delete(self, shell_id: str, user: AccessToken) -> None:
        """Close a shell. Raises WsmanFault."""
        self._close(self._entry(shell_id, user))

    def close_all(self) -> None:
        """Close every shell: the host goes down."""
        for entry in list(self._entries.values()):
            self._close(entry)

    def _entry(self, shell_id: str, user: AccessToken) -> _Entry:
        entry = self._entries.get(shell_id)
        if entry is None or entry.shell.facts.owner.user_sid != user.user_sid:
            raise faults.unknown_shell(shell_id)
        return entry

    def _close(self, entry: _Entry) -> None:
        if entry.timer is not None:
            entry.timer.cancel()
        self._entries.pop(entry.shell.facts.shell_id, None)
        entry.shell.close()

    def _watch(self, entry: _Entry) -> None:
        loop = asyncio.get_running_loop()
        left = entry.last_used + entry.shell.facts.idle_seconds - loop.time()
        if entry.pending == 0 and left <= 0:
            self._close(entry)
            return
        entry.timer = loop.call_later(max(left, 1.0), self._watch, entry)


class _ShellUse:
    """Marks a shell as in use for the length of a request."""

    def __init__(self, entry: _Entry) -> None:
        self._entry = entry

    def __enter__(self) -> Shell:
        self._entry.pending += 1
        return self._entry.shell

    def __exit__(self, *_: object) -> None:
        self._entry.pending -= 1
        self._entry.last_used = asyncio.get_running_loop().time()


ShellFactory = Callable[[ShellFacts, WsmanRequest], Shell]
