"""A batch of statements as one pypsrp pipeline: functions first, a marker after each statement."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pypsrp.complex_objects import Command as WireCommand
from pypsrp.complex_objects import CommandParameter, PipelineResultTypes
from pypsrp.powershell import PowerShell
from pypsrp.serializer import TaggedValue

from engine.model.command import Argument, Command, Statement
from engine.transport.psrp.grouping import is_table

_INT32 = range(-(2**31), 2**31)


@dataclass(frozen=True, slots=True)
class Batch:
    """Statements that travel together, and the functions that they call and the runspace lacks."""

    statements: tuple[Statement, ...]
    definitions: tuple[str, ...] = ()  # script texts, from the reviewed files only
    nonce: str = field(default_factory=lambda: secrets.token_hex(16))

    def marker(self, statement: int) -> str:
        return f"{self.nonce}:{statement}"

    def marked(self, value: object) -> int | None:
        """The number of the statement whose end `value` marks; None if it is no marker of this batch."""
        if not isinstance(value, str):
            return None
        nonce, _, number = value.partition(":")
        return int(number) if nonce == self.nonce and number.isdigit() else None

    def load(self, pipeline: PowerShell) -> None:
        """Add all commands to a new pipeline."""
        for text in self.definitions:
            pipeline.add_script(text, use_local_scope=False).add_statement()
        for index, statement in enumerate(self.statements):
            for command in statement.commands:
                _add(pipeline, command)
                if is_table(statement):
                    pipeline.merge_error("output")
            pipeline.merge_error("output")
            pipeline.add_statement()
            _add(pipeline, Command.of("Write-Output", {"InputObject": self.marker(index)}))
            pipeline.add_statement()
        for wire in pipeline.commands:
            _shorten(wire)


def stopping(statement: Statement) -> Statement:
    """The statement with `-ErrorAction Stop` on every command that does not say otherwise."""
    return Statement(commands=tuple(_stopping(command) for command in statement.commands))


def called_functions(statements: Sequence[Statement], functions: Mapping[str, str]) -> tuple[str, ...]:
    """Names of the functions, as `functions` spells them, that the statements call."""
    called = {command.name.casefold() for statement in statements for command in statement.commands}
    return tuple(name for name in functions if name.casefold() in called)


def _stopping(command: Command) -> Command:
    if any(name.casefold() in {"erroraction", "ea"} for name, _ in command.parameters):
        return command
    return Command(name=command.name, parameters=(*command.parameters, ("ErrorAction", "Stop")))


def _add(pipeline: PowerShell, command: Command) -> None:
    pipeline.add_cmdlet(command.name)
    pipeline.commands[-1].args = [
        CommandParameter(name=name, value=_wire_value(value)) for name, value in command.parameters
    ]


def _wire_value(value: Argument) -> object:
    if isinstance(value, bool | str):
        return value
    if isinstance(value, int):
        return value if value in _INT32 else TaggedValue("I64", str(value))
    return [_wire_value(item) for item in value]


def _shorten(wire: WireCommand) -> None:
    """Leave out merge instructions that say nothing: they are optional (MS-PSRP 2.2.3.12) and make up a
    third of a large batch, which should fit into one request.
    """
    for name in ("merge_error", "merge_warning", "merge_verbose", "merge_debug", "merge_information"):
        instruction = getattr(wire, name, None)
        if instruction is not None and instruction.value == PipelineResultTypes.NONE:
            setattr(wire, name, None)
