"""A simulated computer in the words of its WinRM and SMB endpoints."""

from __future__ import annotations

import hmac
from collections.abc import Iterator, Sequence

from engine.rehearsal.smb import seam as smb
from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.filesystem import FileSystem
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.installers.exits import LaunchFailed
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.powershell.records import CommandCall, Record
from engine.rehearsal.windows.powershell.runspace import PipelineFailed, Runspace
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.shares import Share
from engine.rehearsal.winrm import seam as winrm
from engine.rehearsal.winrm.command_line import split_command_line


class _Engine:
    """A `Runspace` in the words of the WinRM endpoint."""

    def __init__(self, runspace: Runspace) -> None:
        self._runspace = runspace

    def invoke(self, statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        try:
            yield from self._runspace.invoke(statements)
        except PipelineFailed as failure:
            raise winrm.BatchEnded(failure.record) from failure


class _View:
    """What both endpoints ask of a host."""

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

    def _token(self, user_name: str) -> AccessToken | None:
        """The token of an account; None where the host does not let it in."""
        if self.has_fault(Fault.LOGON_REFUSED):
            return None
        try:
            return self._host.principals.token_for(user_name)
        except KeyError:
            return None


class SmbView(_View):
    """A `WindowsHost` as its SMB endpoint sees it."""

    @property
    def files(self) -> FileSystem:
        return self._host.files

    def share(self, name: str) -> Share | None:
        return self._host.shares.get(name)

    def log_on(self, user_name: str) -> AccessToken:
        token = self._token(user_name)
        if token is None:
            raise smb.LogonRefused(user_name)
        return token


class WinrmView(_View):
    """A `WindowsHost` as its WinRM endpoint sees it."""

    def log_on(self, user_name: str) -> AccessToken:
        token = self._token(user_name)
        if token is None:
            raise winrm.LogonRefused(user_name)
        return token

    def password_is(self, user_name: str, password: str) -> bool:
        user = self._host.principals.credential(user_name)
        return user is not None and hmac.compare_digest(user.password.encode(), password.encode())

    def new_engine(self, token: AccessToken) -> winrm.Engine:
        return _Engine(Runspace(self._host, token))

    def start_process(self, request: winrm.ProcessRequest, token: AccessToken) -> winrm.RunningProcess:
        arguments = " ".join(request.arguments)
        try:
            if request.through_cmd:
                line = f"{request.executable} {arguments}".strip()
                return self._host.processes.start("cmd.exe", ["/c", line], token)
            # CreateProcess finds an image whose path has blanks with and without quotes around it.
            quoted = request.executable.startswith('"')
            image, *given = split_command_line(request.executable) if quoted else [request.executable]
            return self._host.processes.start(image, [*given, *split_command_line(arguments)], token)
        except LaunchFailed as error:
            raise winrm.ExecutableNotFound(str(error)) from error
