"""Questions that travel together, and whose answer is whose. Pure.

A host is asked hundreds of things that differ in a name alone. They go in one statement with all names, and
what comes back is told apart by the name that each output and each error carries. What cannot be told apart
without doubt is asked again, each question in a statement of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.model.command import Command, Statement
from engine.model.query import Answer, Ask, CommandError, PsObject, PsValue, Query, Reply
from engine.transport.psrp.values import LONGEST_MESSAGE
from engine.transport.words import one_line

# The reviewed function that makes rows of objects and errors.
TABLE = "ConvertTo-RollcallTable"
# Bytes of names in one statement. A statement is one more thing that can fail as a whole, and 500 names of
# registry values take about half of this.
MOST_BYTES = 64 * 1024
_WILDCARD = re.compile(r"[*?\[\]`]")  # Microsoft, "about_Wildcards"
# The command itself is not there: true of every question that was to be asked with it.
_NO_COMMAND = "CommandNotFoundException"


@dataclass(frozen=True, slots=True)
class Group:
    """Questions with one statement. Several only where they differ in nothing but `Ask.together`'s text."""

    asks: tuple[Ask, ...]
    statement: Statement


@dataclass(frozen=True, slots=True)
class Spread:
    """The answers of a group's questions, and the questions to ask again alone."""

    replies: dict[Query, Answer]
    doubtful: tuple[Ask, ...] = ()


def alone(asks: Iterable[Ask]) -> tuple[Group, ...]:
    """Each question in a statement of its own."""
    return tuple(Group((ask,), _rows_of(ask, ask.statement)) for ask in asks)


def grouped(asks: Sequence[Ask]) -> tuple[Group, ...]:
    """Distinct questions in as few statements as can be, in the order in which each was first asked."""
    shelves: dict[Ask, list[Ask]] = {}
    for ask in asks:
        shelves.setdefault(_without_text(ask), []).append(ask)
    return tuple(_group(part) for shelf in shelves.values() for part in _parts(shelf))


def spread(group: Group, reply: Reply) -> Spread:
    """Give every question of a group what is its own of the group's reply."""
    unpacked = _unpacked(group.asks[0], reply)
    if len(group.asks) == 1:
        return Spread({group.asks[0]: unpacked or _garbled(reply)})
    if unpacked is None:
        return Spread({}, group.asks)
    if not unpacked.output and unpacked.errors and all(map(_has_no_command, unpacked.errors)):
        return Spread(dict.fromkeys(group.asks, unpacked))
    return _told_apart(group.asks, unpacked)


def _without_text(ask: Ask) -> Ask:
    """The same for all questions that can travel together, and for no others."""
    return ask if _text(ask) is None else ask.model_copy(update={"statement": _with(ask, "")})


def _parts(asks: Sequence[Ask]) -> Iterator[tuple[Ask, ...]]:
    """Questions of one shelf in parts that are not too big for a statement."""
    part: list[Ask] = []
    size = 0
    for ask in asks:
        more = len((_text(ask) or "").encode())
        if part and size + more > MOST_BYTES:
            yield tuple(part)
            part, size = [], 0
        part.append(ask)
        size += more
    yield tuple(part)


def _told_apart(asks: tuple[Ask, ...], reply: Reply) -> Spread:
    outputs: dict[str, list[PsValue]] = {folded(_text(ask) or ""): [] for ask in asks}
    errors: dict[str, list[CommandError]] = {name: [] for name in outputs}
    for output in reply.output:
        name = output.prop(asks[0].together) if isinstance(output, PsObject) else None
        if not isinstance(name, str) or folded(name) not in outputs:
            return Spread({}, asks)
        outputs[folded(name)].append(output)
    for error in reply.errors:
        if folded(error.target) not in errors:
            return Spread({}, asks)
        errors[folded(error.target)].append(error)
    replies: dict[Query, Answer] = {
        ask: Reply(tuple(outputs[name]), tuple(errors[name]))
        for ask, name in ((ask, folded(_text(ask) or "")) for ask in asks)
        if outputs[name] or errors[name]
    }
    # Silence may mean that there is nothing, or that something was lost: nobody guesses.
    return Spread(replies, tuple(ask for ask in asks if ask not in replies))


def folded(text: str) -> str:
    """Text for a comparison without case as Windows makes it: character by character."""
    return "".join(upper if len(upper := each.upper()) == 1 else each for each in text)


def _text(ask: Ask) -> str | None:
    """What the parameter holds that may hold other questions' texts too; None where there is none.

    To many cmdlets a text may be a pattern, which would bring what others ask for by name once more.
    """
    if not ask.together:
        return None
    value = dict(ask.statement.commands[-1].parameters).get(ask.together)
    return value if isinstance(value, str) and _WILDCARD.search(value) is None else None


def _with(ask: Ask, value: str | tuple[str, ...]) -> Statement:
    """The question's statement with another value for that parameter."""
    *before, last = ask.statement.commands
    parameters = tuple((name, value if name == ask.together else given) for name, given in last.parameters)
    return Statement(commands=(*before, Command(name=last.name, parameters=parameters)))


def _group(asks: tuple[Ask, ...]) -> Group:
    if len(asks) == 1:
        return Group(asks, _rows_of(asks[0], asks[0].statement))
    # Two spellings of one name are one name to Windows, which would answer it twice.
    names = {folded(text): text for text in map(_text, reversed(asks)) if text is not None}
    statement = _with(asks[0], tuple(reversed(names.values())))
    return Group(asks, _rows_of(asks[0], statement))


def _rows_of(ask: Ask, statement: Statement) -> Statement:
    if not ask.properties:
        return statement
    table = Command.of(TABLE, {"Property": ask.properties})
    return Statement(commands=(*statement.commands, table))


def is_table(statement: Statement) -> bool:
    """Whether the statement's errors go down its pipeline, to become rows."""
    return len(statement.commands) > 1 and statement.commands[-1].name == TABLE


def _unpacked(ask: Ask, reply: Reply) -> Reply | None:
    """The objects and errors that the rows stand for; None if they are no rows."""
    if not ask.properties:
        return reply
    outputs: list[PsValue] = []
    errors: list[CommandError] = []
    for table in reply.output:
        if not isinstance(table, tuple):
            return None
        for row in table:
            read = _row(row, ask.properties)
            if read is None:
                return None
            if isinstance(read, CommandError):
                errors.append(read)
            else:
                outputs.append(read)
    return Reply(tuple(outputs), (*errors, *reply.errors))


def _row(row: PsValue, properties: tuple[str, ...]) -> PsObject | CommandError | None:
    match row:
        case ("object", *cells) if len(cells) == len(properties):
            return PsObject("", dict(zip(properties, cells, strict=True)))
        case ("error", str(id_), str(category), str(message), str(target), str(command)):
            return CommandError(id_, category, one_line(message, LONGEST_MESSAGE), target, command)
        case _:
            return None


def _garbled(reply: Reply) -> Reply:
    problem = CommandError("AnswerGarbled", "InvalidData", "the answer is no list of rows", "", TABLE)
    return Reply((), (*reply.errors, problem))


def _has_no_command(error: CommandError) -> bool:
    return error.error_id.partition(",")[0] == _NO_COMMAND
