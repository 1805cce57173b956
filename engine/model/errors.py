"""Errors of a host's conversation, as every room sees them.

HostError                   one line: host, step, cause
├── HostUnreachable         no answer: refused, unknown name, timed out while connecting, connection lost
├── HostRefused             it answered and will not: the rest of this list
│   ├── LogonFailed         wrong user or password, or not allowed to log on
│   ├── UntrustedCertificate
│   ├── ProtocolBroken      an answer that makes no sense
│   ├── AccessDenied
│   ├── DiskFull
│   ├── SharingViolation    somebody has the file open
│   ├── NotFound
│   ├── StepFailed          anything else that the host said no to
│   └── LeaseHeld           another controller is applying to this host
└── DeadlineExceeded        it was busy for longer than the step may take
"""

from __future__ import annotations


class HostError(Exception):
    """A conversation with a host failed. Carries no secret and no stack of a library's."""

    def __init__(self, host: str, step: str, cause: str) -> None:
        super().__init__(host, step, cause)
        self.host = host
        self.step = step
        self.cause = cause

    def __str__(self) -> str:
        return f"{self.host}: {self.step}: {self.cause}"


class HostUnreachable(HostError):
    """Nobody answered: pending work, not a failure."""


class HostRefused(HostError):
    """The host answered, and the answer is no."""


class LogonFailed(HostRefused):
    """Wrong user or password, or the user may not log on this way."""


class UntrustedCertificate(HostRefused):
    """The TLS certificate does not lead to a trusted authority or names another host."""


class ProtocolBroken(HostRefused):
    """An answer that is no valid WinRM or SMB."""


class AccessDenied(HostRefused):
    """The user is known but may not do this."""


class DiskFull(HostRefused):
    """No space left on the host's volume."""


class SharingViolation(HostRefused):
    """Another handle keeps the file from being opened this way."""


class NotFound(HostRefused):
    """The path or share does not exist on the host."""


class StepFailed(HostRefused):
    """The host said no for another reason; the cause holds the Windows error id and message."""


class LeaseHeld(HostRefused):
    """Another controller holds the host's lease; `cause` says who since when."""


class DeadlineExceeded(HostError):
    """The step took longer than it may; its connection was cut."""
