"""An emulated command: its signature, what it does, and what it gets to do it with."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.powershell.bound import Bound
from engine.rehearsal.windows.powershell.errors import StatementFailed
from engine.rehearsal.windows.powershell.records import (
    ErrorCategory,
    ErrorRecord,
    Output,
    Pause,
    PsValue,
    Record,
    WarningRecord,
)
from engine.rehearsal.windows.powershell.signature import Signature
from engine.rehearsal.windows.principals import AccessToken


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a command: where, by whom, and with what."""

    host: WindowsHost
    token: AccessToken
    signature: Signature
    bound: Bound
    known: tuple[Signature, ...] = ()  # every command of the session

    def error(
        self,
        message: str,
        error_id: str,
        category: ErrorCategory,
        target: str = "",
        *,
        exception: str = "System.Exception",
        target_type: str = "String",
    ) -> ErrorRecord:
        """A record of this command; `error_id` without the command behind it."""
        return ErrorRecord(
            exception_type=exception,
            message=message,
            error_id=f"{error_id},{self.signature.implementation}",
            category=category,
            target_name=target,
            target_type=target_type if target else "",
            reason=exception.rpartition(".")[2],
            activity=self.signature.name,
        )

    def proceeds(self, action: str, target: str) -> bool:
        """ShouldProcess: False under -WhatIf.

        Raises:
            StatementFailed: the command would ask a person, and nobody is there to answer.
        """
        if self.bound.switch("WhatIf"):
            return False
        asks = self.signature.asks_first and not self.bound.switch("Force")
        if self.bound.given("Confirm"):
            asks = self.bound.switch("Confirm")
        if asks:
            raise StatementFailed(
                self.nobody_to_ask(f'Performing the operation "{action}" on target "{target}".')
            )
        return True

    def nobody_to_ask(self, question: str) -> ErrorRecord:
        """What a prompt becomes where the client has no user interface."""
        message = (
            "A command that prompts the user failed because the host program or the command type does not "
            "support user interaction. The host was attempting to request confirmation with the following "
            f"message: Are you sure you want to perform this action?\r\n{question}"
        )
        return self.error(
            message,
            "HostFunctionNotImplemented",
            ErrorCategory.NotImplemented,
            exception="System.Management.Automation.Host.HostException",
        )


# Runs once per call, or once per object from the pipeline.
Process = Callable[[Call], Iterator[Record]]
# Runs once, with everything that came down the pipeline.
Collect = Callable[[Call, Sequence[PsValue]], Iterator[Record]]


@dataclass(frozen=True, slots=True)
class Command:
    """A cmdlet or function. Exactly one of `process` and `collect` is there."""

    signature: Signature
    process: Process | None = None
    collect: Collect | None = None


__all__ = [
    "Call",
    "Collect",
    "Command",
    "ErrorCategory",
    "ErrorRecord",
    "Output",
    "Pause",
    "Process",
    "Record",
    "WarningRecord",
]
