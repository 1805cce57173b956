"""The emulated Windows PowerShell: runs a batch of statements on a simulated host."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.powershell import errors, script
from engine.rehearsal.windows.powershell.binder import (
    Binding,
    bind_arguments,
    bind_input,
    check_before_input,
    complete,
)
from engine.rehearsal.windows.powershell.bound import Bound
from engine.rehearsal.windows.powershell.cmdlets.table import CMDLETS
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.error_objects import error_object
from engine.rehearsal.windows.powershell.errors import PipelineFailed, StatementFailed
from engine.rehearsal.windows.powershell.records import (
    CommandCall,
    ErrorRecord,
    Output,
    PsEnum,
    PsValue,
    Record,
    WarningRecord,
)
from engine.rehearsal.windows.principals import AccessToken

__all__ = ["PipelineFailed", "Runspace"]


@dataclass(frozen=True, slots=True)
class _Stage:
    """One command of a statement with its arguments bound."""

    command: Command
    binding: Binding
    error_action: str
    warnings: bool
    merge: bool


def _as_input(record: Output) -> PsValue:
    """An error that was merged into the output is an object like others to the next command."""
    return error_object(record.value) if isinstance(record.value, ErrorRecord) else record.value


def _preference(binding: Binding, name: str) -> str:
    value = binding.values.get(name)
    return value.text if isinstance(value, PsEnum) else "Continue"


class Runspace:
    """A session of one user on one host. Functions that a script defines stay until the session ends."""

    def __init__(self, host: WindowsHost, token: AccessToken) -> None:
        self._host = host
        self._token = token
        self._functions: dict[str, Command] = {}

    def invoke(self, statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        """Run statements in order; each is a sequence of commands joined by pipes.

        Records come as they are made. Between two records nothing is half done, so a caller may stop at
        any of them, and sleeps for the length of a `Pause` before it asks for the next.

        Raises:
            PipelineFailed: an error with -ErrorAction Stop; statements after it do not run.
        """
        for statement in statements:
            try:
                yield from self._run(statement)
            except StatementFailed as failure:
                yield replace(failure.record, terminating=True)

    def _run(self, statement: Sequence[CommandCall]) -> Iterator[Record]:
        if len(statement) == 1 and statement[0].is_script:
            self._define(statement[0].text)
            return
        stages = [self._stage(call) for call in statement]
        for stage in stages[1:]:
            check_before_input(stage.binding)
        records: Iterator[Record] | None = None
        for stage in stages:
            records = self._preferences(stage, records)
        if records is not None:
            yield from records

    def _define(self, text: str) -> None:
        """Take over a reviewed function; any other script is refused."""
        command = script.reviewed_function(text)
        self._functions[command.signature.name.casefold()] = command

    def _stage(self, call: CommandCall) -> _Stage:
        if call.is_script:
            raise StatementFailed(errors.not_emulated("", "a script inside a pipeline"))
        command = self.find(call.text)
        if command is None:
            raise StatementFailed(errors.command_not_found(call.text))
        binding = bind_arguments(command.signature, call.arguments)
        return _Stage(
            command,
            binding,
            _preference(binding, "ErrorAction"),
            _preference(binding, "WarningAction") not in ("SilentlyContinue", "Ignore"),
            call.merge_error_to_output,
        )

    def find(self, name: str) -> Command | None:
        """The command of this name: a function of this session, or a cmdlet; None where there is none."""
        bare = name.rpartition("\\")[2].casefold()
        return self._functions.get(bare) or CMDLETS.get(bare)

    @property
    def functions(self) -> Mapping[str, Command]:
        """The functions that this session has defined, by name in lower case."""
        return self._functions

    def _preferences(self, stage: _Stage, upstream: Iterator[Record] | None) -> Iterator[Record]:
        """Run a stage; what it says itself goes where its common parameters want it."""
        for record, own in self._process(stage, upstream):
            if own and isinstance(record, ErrorRecord):
                yield from self._error(stage, record)
            elif not isinstance(record, WarningRecord) or not own or stage.warnings:
                yield record

    def _error(self, stage: _Stage, record: ErrorRecord) -> Iterator[Record]:
        if stage.error_action in ("Stop", "Inquire"):
            raise PipelineFailed(replace(record, terminating=True))
        if stage.error_action == "Continue":
            yield Output(record) if stage.merge else record

    def _process(self, stage: _Stage, upstream: Iterator[Record] | None) -> Iterator[tuple[Record, bool]]:
        """Records with whether they are this stage's own; those of earlier stages pass by."""
        if upstream is None:
            inputs: list[PsValue] = []
            if stage.command.collect is not None:
                yield from ((r, True) for r in stage.command.collect(self._call(stage), inputs))
            elif stage.command.process is not None:
                yield from ((r, True) for r in stage.command.process(self._call(stage)))
            return
        if stage.command.collect is not None:
            yield from self._collect(stage, upstream)
            return
        for record in upstream:
            if isinstance(record, Output):
                yield from ((r, True) for r in self._with_input(stage, _as_input(record)))
            else:
                yield record, False

    def _collect(self, stage: _Stage, upstream: Iterator[Record]) -> Iterator[tuple[Record, bool]]:
        inputs: list[PsValue] = []
        for record in upstream:
            if isinstance(record, Output):
                inputs.append(_as_input(record))
            else:
                yield record, False
        if stage.command.collect is not None:
            yield from ((r, True) for r in stage.command.collect(self._call(stage), inputs))

    def _with_input(self, stage: _Stage, item: PsValue) -> Iterator[Record]:
        bound = bind_input(stage.binding, item)
        if isinstance(bound, ErrorRecord):
            yield bound
        elif stage.command.process is not None:
            yield from stage.command.process(self._new_call(stage, bound))

    def _call(self, stage: _Stage) -> Call:
        return self._new_call(stage, complete(stage.binding))

    def _new_call(self, stage: _Stage, bound: Bound) -> Call:
        known = tuple(c.signature for c in (*CMDLETS.values(), *self._functions.values()))
        return Call(self._host, self._token, stage.command.signature, bound, known)
