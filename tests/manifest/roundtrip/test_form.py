"""The canonical form, case by case."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.manifest.roundtrip.rewriting import Source, formatted
from engine.manifest.yaml import parse_yaml


def form(text: str) -> str:
    node, findings = parse_yaml(text, "a.yaml")
    assert node is not None
    assert findings == ()
    return formatted(Source(Path(), "a.yaml", text, node, text.encode())).decode()


@pytest.mark.parametrize(
    "text", ["08", "6.10", "1:30", "1e3", "no", "0x1F", "2026-09-01", "~", "null", "1_000"]
)
def test_a_plain_value_stays_exactly_what_was_written(text: str) -> None:
    assert form(f"a:   {text}\n") == f"a: {text}\n"


@pytest.mark.parametrize(
    ("written", "wanted"),
    [
        ('"Staff"', "Staff"),
        ("'two words'", "two words"),
        (r"'D:\Shares\Staff'", r"D:\Shares\Staff"),
        (r"'BCPS\DHS-Staff'", r"BCPS\DHS-Staff"),
        ('"08"', "'08'"),
        ('"6.10"', "'6.10'"),
        ("'6.0.848'", "6.0.848"),
        ('"no"', "'no'"),
        ('"1:30"', "'1:30'"),
        ('"2026-09-01"', "'2026-09-01'"),
        ('"null"', "'null'"),
        ('""', "''"),
        ('"a: b"', "'a: b'"),
        ('"a #b"', "'a #b'"),
        ('"{{ vars.x }}"', "'{{ vars.x }}'"),
        ('"L-[01-30]"', "'L-[01-30]'"),
        ('"a, b"', "'a, b'"),
        ("'it''s'", "it's"),
        ("'''s'", '"\'s"'),
        (r'"tab\there"', r'"tab\there"'),
        ('"*"', "'*'"),
    ],
)
def test_quotes_are_kept_only_where_they_are_needed(written: str, wanted: str) -> None:
    assert form(f"a: {written}\n") == f"a: {wanted}\n"


def test_inside_brackets_a_colon_needs_quotes() -> None:
    assert form("a: ['C:\\x', \"z\"]\nb: 'C:\\x'\n") == "a: ['C:\\x', z]\nb: C:\\x\n"


def test_indentation_lists_and_blank_lines() -> None:
    text = "\n\na:\n- x\n-   y:   1\n    z: [ 1,2 ]\n\n\n\nb:\n\n      c: {d : e}   \n\n"
    assert form(text) == "a:\n  - x\n  - y: 1\n    z: [1, 2]\n\nb:\n  c: {d: e}\n"


def test_comments_go_with_what_they_are_about() -> None:
    text = """\
# The file.

a: # beside a
- x   # beside x
    # at the end of a
# about b
b:
    # about c
    c: 1
    # - after c
d:
    # nothing in d yet
e: 2
# the end
"""
    assert (
        form(text)
        == """\
# The file.

a:  # beside a
  - x  # beside x
  # at the end of a
# about b
b:
  # about c
  c: 1
  # - after c
d:
  # nothing in d yet
e: 2
# the end
"""
    )


def test_comments_under_each_other_stay_so() -> None:
    text = "a:\n    x: 1       # one\n    longer: 2  # two\n    y: 3 # alone\n"
    assert form(text) == "a:\n  x: 1       # one\n  longer: 2  # two\n  y: 3  # alone\n"


def test_brackets_with_a_comment_or_too_long_become_lines() -> None:
    long = ", ".join(f"name-{number}: {'x' * 20}" for number in range(4))
    expected = "a:\n" + "".join(f"  name-{number}: {'x' * 20}\n" for number in range(4))
    assert form(f"a: {{{long}}}\n") == expected
    assert form("a: [x, # why\n  y]\n") == "a:\n  - x  # why\n  - y\n"
    assert form("a: {x: 1,\n    y: [2,\n 3]}\n") == "a: {x: 1, y: [2, 3]}\n"


def test_a_long_group_in_a_list_starts_beside_its_dash() -> None:
    text = f"a:\n  - {{name: {'x' * 60}, other: {'y' * 60}}}  # why\n"
    assert form(text) == f"a:\n  # why\n  - name: {'x' * 60}\n    other: {'y' * 60}\n"


def test_block_texts_keep_every_line() -> None:
    text = "a: |   # beside\n      one\n\n        two\n      # no comment\n\nb: >-\n  x\n  y\nc: |2\n   z\n"
    wanted = "a: |  # beside\n  one\n\n    two\n  # no comment\n\nb: >-\n  x\n  y\nc: |2\n   z\n"
    assert form(text) == wanted


def test_anchors_and_aliases_stay() -> None:
    text = "a: &x\n    b: 1\nc: *x\nd: [&y 1, *y]\ne:\n- &z\n  f: 1\n- *z\n"
    assert form(text) == "a: &x\n  b: 1\nc: *x\nd: [&y 1, *y]\ne:\n  - &z\n    f: 1\n  - *z\n"


def test_line_endings_stay_and_a_byte_order_mark_goes() -> None:
    text = "a:  1\nb:  2\n"
    node, _ = parse_yaml(text, "a.yaml")
    assert node is not None
    data = b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode()
    assert formatted(Source(Path(), "a.yaml", text, node, data)) == b"a: 1\r\nb: 2\r\n"
