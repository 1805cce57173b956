"""Text as bytes and back."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kinds.encoding import Encoding, LineEndings, decode, encode

encodings = st.sampled_from(get_args(Encoding))
endings = st.sampled_from(get_args(LineEndings))


@pytest.mark.parametrize(
    ("encoding", "data"),
    [
        ("utf-8", b"\xc3\xa4\r\n"),
        ("utf-8-bom", b"\xef\xbb\xbf\xc3\xa4\r\n"),
        ("utf-16", b"\xff\xfe\xe4\x00\r\x00\n\x00"),
        ("cp1252", b"\xe4\r\n"),
    ],
)
def test_bytes(encoding: Encoding, data: bytes) -> None:
    assert encode("ä\n", encoding, "crlf") == data


def test_mixed_line_endings_become_one() -> None:
    assert encode("a\r\nb\rc\n", "ascii", "lf") == b"a\nb\nc\n"


def test_a_character_without_a_place_is_named_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"ascii has no 'ä' \(line 2 of the text\)"):
        encode("a\nä", "ascii", "lf")


@given(st.binary(max_size=60), encodings)
def test_a_text_stands_for_one_sequence_of_bytes(data: bytes, encoding: Encoding) -> None:
    text = decode(data, encoding)
    if text is not None and "\r" not in text:
        assert encode(text, encoding, "lf") == data


@given(st.text(st.characters(codec="ascii", exclude_characters="\r"), max_size=60), encodings, endings)
def test_what_was_encoded_is_decoded(text: str, encoding: Encoding, ending: LineEndings) -> None:
    decoded = decode(encode(text, encoding, ending), encoding)
    assert decoded == text.replace("\n", "\r\n" if ending == "crlf" else "\n")
