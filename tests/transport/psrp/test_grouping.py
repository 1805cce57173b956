"""Questions that travel together get the answers that they would get alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.command import Argument, Statement
from engine.model.query import Answer, Ask, CommandError, PsObject, PsValue, Query, Reply
from engine.transport.psrp.grouping import (
    MOST_BYTES,
    TABLE,
    Group,
    alone,
    folded,
    grouped,
    is_table,
    spread,
)

ABSENT = "NotFound"


def _ask(name: str, command: str = "Get-Thing", **more: Argument) -> Ask:
    statement = Statement.of(command, {"Name": name, **more})
    return Ask(statement=statement, properties=("Name", "Size"), together="Name")


def _names(group: Group) -> Argument:
    return dict(group.statement.commands[0].parameters)["Name"]


def _object(name: PsValue, size: PsValue = 1) -> tuple[PsValue, ...]:
    return ("object", name, size)


def _error(target: str, error_id: str = ABSENT) -> tuple[PsValue, ...]:
    return ("error", error_id, "ObjectNotFound", "no such thing", target, "Get-Thing")


def test_questions_that_differ_in_one_text_share_a_statement() -> None:
    asks = [
        _ask("a"),
        _ask("b", Force=True),
        _ask("c", command="Get-Other"),
        _ask("d"),
        _ask("e", Force=True),
    ]
    plain = Ask(statement=Statement.of("Get-Thing", {"Name": "f"}))
    groups = grouped([*asks, plain])
    assert [_names(group) for group in groups] == [("a", "d"), ("b", "e"), "c", "f"]
    assert [is_table(group.statement) for group in groups] == [True, True, True, False]
    assert dict(groups[0].statement.commands[1].parameters) == {"Property": ("Name", "Size")}
    assert groups[3].statement == plain.statement


def test_two_spellings_of_one_name_are_asked_once_and_answered_both() -> None:
    asks = (_ask("Staff"), _ask("STAFF"), _ask("Straße"), _ask("Strasse"))
    (group,) = grouped(asks)
    assert _names(group) == ("Staff", "Straße", "Strasse")
    told = spread(group, Reply(((_object("staff"), _object("STRAßE", 2), _error("strasse")),)))
    assert told.doubtful == ()
    first, second, third, fourth = (told.replies[ask] for ask in asks)
    assert first == second == Reply((PsObject("", {"Name": "staff", "Size": 1}),))
    assert third == Reply((PsObject("", {"Name": "STRAßE", "Size": 2}),))
    assert isinstance(fourth, Reply)
    assert [error.target for error in fourth.errors] == ["strasse"]


def test_a_statement_stays_within_its_bytes_and_a_big_name_is_asked_all_the_same() -> None:
    asks = [_ask(f"{number}" + "é" * (MOST_BYTES // 8)) for number in range(9)]
    groups = grouped([*asks, _ask("x" * (MOST_BYTES + 1))])
    assert [len(group.asks) for group in groups] == [3, 3, 3, 1]
    assert [ask for group in groups[:3] for ask in group.asks] == asks


@pytest.mark.parametrize(
    "rows",
    [
        (_object("c"),),
        (_object("a"), _object("b"), _object(None)),
        (_object("a"), _object("b"), _error("c")),
        (_object("a"), _object("b"), _error("")),
        (_object("a"), ("object", "b")),
        (_object("a"), ("thing", "b", 1)),
        (_object("a"), ("error", "b")),
        ("object", "a", 1),
        "text",
    ],
)
def test_anything_that_is_nobodys_makes_the_whole_group_doubtful(rows: PsValue) -> None:
    (group,) = grouped((_ask("a"), _ask("b")))
    told = spread(group, Reply((rows,)))
    assert (told.replies, told.doubtful) == ({}, group.asks)


@pytest.mark.parametrize("pattern", ["a*", "?", "[ab]", "a`"])
def test_what_may_be_a_pattern_travels_alone(pattern: str) -> None:
    asks = (_ask("a"), _ask(pattern), _ask("b"))
    assert [_names(group) for group in grouped(asks)] == [("a", "b"), pattern]


def test_silence_is_asked_about_again() -> None:
    asks = (_ask("a"), _ask("b"))
    (group,) = grouped(asks)
    told = spread(group, Reply(((_object("b"),),)))
    assert told.doubtful == asks[:1]
    assert list(told.replies) == [asks[1]]


def test_a_command_that_is_not_there_is_missing_for_all() -> None:
    (group,) = grouped((_ask("a"), _ask("b")))
    missing = CommandError("CommandNotFoundException", "ObjectNotFound", "no", "Get-Thing", "")
    told = spread(group, Reply((), (missing,)))
    assert told.replies == dict.fromkeys(group.asks, Reply((), (missing,)))


def test_a_lone_answer_that_makes_no_sense_is_an_error() -> None:
    (group,) = alone([_ask("a")])
    (reply,) = spread(group, Reply(("text",))).replies.values()
    assert isinstance(reply, Reply)
    assert reply.output == ()
    assert [error.command for error in reply.errors] == [TABLE]


# What a host holds under each name, and what it says besides. It takes patterns, as Get-Service does.
@dataclass(frozen=True)
class _Host:
    things: Mapping[str, Sequence[PsValue]]
    failing: frozenset[str]
    noise: Callable[[Sequence[str]], list[tuple[PsValue, ...]]]

    def run(self, group: Group) -> Reply:
        given = _names(group)
        names = given if isinstance(given, tuple) else (given,)
        rows: list[PsValue] = []
        for name in (str(each) for each in names):
            key = folded(name)
            found = [each for each in self.things if fnmatchcase(each, key)]
            rows += [_object(each, size) for each in found for size in self.things[each]]
            if key in self.failing:
                rows.append(_error(name, "AccessDenied"))
            elif not found and "*" not in name:
                rows.append(_error(name))
        rows += self.noise([str(each) for each in names])
        return Reply((tuple(rows),))


NAMES = st.text("aAbBsSß*", min_size=1, max_size=3)
KEYS = NAMES.map(folded)


def _honest(_: Sequence[str]) -> list[tuple[PsValue, ...]]:
    return []


def _stranger(names: Sequence[str]) -> list[tuple[PsValue, ...]]:
    """Says more than it was asked, but only where it was asked for several things."""
    return [_object("a stranger"), _error("nobody")] if len(names) > 1 else []


def _answers(host: _Host, groups: Sequence[Group]) -> dict[Query, Answer]:
    """What a session does with groups."""
    answers: dict[Query, Answer] = {}
    for group in groups:
        told = spread(group, host.run(group))
        answers |= told.replies
        if told.doubtful:
            answers |= _answers(host, alone(told.doubtful))
    return answers


@given(
    names=st.lists(NAMES, unique=True, max_size=8),
    things=st.dictionaries(
        KEYS.filter(lambda key: "*" not in key), st.lists(st.integers(0, 3), max_size=3), max_size=6
    ),
    failing=st.frozensets(KEYS, max_size=3),
    noise=st.sampled_from([_honest, _stranger]),
)
def test_answers_together_are_those_of_each_question_alone(
    names: list[str],
    things: dict[str, list[PsValue]],
    failing: frozenset[str],
    noise: Callable[[Sequence[str]], list[tuple[PsValue, ...]]],
) -> None:
    host = _Host(things, failing, noise)
    asks = [_ask(name) for name in names]
    together, singly = _answers(host, grouped(asks)), _answers(host, alone(asks))
    # Of two spellings only one is sent, so errors may name the other: without case they are the same.
    assert {ask: _without_case(reply) for ask, reply in together.items()} == {
        ask: _without_case(reply) for ask, reply in singly.items()
    }
    assert set(together) == set(asks)


def _without_case(answer: Answer) -> tuple[object, ...]:
    assert isinstance(answer, Reply)
    return (answer.output, [(error.error_id, folded(error.target)) for error in answer.errors])


_ROWS = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.sampled_from(["object", "error", "a", "b", "A", "x"])
    ),
    lambda inner: st.lists(inner, max_size=6).map(tuple),
    max_leaves=30,
)


@given(st.lists(_ROWS, max_size=3), st.booleans())
def test_whatever_a_host_says_nobody_gets_what_is_not_theirs(output: list[PsValue], failed: bool) -> None:
    (group,) = grouped((_ask("a"), _ask("b")))
    errors = (CommandError("Late", "NotSpecified", "", "", "Other-Command"),) if failed else ()
    told = spread(group, Reply(tuple(output), errors))
    assert set(told.replies) | set(told.doubtful) == set(group.asks)
    assert not set(told.replies) & set(told.doubtful)
    if failed:
        assert told.doubtful == group.asks
    for ask, name in zip(group.asks, "AB", strict=True):
        reply = told.replies.get(ask)
        if reply is not None:
            assert isinstance(reply, Reply)
            assert reply.output or reply.errors
            objects = [each for each in reply.output if isinstance(each, PsObject)]
            assert [folded(str(each.prop("Name"))) for each in objects] == [name] * len(reply.output)
            assert all(folded(error.target) == name for error in reply.errors)
