"""One host as the fleet serves it: joins the simulated computer to its WinRM and SMB endpoints."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Iterator, Sequence
from dataclasses import asdict

from engine.rehearsal.fleet.addresses import Listeners
from engine.rehearsal.fleet.messages import Endpoint
from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.installers.exits import LaunchFailed
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.powershell.records import CommandCall, Record
from engine.rehearsal.windows.powershell.runspace import PipelineFailed, Runspace
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.winrm.command_line import split_command_line
from engine.rehearsal.winrm.seam import (
    BatchEnded,
    Engine,
    ExecutableNotFound,
    LogonRefused,
    ProcessRequest,
    RunningProcess,
)

log = logging.getLogger(__name__)

_SAVE_DELAY = 0.05  # seconds; changes that come together are saved together


class _Engine:
    """A `Runspace` in the words of the WinRM endpoint."""

    def __init__(self, runspace: Runspace) -> None:
        self._runspace = runspace

    def invoke(self, statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        try:
            yield from self._runspace.invoke(statements)
        except PipelineFailed as failure:
            raise BatchEnded(failure.record) from failure


class WinrmView:
    """A `WindowsHost` as its WinRM endpoint sees it."""

    def __init__(self, host: WindowsHost) -> None:
        self._host = host

    @property
    def name(self) -> str:
        return self._host.name

    @property
    def counters(self) -> Counters:
        return self._host.counters

    def has_fault(self, fault: Fault) -> bool:
        return fault in self._host.faults

    def log_on(self, user_name: str) -> AccessToken:
        if self.has_fault(Fault.LOGON_REFUSED):
            raise LogonRefused(user_name)
        try:
            return self._host.principals.token_for(user_name)
        except KeyError as error:
            raise LogonRefused(user_name) from error

    def password_is(self, user_name: str, password: str) -> bool:
        user = self._host.principals.credential(user_name)
        return user is not None and hmac.compare_digest(user.password.encode(), password.encode())

    def new_engine(self, token: AccessToken) -> Engine:
        return _Engine(Runspace(self._host, token))

    def start_process(self, request: ProcessRequest, token: AccessToken) -> RunningProcess:
        line = " ".join((request.executable, *request.arguments))
        try:
            if request.through_cmd:
                return self._host.processes.start("cmd.exe", ["/c", line], token)
            words = split_command_line(line)
            return self._host.processes.start(words[0], words[1:], token)
        except LaunchFailed as error:
            raise ExecutableNotFound(str(error)) from error


class Saver:
    """Saves a host soon after it changed."""

    def __init__(self, host: WindowsHost) -> None:
        self._host = host
        self._timer: asyncio.TimerHandle | None = None
        host.journal.on_change = self._changed

    def _changed(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SAVE_DELAY, self.save)

    def save(self) -> None:
        """Write what changed now. A full or broken disk is logged: the host goes on as a computer would."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        try:
            self._host.save()
        except OSError:
            log.exception("%s could not be saved", self._host.name)


class ServedHost:
    """A host with its listeners."""

    def __init__(self, host: WindowsHost, listeners: Listeners) -> None:
        self.host = host
        self._listeners = listeners
        self._saver = Saver(host)

    async def open(self) -> None:
        """Listen. Raises NoFreePort or OSError."""
        await self._listeners.open()

    @property
    def endpoint(self) -> Endpoint:
        """Where it listens, once open."""
        return Endpoint(address=self._listeners.address, **self._listeners.ports)

    async def switch(self, fault: Fault, on: bool) -> None:
        """Switch a fault; switching it as it is already changes nothing. Raises OSError.

        Offline closes the ports. Offline and refuse cut the connections that are open.
        """
        if (fault in self.host.faults) == on:
            return
        self.host.faults.switch(fault, on)
        if fault is Fault.OFFLINE and on:
            self._listeners.close()
        elif fault is Fault.OFFLINE:
            await self._listeners.open()
        if on and fault in (Fault.OFFLINE, Fault.REFUSE):
            self._listeners.cut_connections()

    def counters(self) -> dict[str, int]:
        """What the host was asked since it started or was reset."""
        return asdict(self.host.counters)

    def reset_counters(self) -> None:
        """Set all counters to nought."""
        for name in asdict(self.host.counters):
            setattr(self.host.counters, name, 0)

    def close(self) -> None:
        """Stop serving and save."""
        self._listeners.close()
        self._listeners.cut_connections()
        self._saver.save()
