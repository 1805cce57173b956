"""What the SMB endpoint asks of the simulated host behind it.

The endpoint knows this protocol only; `engine.rehearsal.fleet` joins it to a `WindowsHost`.
"""

from __future__ import annotations

from typing import Protocol

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.filesystem import FileSystem
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.shares import Share


class LogonRefused(Exception):
    """Raised when the host does not let an account in."""


class SmbHost(Protocol):
    """A simulated host as its SMB endpoint sees it."""

    @property
    def name(self) -> str: ...
    @property
    def counters(self) -> Counters: ...
    @property
    def files(self) -> FileSystem: ...
    def has_fault(self, fault: Fault) -> bool: ...

    def share(self, name: str) -> Share | None:
        """The share of this name, without case."""
        ...

    def log_on(self, user_name: str) -> AccessToken:
        r"""The token of an account that proved who it is, named as `DOMAIN\user`. Raises LogonRefused."""
        ...
