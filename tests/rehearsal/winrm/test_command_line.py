"""Taking a command line apart as Windows does."""

from __future__ import annotations

from subprocess import list2cmdline

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.winrm.command_line import split_command_line


@given(st.lists(st.text(st.sampled_from('ab \t"\\'))))
def test_what_was_quoted_by_microsofts_rules_comes_back(words: list[str]) -> None:
    assert split_command_line(list2cmdline(words)) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r'msiexec /i "C:\a b\x.msi" /qn', ["msiexec", "/i", r"C:\a b\x.msi", "/qn"]),
        (r'PROP="a b" X=\"q\"', ["PROP=a b", 'X="q"']),
        ('""', [""]),
        ("  ", []),
        (r"C:\dir\ next", ["C:\\dir\\", "next"]),
    ],
)
def test_examples(line: str, words: list[str]) -> None:
    assert split_command_line(line) == words
