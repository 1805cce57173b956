"""Whose output, whose error: what a batch's stream of events means for each statement."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.command import Command, Statement
from engine.model.query import CommandError, Reply
from engine.transport.psrp.attribution import (
    NOT_RUN,
    Apart,
    Event,
    Final,
    Marked,
    Merged,
    OutOfStep,
    Output,
    attribute,
)

NAMES = ("Get-SmbShare", "Get-Service", "Get-Printer")


def _error(name: str) -> CommandError:
    return CommandError("Id", "NotSpecified", f"{name} failed", "", name)


def _apart(name: str) -> Apart:
    return Apart(_error(name), frozenset({name.casefold()}))


def _statements(*names: str) -> list[Statement]:
    return [Statement.of(name) for name in names]


def test_each_statement_gets_what_came_before_its_marker() -> None:
    events: list[Event] = [Output(1), Output(2), Marked(0), Marked(1), Merged(_error("C")), Marked(2)]
    assert attribute(_statements("A", "B", "C"), events) == (
        Reply((1, 2)),
        Reply(()),
        Reply((), (_error("C"),)),
    )


def test_an_error_apart_goes_to_the_silent_statement_that_it_names() -> None:
    events: list[Event] = [Output(1), Marked(0), _apart("Get-X"), Marked(1), Output(3), Marked(2)]
    first, second, third = attribute(_statements("Get-X", "Get-X", "Get-Y"), events)
    assert (first.errors, second.errors, third.errors) == ((), (_error("Get-X"),), ())


def test_an_error_that_arrives_late_still_spoils_the_silent_statement_that_it_names() -> None:
    events: list[Event] = [Marked(0), Output(2), Marked(1), _apart("Get-X")]
    first, second = attribute(_statements("Get-X", "Get-Y"), events)
    assert first.errors == (_error("Get-X"),)
    assert second.errors == ()


def test_an_error_of_an_inner_command_spoils_every_silent_statement_and_the_running_one() -> None:
    events: list[Event] = [Marked(0), Output(2), _apart("Inner"), Marked(1), Output(3), Marked(2)]
    replies = attribute(_statements("A", "B", "C"), events)
    assert [bool(reply.errors) for reply in replies] == [True, True, False]


def test_an_error_without_any_name_or_silence_spoils_everything() -> None:
    events: list[Event] = [Output(1), Marked(0), Output(2), Marked(1), Apart(_error(""), frozenset())]
    replies = attribute(_statements("A", "B"), events)
    assert [bool(reply.errors) for reply in replies] == [True, True]


def test_a_pipe_s_commands_are_all_candidates() -> None:
    pipe = Statement(commands=(Command.of("Get-X"), Command.of("Select-Object")))
    (reply,) = attribute([pipe], [_apart("Select-Object"), Marked(0)])
    assert reply.errors


def test_the_final_error_is_that_of_the_first_statement_without_a_marker() -> None:
    events: list[Event] = [Output(1), Marked(0), Output("half"), Final(_error("B"))]
    first, second, third = attribute(_statements("A", "B", "C"), events)
    assert first == Reply((1,))
    assert second == Reply(("half",), (_error("B"),))
    assert [error.error_id for error in third.errors] == [NOT_RUN]


def test_without_a_final_error_the_rest_did_not_run() -> None:
    (reply,) = attribute(_statements("A"), [])
    assert [error.error_id for error in reply.errors] == [NOT_RUN]


@pytest.mark.parametrize(
    "events",
    [
        [Marked(1)],
        [Marked(0), Marked(0)],
        [Marked(0), Marked(1), Output(1)],
        [Marked(0), Marked(1), Marked(2)],
        [Marked(0), Marked(1), Final(_error("B"))],
    ],
)
def test_markers_that_make_no_sense_are_refused(events: list[Event]) -> None:
    with pytest.raises(OutOfStep):
        attribute(_statements("A", "B"), events)


@st.composite
def _broken_batch(draw: st.DrawFn) -> tuple[list[Statement], list[Event], int]:
    """A batch in which one statement is ended by an error, told anywhere from then on."""
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=6))
    broken = draw(st.integers(0, len(names) - 1))
    inner = draw(st.sampled_from([names[broken], "Get-CimInstance"]))
    events: list[Event] = []
    due = False
    for index in range(len(names)):
        if index != broken:
            events += [Output(value) for value in range(draw(st.integers(0, 2)))]
        else:
            due = True
        if due and draw(st.booleans()):
            events.append(_apart(inner))
            due = False
        events.append(Marked(index))
    if due:
        events.append(_apart(inner))
    return _statements(*names), events, broken


@given(_broken_batch())
def test_a_statement_that_an_error_ended_never_looks_like_an_empty_answer(
    batch: tuple[list[Statement], list[Event], int],
) -> None:
    statements, events, broken = batch
    assert attribute(statements, events)[broken].errors


@given(st.lists(st.lists(st.integers(), max_size=3), max_size=6))
def test_without_errors_every_output_is_kept_in_place(outputs: list[list[int]]) -> None:
    events: list[Event] = []
    for index, values in enumerate(outputs):
        events += [Output(value) for value in values]
        events.append(Marked(index))
    replies = attribute(_statements(*("A" for _ in outputs)), events)
    assert [list(reply.output) for reply in replies] == outputs
    assert not any(reply.errors for reply in replies)
