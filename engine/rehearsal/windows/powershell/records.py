"""Values, commands and records of the emulated PowerShell, in neutral terms.

The WinRM side turns these into CLIXML and back; nothing here knows the wire.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from typing_extensions import TypeAliasType


class Byte(int):
    """System.Byte."""


class UInt16(int):
    """System.UInt16."""


class UInt32(int):
    """System.UInt32."""


class Int64(int):
    """System.Int64."""


class UInt64(int):
    """System.UInt64."""


@dataclass(frozen=True, slots=True)
class PsEnum:
    """A .NET enum: its full type name, the member's name and its number."""

    type_name: str
    text: str
    value: int


# A plain `int` is System.Int32, a `float` System.Double, `bytes` System.Byte[], a tuple System.Object[].
PsValue = TypeAliasType(
    "PsValue",
    "bool | int | Byte | UInt16 | UInt32 | Int64 | UInt64 | float | str | bytes | datetime | PsEnum"
    " | tuple[PsValue, ...] | PsObject | None",
)


@dataclass(frozen=True, slots=True)
class PsObject:
    """An object with named properties; `type_names` go from the most to the least specific."""

    type_names: tuple[str, ...]
    properties: Mapping[str, PsValue]
    to_string: str = ""

    def prop(self, name: str) -> PsValue:
        """The property `name`, found without case; None where there is none."""
        found = self.find(name)
        return None if found is None else self.properties[found]

    def find(self, name: str) -> str | None:
        """The property's name as the object spells it, or None where there is none."""
        if name in self.properties:
            return name
        folded = name.casefold()
        return next((key for key in self.properties if key.casefold() == folded), None)


class ErrorCategory(IntEnum):
    """System.Management.Automation.ErrorCategory, with .NET's names and numbers."""

    NotSpecified = 0
    OpenError = 1
    CloseError = 2
    DeviceError = 3
    DeadlockDetected = 4
    InvalidArgument = 5
    InvalidData = 6
    InvalidOperation = 7
    InvalidResult = 8
    InvalidType = 9
    MetadataError = 10
    NotImplemented = 11
    NotInstalled = 12
    ObjectNotFound = 13
    OperationStopped = 14
    OperationTimeout = 15
    SyntaxError = 16
    ParserError = 17
    PermissionDenied = 18
    ResourceBusy = 19
    ResourceExists = 20
    ResourceUnavailable = 21
    ReadError = 22
    WriteError = 23
    FromStdErr = 24
    SecurityError = 25
    ProtocolError = 26
    ConnectionError = 27
    AuthenticationError = 28
    LimitsExceeded = 29
    QuotaExceeded = 30
    NotEnabled = 31


@dataclass(frozen=True, slots=True)
class ErrorRecord:
    """System.Management.Automation.ErrorRecord.

    `error_id` is the FullyQualifiedErrorId; `reason`, `activity`, `target_name` and `target_type` are the
    parts of CategoryInfo. `terminating`: it ended its statement, not only one of the statement's objects.
    """

    exception_type: str  # the .NET type, for example System.Management.Automation.RuntimeException
    message: str
    error_id: str
    category: ErrorCategory
    target_name: str = ""
    target_type: str = ""
    reason: str = ""
    activity: str = ""
    terminating: bool = False


@dataclass(frozen=True, slots=True)
class Output:
    """One object on the output stream. An `ErrorRecord` stands here only where errors are merged into it."""

    value: PsValue | ErrorRecord


@dataclass(frozen=True, slots=True)
class WarningRecord:
    """A line on the warning stream."""

    text: str


@dataclass(frozen=True, slots=True)
class Pause:
    """The command waits: whoever runs the engine sleeps this long before it asks for the next record."""

    seconds: float


Record = Output | ErrorRecord | WarningRecord | Pause


@dataclass(frozen=True, slots=True)
class CommandCall:
    """One command of a statement as it came over the wire. `text` is a name, or a script's text.

    Arguments keep their order; a name of None is a positional argument, and a named one whose value is
    None was given without a value, as a switch is.
    """

    text: str
    is_script: bool
    arguments: tuple[tuple[str | None, PsValue], ...] = ()
    merge_error_to_output: bool = False
