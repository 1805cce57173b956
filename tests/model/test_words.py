"""Other people's texts in messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.model.words import quoted


def test_backslashes_are_shown_as_written() -> None:
    assert quoted(r"BCPS\DHS-Staff") == r"'BCPS\DHS-Staff'"


def test_what_cannot_be_seen_is_escaped() -> None:
    assert quoted("a\nb\x1b[2J\u202e") == r"'a\nb\x1b[2J\u202e'"


@given(st.text())
def test_a_message_stays_one_line_that_can_be_shown(text: str) -> None:
    assert quoted(text).isprintable()
