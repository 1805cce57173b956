"""How a native program ends, and how it fails to start."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum


class Win32(IntEnum):
    """System error codes in use ("System Error Codes" of the Windows SDK)."""

    FILE_NOT_FOUND = 2
    ACCESS_DENIED = 5
    BAD_EXE_FORMAT = 193
    ELEVATION_REQUIRED = 740
    SERVICE_DOES_NOT_EXIST = 1060


_TEXTS = {
    Win32.FILE_NOT_FOUND: "The system cannot find the file specified.",
    Win32.ACCESS_DENIED: "Access is denied.",
    Win32.BAD_EXE_FORMAT: "%1 is not a valid Win32 application.",
    Win32.ELEVATION_REQUIRED: "The requested operation requires elevation.",
    Win32.SERVICE_DOES_NOT_EXIST: "The specified service does not exist as an installed service.",
}


@dataclass(frozen=True, slots=True)
class ProcessExit:
    """What is left of a program that ended."""

    code: int
    stdout: bytes = b""
    stderr: bytes = b""


class LaunchFailed(Exception):
    """CreateProcess failed; `code` is the Win32 error."""

    def __init__(self, code: Win32) -> None:
        super().__init__(code)
        self.code = code

    def __str__(self) -> str:
        return _TEXTS[self.code]


def system_text(code: Win32) -> str:
    """The message Windows has for an error."""
    return _TEXTS[code]
