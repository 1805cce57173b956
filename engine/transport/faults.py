"""WS-Management faults: which of them mean something else than "the host said no"."""

from __future__ import annotations

from engine.model.errors import AccessDenied, HostError, HostUnreachable, LogonFailed, StepFailed
from engine.transport.words import one_line

# Microsoft, "WinRM error codes" and WSManErr.h.
OPERATION_TIMED_OUT = 0x80338029  # nothing to receive yet: ask again
_ACCESS_DENIED = 5  # ERROR_ACCESS_DENIED, as WSMan reports it
_LOGON_FAILURE = 1326
_QUOTAS = {
    0x803381A6: "too many shells are open for this user",  # ERROR_WSMAN_QUOTA_MAX_SHELLS_PPQ
    0x803381A4: "too many shells are open on the host",
    0x803381A7: "too many operations are running for this user",
}
_SHELL_GONE = {
    0x8033805B,  # ERROR_WSMAN_UNEXPECTED_SELECTORS: the shell was removed
    0x80338083,  # ERROR_WSMAN_SERVICE_STREAM_DISCONNECTED
    995,  # ERROR_OPERATION_ABORTED: the service is stopping
}


def fault_error(code: int | str, reason: str, host: str, step: str) -> HostError:
    """The error for a fault.

    Args:
        code: the WSMan error code, or the SOAP subcode where the fault has none.
        reason: the message in the host's words.
    """
    number = _number(code)
    words = one_line(reason) or "no reason given"
    if number == _ACCESS_DENIED:
        return AccessDenied(host, step, f"the user may not use WinRM there: {words} (5)")
    if number == _LOGON_FAILURE:
        return LogonFailed(host, step, "wrong user or password (1326)")
    if number in _SHELL_GONE:
        return HostUnreachable(host, step, f"the host has ended the session: {words}")
    if number in _QUOTAS:
        return StepFailed(host, step, f"{_QUOTAS[number]} (0x{number:08X})")
    shown = f"0x{number:08X}" if number > 0xFFFF else one_line(str(code))
    return StepFailed(host, step, f"{words} ({shown})")


def _number(code: int | str) -> int:
    try:
        return int(code)
    except ValueError:
        return 0
