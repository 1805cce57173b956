"""Reading answers with care: what was not understood is an error with a reason, never a default."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import wraps
from typing import ParamSpec, TypeVar

from engine.model.observation import Unknown
from engine.model.query import Answers, Ask, CommandError, EnumValue, PsObject, PsValue, Query, Reply, Unread
from engine.model.words import quoted

P = ParamSpec("P")
R = TypeVar("R")

_SHOWN = 300  # characters of a host's words that are repeated in a reason


class Unreadable(Exception):
    """An answer that does not tell how things are. Becomes `Unknown`."""


def unknown_if_unreadable(read: Callable[P, R]) -> Callable[P, R | Unknown]:
    """Turn `Unreadable` into `Unknown`."""

    @wraps(read)
    def reading(*args: P.args, **kwargs: P.kwargs) -> R | Unknown:
        try:
            return read(*args, **kwargs)
        except Unreadable as problem:
            return Unknown(reason=str(problem))

    return reading


def asked(query: Query) -> str:
    """A question in few words, for reasons."""
    if not isinstance(query, Ask):
        return query.path
    command = query.statement.commands[0]
    return command.name


def reply(answers: Answers, query: Ask) -> Reply:
    """The reply to a question.

    Raises:
        Unreadable: it was not answered.
    """
    answer = answers.get(query)
    if isinstance(answer, Reply):
        return answer
    if isinstance(answer, Unread):
        raise Unreadable(f"{asked(query)}: {answer.reason}")
    raise Unreadable(f"{asked(query)}: not answered")


def describe(error: CommandError) -> str:
    """An error record in one line."""
    message = " ".join(error.message.split())[:_SHOWN]
    return f"{message} ({error.error_id})"


def objects(answers: Answers, query: Ask, absent: Collection[str] = ()) -> tuple[PsObject, ...] | None:
    """The objects of a reply; None if its only errors say, by an id in `absent`, that there is none.

    Ids are compared without case and without the command's name after the comma.

    Raises:
        Unreadable: any other error, not answered, or something that is no object.
    """
    got = reply(answers, query)
    not_found = {each.casefold() for each in absent}
    for error in got.errors:
        if error.error_id.split(",", 1)[0].casefold() not in not_found:
            raise Unreadable(f"{asked(query)}: {describe(error)}")
    if got.errors and not got.output:
        return None
    if got.errors:
        raise Unreadable(f"{asked(query)}: both found and not found")
    found = tuple(each for each in got.output if isinstance(each, PsObject))
    if len(found) != len(got.output):
        raise Unreadable(f"{asked(query)}: an answer that is no object")
    return found


def single(answers: Answers, query: Ask) -> PsObject:
    """The one object of a reply.

    Raises:
        Unreadable: none, several, an error.
    """
    found = objects(answers, query)
    return only(query, found)


def single_or_absent(answers: Answers, query: Ask, absent: Collection[str]) -> PsObject | None:
    """The one object of a reply, or None if the host said that there is none.

    Raises:
        Unreadable: no object and no such error either, several, another error.
    """
    found = objects(answers, query, absent)
    return None if found is None else only(query, found)


def only(query: Query, found: tuple[PsObject, ...] | None) -> PsObject:
    """The one object.

    Raises:
        Unreadable: none, or several.
    """
    if not found:
        raise Unreadable(f"{asked(query)}: an empty answer")
    if len(found) > 1:
        raise Unreadable(f"{asked(query)}: {len(found)} objects where one was expected")
    return found[0]


def _wrong(holder: PsObject, name: str, value: PsValue) -> Unreadable:
    shown = quoted(value[:_SHOWN]) if isinstance(value, str) else repr(value)[:_SHOWN]
    shown = "nothing" if value is None else shown
    return Unreadable(f"property {name} of {holder.type_name or 'an object'} is {shown}")


def text(holder: PsObject, name: str) -> str:
    """A text property; null, which may arrive as nothing at all, is the empty text.

    Raises:
        Unreadable: something else than text.
    """
    value = holder.prop(name)
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    raise _wrong(holder, name, value)


def flag(holder: PsObject, name: str) -> bool:
    """A Boolean property.

    Raises:
        Unreadable: missing, or no Boolean.
    """
    value = holder.prop(name)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.casefold() in {"true", "false"}:
        return value.casefold() == "true"
    raise _wrong(holder, name, value)


def number(holder: PsObject, name: str) -> int:
    """A whole number.

    Raises:
        Unreadable: missing, or no whole number.
    """
    value = holder.prop(name)
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    raise _wrong(holder, name, value)


def word(holder: PsObject, name: str, words: Mapping[int, str]) -> str:
    """An enum property as one of `words` (number to word): it may come as enum, number or text.

    Raises:
        Unreadable: missing, or a value that is not in `words`.
    """
    value = holder.prop(name)
    if isinstance(value, EnumValue):
        value = value.value
    if isinstance(value, str):
        if value.isascii() and value.isdigit():
            value = int(value)
        else:
            folded = value.casefold()
            value = next((code for code, each in words.items() if each.casefold() == folded), value)
    if isinstance(value, int) and not isinstance(value, bool) and value in words:
        return words[value]
    raise _wrong(holder, name, holder.prop(name))


def texts(holder: PsObject, name: str) -> tuple[str, ...]:
    """A list of texts; a single text is a list of one, null (which may arrive as '') is an empty list.

    Raises:
        Unreadable: something else in it.
    """
    value = holder.prop(name)
    if value is None or value == "":
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, tuple):
        kept = tuple(each for each in value if isinstance(each, str))
        if len(kept) == len(value):
            return kept
    raise _wrong(holder, name, value)
