"""Texts of hosts as the model has them: always such that they can be written as UTF-8."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.model.query import PsObject
from engine.transport.psrp.values import plain

_ANY_CODE_POINT = st.text(st.characters(exclude_categories=()))


@given(_ANY_CODE_POINT)
def test_a_text_can_be_written_and_a_whole_one_is_kept(text: str) -> None:
    found = plain(text)

    assert isinstance(found, str)
    written = found.encode()
    if not any("\ud800" <= each <= "\udfff" for each in text):
        assert written == text.encode()


def test_half_a_character_is_replaced_and_two_halves_are_one() -> None:
    assert plain("x\ud800y") == "x\ufffdy"
    assert plain("\ud83d\ude00") == "\U0001f600"
    assert plain({"\udc00": ["\ud800"]}) == PsObject("System.Collections.Hashtable", {"\ufffd": ("\ufffd",)})
