"""Names, paths and patterns."""

from __future__ import annotations

import fnmatch
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.windows.filesystem.names import fold, matches, split_absolute, split_relative
from engine.rehearsal.windows.ntstatus import NtStatus
from tests.support.files import fails

NAMES = st.text(alphabet="ab.Cé", min_size=1, max_size=8)
PATTERNS = st.text(alphabet="ab.C*?é", min_size=1, max_size=6)


@given(PATTERNS, NAMES)
def test_stars_and_question_marks_match_as_everywhere(pattern: str, name: str) -> None:
    expected = re.compile(fnmatch.translate(fold(pattern))).match(fold(name)) is not None
    assert matches(pattern, name) == expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("<.txt", "a.b.txt", True),  # DOS_STAR reaches over all dots but the last
        ("<", "a.txt", False),
        ("<", "name", True),
        ('<"*', "name", True),  # *.* as DOS means it
        ('<"*', "a.b.c", True),
        ("a>>>", "ab", True),  # DOS_QM may stand for nothing at a name's end
        (">>>.txt", "ab.txt", True),
        ("a>>>", "ab.c", False),
        ('a"', "a", True),
        ('a"', "a.", True),
        ('a"b', "ab", False),
        ("ÄRGER*", "ärger.txt", True),
    ],
)
def test_dos_wildcards_match_as_documented(pattern: str, name: str, expected: bool) -> None:
    assert matches(pattern, name) is expected


def test_no_pattern_takes_for_ever() -> None:
    assert not matches("*a" * 100 + "b", "a" * 255)


def test_paths_are_read_as_programs_write_them() -> None:
    assert split_absolute(r"d:\Shares/./Staff\\x. ") == ("D", ("Shares", "Staff", "x"))
    assert split_absolute(r"C:\a\..\b") == ("C", ("b",))
    assert split_absolute("C:") == split_absolute("C:\\") == ("C", ())
    for wrong in ("", "a", r"\\server\share", r"CC:\x"):
        with fails(NtStatus.OBJECT_PATH_SYNTAX_BAD):
            split_absolute(wrong)


def test_paths_over_the_wire_are_taken_literally() -> None:
    assert split_relative("") == ()
    assert split_relative(r"a\b::$DATA") == ("a", "b")
    for wrong in (r"a\\b", "a.", "x ", "nul", "a\\COM1.log", "a:b", "a*", "x" * 256, "a/b", "\x01", "\ud800"):
        with fails(NtStatus.OBJECT_NAME_INVALID):
            split_relative(wrong)
    with fails(NtStatus.OBJECT_PATH_SYNTAX_BAD):
        split_relative(r"a\..\b")
    with fails(NtStatus.INVALID_PARAMETER):
        split_relative(r"\a")
