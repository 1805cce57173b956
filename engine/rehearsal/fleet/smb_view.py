"""A simulated computer as its SMB endpoint sees it."""

from __future__ import annotations

from engine.rehearsal.smb.seam import LogonRefused
from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.filesystem import FileSystem
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.shares import Share


class SmbView:
    """Joins a `WindowsHost` to `engine.rehearsal.smb`."""

    def __init__(self, host: WindowsHost) -> None:
        self._host = host

    @property
    def name(self) -> str:
        return self._host.name

    @property
    def counters(self) -> Counters:
        return self._host.counters

    @property
    def files(self) -> FileSystem:
        return self._host.files

    def has_fault(self, fault: Fault) -> bool:
        return fault in self._host.faults

    def share(self, name: str) -> Share | None:
        return self._host.shares.get(name)

    def log_on(self, user_name: str) -> AccessToken:
        if self.has_fault(Fault.LOGON_REFUSED):
            raise LogonRefused(user_name)
        try:
            return self._host.principals.token_for(user_name)
        except KeyError as error:
            raise LogonRefused(user_name) from error
