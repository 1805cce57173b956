"""The one boundary: whatever the libraries raise becomes one typed line.

An error's text may hold anything that the host sent, or that was sent to it. So messages are composed here;
of a library's own words only Windows' error ids and messages are kept, cleaned and shortened.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from xml.etree.ElementTree import ParseError

import pypsrp.exceptions
import requests
import winrm.exceptions
from smbprotocol.exceptions import (
    SMBAuthenticationError,
    SMBConnectionClosed,
    SMBException,
    SMBResponseException,
)
from spnego.exceptions import SpnegoError

from engine.model.errors import (
    AccessDenied,
    DeadlineExceeded,
    DiskFull,
    HostError,
    HostUnreachable,
    LogonFailed,
    NotFound,
    ProtocolBroken,
    SharingViolation,
    StepFailed,
    UntrustedCertificate,
)
from engine.model.session import SourceUnavailable
from engine.transport import ntstatus
from engine.transport.faults import fault_error
from engine.transport.http import NoConnection
from engine.transport.refusals import CredentialUnavailable, InsecureAnswer, OversizedAnswer, Refusal
from engine.transport.watchdog import Watchdog
from engine.transport.words import one_line

_Maker = Callable[[str, str, str], HostError]
_LONGEST_CHAIN = 20


@contextmanager
def boundary(host: str, step: str, watchdog: Watchdog | None = None) -> Iterator[None]:
    """Let nothing but `HostError` out of the block.

    Raises:
        HostError: of the type that fits what happened in the block; `DeadlineExceeded` where the watchdog
            cut the connection, whatever the library made of that.
    """
    try:
        yield
    except HostError:
        raise
    except Exception as error:  # noqa: BLE001 - the libraries raise what they like; this is the boundary
        if watchdog is not None and watchdog.expired:
            cause = f"took longer than {watchdog.seconds:.0f} s; the connection was cut"
            raise DeadlineExceeded(host, step, cause) from None
        raise classify(error, host, step) from None


def classify(error: Exception, host: str, step: str) -> HostError:
    """The typed error for one that a library raised."""
    for kind, make in _TABLE:
        if isinstance(error, kind):
            return make(error, host, step)
    return ProtocolBroken(host, step, f"the answer makes no sense ({type(error).__name__})")


def _fixed(make: _Maker, cause: str) -> Callable[[Exception, str, str], HostError]:
    return lambda _error, host, step: make(host, step, cause)


def _own_words(make: _Maker) -> Callable[[Exception, str, str], HostError]:
    return lambda error, host, step: make(host, step, one_line(str(error)))


def _chain(error: BaseException) -> Iterator[BaseException]:
    """The error and what led to it, with what urllib3 and requests hide in `reason` and `args`."""
    pending: list[object] = [error]
    seen: set[int] = set()
    while pending and len(seen) < _LONGEST_CHAIN:
        link = pending.pop(0)
        if isinstance(link, BaseException) and id(link) not in seen:
            seen.add(id(link))
            yield link
            pending += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]


# What stands deep in a chain of errors, and what it means; the first that is found counts.
_LINKS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], _Maker, str], ...] = (
    (ConnectionRefusedError, HostUnreachable, "connection refused: nothing listens on that port"),
    (socket.gaierror, HostUnreachable, "the name of the host is not known"),
    (TimeoutError, HostUnreachable, "no answer while connecting"),
    ((ConnectionResetError, BrokenPipeError), HostUnreachable, "the connection was lost"),
    (http.client.HTTPException, ProtocolBroken, "the answer is no valid HTTP"),
)


def _connection_lost(error: Exception, host: str, step: str) -> HostError:
    links = tuple(_chain(error))
    for kind, make, cause in _LINKS:
        if any(isinstance(link, kind) for link in links):
            return make(host, step, cause)
    words = next((link.strerror for link in links if isinstance(link, OSError) and link.strerror), "")
    if words:
        return HostUnreachable(host, step, f"cannot be reached: {one_line(words)}")
    return HostUnreachable(host, step, "the connection was lost")


def _tls(error: Exception, host: str, step: str) -> HostError:
    for link in _chain(error):
        if isinstance(link, ssl.SSLCertVerificationError):
            reason = one_line(link.verify_message) or "verification failed"
            return UntrustedCertificate(host, step, f"its TLS certificate is not trusted: {reason}")
        if isinstance(link, ssl.SSLEOFError | ssl.SSLZeroReturnError | ConnectionResetError):
            return HostUnreachable(host, step, "the connection was lost while TLS was set up")
    return ProtocolBroken(host, step, "TLS could not be set up; is this an https port?")


def _http_status(error: Exception, host: str, step: str) -> HostError:
    code = getattr(error, "code", None)
    if code == 503:
        return HostUnreachable(host, step, "WinRM is not ready (HTTP 503)")
    if code in {401, 403}:
        return LogonFailed(host, step, f"the host refused the logon (HTTP {code})")
    return ProtocolBroken(host, step, f"no WinRM service answers there (HTTP {code})")


def _pypsrp_fault(error: Exception, host: str, step: str) -> HostError:
    if not isinstance(error, pypsrp.exceptions.WSManFaultError):
        raise TypeError(type(error))
    return fault_error(error.code or "", error.reason or "", host, step)


def _pywinrm_fault(error: Exception, host: str, step: str) -> HostError:
    if not isinstance(error, winrm.exceptions.WSManFaultError):
        raise TypeError(type(error))
    code = error.wsman_fault_code or error.wmierror_code or error.fault_subcode or error.code
    return fault_error(code, error.reason or "", host, step)


def _smb_status(error: Exception, host: str, step: str) -> HostError:
    status = error.status if isinstance(error, SMBResponseException) else 0
    makers: tuple[tuple[frozenset[ntstatus.Status], _Maker], ...] = (
        (ntstatus.LOGON, LogonFailed),
        (ntstatus.DENIED, AccessDenied),
        (ntstatus.FULL, DiskFull),
        (ntstatus.IN_USE, SharingViolation),
        (ntstatus.MISSING, NotFound),
        (ntstatus.LOST, HostUnreachable),
    )
    make = next((make for group, make in makers if status in group), StepFailed)
    return make(host, step, ntstatus.wording(status))


def _smb_other(error: Exception, host: str, step: str) -> HostError:
    text = str(error)
    if "encryption" in text or "signature" in text or "signed" in text:
        return ProtocolBroken(host, step, one_line(text))
    if text.startswith("Connection timeout"):
        return HostUnreachable(host, step, "it does not answer")
    return ProtocolBroken(host, step, "an answer that is no valid SMB")


def _value(error: Exception, host: str, step: str) -> HostError:
    """smbprotocol reports a failed connect as a ValueError that was caused by an OSError."""
    if any(isinstance(link, OSError) for link in _chain(error)):
        return _connection_lost(error, host, step)
    if "auth protocol" in str(error):
        return LogonFailed(host, step, "the host does not offer the way of logging on that is configured")
    return ProtocolBroken(host, step, "the answer makes no sense (ValueError)")


_LOGON = "wrong user or password, or the user may not log on this way"
_SILENT = "it does not answer"
_NONSENSE = "the answer is no valid WinRM message"

# First match counts: subclasses stand before what they derive from.
_TABLE: tuple[
    tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Exception, str, str], HostError]], ...
]
_TABLE = (
    (CredentialUnavailable, _own_words(LogonFailed)),
    ((InsecureAnswer, OversizedAnswer), _own_words(ProtocolBroken)),
    ((Refusal, SourceUnavailable), _own_words(StepFailed)),
    (pypsrp.exceptions.WSManFaultError, _pypsrp_fault),
    (winrm.exceptions.WSManFaultError, _pywinrm_fault),
    (
        (pypsrp.exceptions.AuthenticationError, winrm.exceptions.AuthenticationError),
        _fixed(LogonFailed, _LOGON),
    ),
    (winrm.exceptions.WinRMOperationTimeoutError, _fixed(HostUnreachable, _SILENT)),
    ((pypsrp.exceptions.WinRMTransportError, winrm.exceptions.WinRMTransportError), _http_status),
    ((pypsrp.exceptions.WinRMError, winrm.exceptions.WinRMError), _fixed(ProtocolBroken, _NONSENSE)),
    (SpnegoError, _fixed(LogonFailed, _LOGON)),
    (requests.exceptions.SSLError, _tls),
    (ssl.SSLError, _tls),
    (requests.exceptions.ConnectTimeout, _fixed(HostUnreachable, "no answer while connecting")),
    (requests.exceptions.ReadTimeout, _fixed(HostUnreachable, _SILENT)),
    (
        requests.exceptions.ChunkedEncodingError,
        _fixed(HostUnreachable, "the connection was lost in mid-answer"),
    ),
    (requests.exceptions.ConnectionError, _connection_lost),
    (requests.exceptions.RequestException, _fixed(ProtocolBroken, "the answer is no valid HTTP")),
    (ParseError, _fixed(ProtocolBroken, "the answer is no valid XML")),
    (SMBResponseException, _smb_status),
    (SMBAuthenticationError, _fixed(LogonFailed, _LOGON)),
    (SMBConnectionClosed, _fixed(HostUnreachable, "the connection was lost")),
    (SMBException, _smb_other),
    (NoConnection, _fixed(HostUnreachable, "no answer while connecting")),
    (TimeoutError, _fixed(HostUnreachable, _SILENT)),
    (ValueError, _value),
    (OSError, _connection_lost),
)
