"""A simulated computer and a PowerShell on it, for tests of the rehearsal's own parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.image import HostImage
from engine.rehearsal.windows.powershell.records import (
    CommandCall,
    ErrorRecord,
    Output,
    Pause,
    PsObject,
    PsValue,
    WarningRecord,
)
from engine.rehearsal.windows.powershell.runspace import PipelineFailed, Runspace
from engine.rehearsal.windows.principals import Domain, Group, User

ADMINISTRATOR = r"BCPS\svc-rollcall"


def district_domain() -> Domain:
    """A small domain: staff in nested groups, a student, and the account that manages hosts."""
    users = [User(name, f"pw-{name}") for name in ("svc-rollcall", "a.rivera", "b.chen", "s.tudent")]
    groups = [
        Group("DHS-Teachers", ("a.rivera",)),
        Group("DHS-Staff", ("DHS-Teachers", r"BCPS\b.chen")),
        Group("DHS-Students", ("s.tudent",)),
        Group("DHS-Admins", ("b.chen",)),
    ]
    return Domain("BCPS", "bcps.example", users, groups, [ADMINISTRATOR])


def open_host(folder: Path, image: HostImage | None = None, name: str = "DHS-SRV01") -> WindowsHost:
    """The computer that is kept in this folder; a server unless the image says otherwise."""
    return WindowsHost.open(folder, image or HostImage(kind="server"), name, district_domain())


def call(name: str, *positional: PsValue, **named: PsValue) -> CommandCall:
    """One command; a named argument of None is a switch without a value."""
    return CommandCall(name, False, (*((None, value) for value in positional), *named.items()))


@dataclass
class Result:
    """Everything that a batch gave."""

    output: list[PsValue] = field(default_factory=list)
    merged: list[ErrorRecord] = field(default_factory=list)
    errors: list[ErrorRecord] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    pauses: list[float] = field(default_factory=list)
    failure: ErrorRecord | None = None

    @property
    def objects(self) -> list[PsObject]:
        return [value for value in self.output if isinstance(value, PsObject)]

    @property
    def error_ids(self) -> list[str]:
        return [error.error_id for error in self.errors]

    def only(self) -> PsObject:
        """The one object, when nothing went wrong."""
        assert not self.errors, self.errors
        assert len(self.objects) == len(self.output) == 1, self.output
        return self.objects[0]


class Console:
    """A PowerShell session of one user."""

    def __init__(self, host: WindowsHost, user: str = ADMINISTRATOR) -> None:
        self.host = host
        self._runspace = Runspace(host, host.principals.token_for(user))

    def run(self, name: str, *positional: PsValue, **named: PsValue) -> Result:
        """One command in a statement of its own."""
        return self.batch([call(name, *positional, **named)])

    def batch(self, *statements: Sequence[CommandCall]) -> Result:
        """Several statements in one pipeline."""
        result = Result()
        try:
            for record in self._runspace.invoke(statements):
                match record:
                    case Output(value=ErrorRecord() as error):
                        result.merged.append(error)
                    case Output(value=value) if not isinstance(value, ErrorRecord):
                        result.output.append(value)
                    case ErrorRecord():
                        result.errors.append(record)
                    case WarningRecord(text=text):
                        result.warnings.append(text)
                    case Pause(seconds=seconds):
                        result.pauses.append(seconds)
        except PipelineFailed as failure:
            result.failure = failure.record
        return result

    def define(self, text: str) -> Result:
        """Send the text of a script."""
        return self.batch([CommandCall(text, True)])
