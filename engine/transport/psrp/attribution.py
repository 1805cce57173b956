"""Which output and which error belongs to which statement of a pipeline. Pure.

A pipeline's answer is one stream of objects. After every statement a marker is written, made of a random
text and the statement's number, so that nothing that a host stores can look like one. Errors that a command
writes and goes on are merged into its output and so arrive in place. An error that ends a command arrives
in another stream; where it belongs is found out from both its place among the outputs and the command it
names. Where that leaves a doubt, every statement that it may belong to gets the error: a statement whose
error was lost would look like "there is no such thing".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.model.command import Statement
from engine.model.query import CommandError, PsValue, Reply

NOT_RUN = "NotRun"


@dataclass(frozen=True, slots=True)
class Output:
    """An object of the output stream."""

    value: PsValue


@dataclass(frozen=True, slots=True)
class Marked:
    """The statement of this number, from 0, has ended."""

    statement: int


@dataclass(frozen=True, slots=True)
class Merged:
    """An error record in the output stream: of the statement that is running."""

    error: CommandError


@dataclass(frozen=True, slots=True)
class Apart:
    """An error record of the error stream, with the command names it mentions in lower case."""

    error: CommandError
    names: frozenset[str]


@dataclass(frozen=True, slots=True)
class Final:
    """The error that ended the pipeline before its last statement."""

    error: CommandError


Event = Output | Marked | Merged | Apart | Final


@dataclass(slots=True)
class _Tally:
    outputs: list[list[PsValue]]
    errors: list[list[CommandError]]
    apart: list[tuple[int, Apart]] = field(default_factory=list)
    final: CommandError | None = None
    current: int = 0


class OutOfStep(Exception):
    """Markers came in an impossible order; nothing of the answer can be trusted."""


def attribute(statements: Sequence[Statement], events: Sequence[Event]) -> tuple[Reply, ...]:
    """A reply for each statement, in order.

    Statements that the pipeline did not reach have a `NotRun` error.

    Raises:
        OutOfStep: the markers make no sense.
    """
    tally = _Tally([[] for _ in statements], [[] for _ in statements])
    for event in events:
        _count(tally, event, len(statements))
    reached = tally.current
    if tally.final is not None and reached == len(statements):
        raise OutOfStep("the pipeline failed after its last statement")
    _place_apart(tally, statements)
    for index in range(reached, len(statements)):
        tally.errors[index].append(_unreached(tally, index == reached))
    return tuple(
        Reply(tuple(output), tuple(errors))
        for output, errors in zip(tally.outputs, tally.errors, strict=True)
    )


def _count(tally: _Tally, event: Event, statements: int) -> None:
    if isinstance(event, Marked):
        if event.statement != tally.current or tally.current >= statements:
            raise OutOfStep(f"marker {event.statement} came where {tally.current} was due")
        tally.current += 1
        return
    if isinstance(event, Final):
        tally.final = event.error
        return
    if isinstance(event, Apart):
        tally.apart.append((tally.current, event))
        return
    if tally.current >= statements:
        raise OutOfStep("there is output after the last statement")
    if isinstance(event, Merged):
        tally.errors[tally.current].append(event.error)
    else:
        tally.outputs[tally.current].append(event.value)


def _place_apart(tally: _Tally, statements: Sequence[Statement]) -> None:
    silent = {
        index for index in range(len(statements)) if not tally.outputs[index] and not tally.errors[index]
    }
    for current, event in tally.apart:
        for index in _suspects(event, current, silent, statements):
            tally.errors[index].append(event.error)


def _suspects(event: Apart, current: int, silent: set[int], statements: Sequence[Statement]) -> list[int]:
    named = {
        index
        for index, statement in enumerate(statements)
        if any(command.name.casefold() in event.names for command in statement.commands)
    }
    suspects = (silent & named) or named or silent
    # The error stream travels with the output, so the statement that was running is the likeliest.
    here = {current} if current < len(statements) else set()
    return sorted(suspects | here) or list(range(len(statements)))


def _unreached(tally: _Tally, first: bool) -> CommandError:
    if first and tally.final is not None:
        return tally.final
    return CommandError(NOT_RUN, "OperationStopped", "not run: the pipeline ended before it", "", "")
