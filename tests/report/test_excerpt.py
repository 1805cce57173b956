"""The line of a manifest with the mark under its place."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from engine.report.excerpt import excerpt


def _drawn(source: str, column: int, width: int = 100) -> list[str]:
    found = excerpt(source, column, width)
    return [] if found is None else [found.line, " " * found.before + "^"]


@pytest.mark.parametrize(
    ("source", "column", "expected"),
    [
        ("  pth: D:\\Staff", 3, ["  pth: D:\\Staff", "  ^"]),
        ("name: 日本 x", 10, ["name: 日本 x", "           ^"]),
        ("name: cafe\u0301 x", 13, ["name: cafe\u0301 x", "           ^"]),
        ("e\u0301x", 2, ["e\u0301x", "^"]),
        ("\thosts: lab", 2, ["\\thosts: lab", "  ^"]),
        ("a: \x1b[31mred", 9, ["a: \\x1b[31mred", "           ^"]),
        ("a: \u202etxt", 5, ["a: \\u202etxt", "         ^"]),
        ("shares", 7, ["shares", "      ^"]),
        ("shares", 70, ["shares", "      ^"]),
        ("shares   ", 2, ["shares", " ^"]),
        ("", 1, []),
        ("   ", 2, []),
    ],
)
def test_the_mark_stands_under_its_place(source: str, column: int, expected: list[str]) -> None:
    assert _drawn(source, column) == expected


@pytest.mark.parametrize(
    ("column", "expected"),
    [
        (1, ["0123456789012345678901234567890123456...", "^"]),
        (251, ["...4567890123456789012345678901234567890...", " " * 19 + "^"]),
        (500, ["...3456789012345678901234567890123456789", " " * 39 + "^"]),
    ],
)
def test_a_long_line_is_cut_around_the_place(column: int, expected: list[str]) -> None:
    line, mark = _drawn("0123456789" * 50, column, width=40)
    assert line.startswith("...") == expected[0].startswith("...")
    assert line.endswith("...") == expected[0].endswith("...")
    assert len(line) <= 40
    assert line[len(mark) - 1] == str((column - 1) % 10)


@given(st.text(max_size=300), st.integers(1, 310), st.integers(20, 120))
@example("日" * 100, 50, 21)
@example("a" * 19 + "日", 20, 20)
def test_whatever_the_line_it_fits_and_nothing_in_it_acts(source: str, column: int, width: int) -> None:
    found = excerpt(source, column, width)
    if found is None:
        return
    assert cell_len(found.line) <= width
    assert 0 <= found.before <= width
    assert not {unicodedata.category(character) for character in found.line} & {"Cc", "Cf", "Zl", "Zp"}


@given(st.integers(1, 20_000))
def test_what_the_mark_stands_under_is_what_was_meant(column: int) -> None:
    source = "".join(chr(ord("a") + number % 26) for number in range(20_000))
    found = excerpt(source, column)
    assert found is not None
    assert found.line[found.before] == source[column - 1]
