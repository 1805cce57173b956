"""Names and ranges of hosts."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.manifest.ranges import MAXIMUM, check_host_name, check_range, expand, expand_all

FORM = "a range looks like `DHS-L114-[01-30]` or `DHS-L114-[01-12,14-30]`"


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("A-[1-3]", ("A-1", "A-2", "A-3")),
        ("A-[08-11]", ("A-08", "A-09", "A-10", "A-11")),
        ("A[9-11]X", ("A9X", "A10X", "A11X")),
        ("A-[007-007]", ("A-007",)),
        ("[1-2]A", ("1A", "2A")),
        ("A-[1]", ("A-1",)),
        ("A-[01-03,07, 09-10]", ("A-01", "A-02", "A-03", "A-07", "A-09", "A-10")),
        ("A-[9,1]", ("A-9", "A-1")),
        ("A-[1,01]", ("A-1", "A-01")),
    ],
)
def test_ranges(text: str, names: tuple[str, ...]) -> None:
    assert expand(text) == names


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("A-[3-1]", "the range runs from 3 down to 1"),
        ("A-[1-5000]", "the range has 5,000 hosts; at most 2,000 are allowed"),
        ("A-[01-100]", "write both numbers with the same digits: `[01-100]`"),
        ("A-[1-2][3-4]", FORM),
        ("A-[a-c]", FORM),
        ("A-[\uff11-\uff12]", FORM),
        ("A-[]", FORM),
        ("A-[1,]", FORM),
        ("A-[1-2-3]", FORM),
        ("A-[[1]]", FORM),
        ("A-[01\u201330]", "write a hyphen: `01-30`"),
        ("A-[01..30]", "write a hyphen: `01-30`"),
        ("A-[01 to 30]", "write a hyphen: `01-30`"),
        ("A-[1-4,3]", "the range has 3 twice"),
        ("A-[1-1500,1501-3000]", "the range has 3,000 hosts; at most 2,000 are allowed"),
    ],
)
def test_what_is_no_range(text: str, words: str) -> None:
    with pytest.raises(ValueError, match=rf"^{re.escape(words)}$"):
        expand(text)


def test_the_names_of_a_range_must_be_names() -> None:
    with pytest.raises(ValueError, match="at most 15 characters"):
        check_range("DUNDALK-HIGH-LAB-[1-2]")
    with pytest.raises(ValueError, match="at most 15 characters"):
        check_range("DUNDALK-LAB-[1-9,1000]")


@pytest.mark.parametrize("name", ["A", "DHS-SRV01", "a1", "1A", "ABCDEFGHIJKLMNO"])
def test_names(name: str) -> None:
    assert check_host_name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        "-A",
        "A-",
        "123",
        "A B",
        "A.B",
        "A_B",
        "ABCDEFGHIJKLMNOP",
        "\u04101",
        "A\n",
        "A-[1-2]",
        "\uff24HS",
        "a/b",
    ],
)
def test_what_is_no_name(name: str) -> None:
    with pytest.raises(ValueError, match="host"):
        check_host_name(name)


@given(st.integers(0, 99_000), st.integers(0, MAXIMUM - 1), st.integers(1, 5))
def test_a_range_has_each_number_once_in_order(first: int, more: int, width: int) -> None:
    last = first + more
    text = f"H[{first:0{width}d}-{last:0{max(width, len(str(last)) if first else width)}d}]"
    try:
        names = expand(text)
    except ValueError as error:
        assert "same digits" in str(error)  # noqa: PT017 - only this refusal is right here
        return
    assert [int(name[1:]) for name in names] == list(range(first, last + 1))
    assert len(set(names)) == len(names)
    assert expand_all(names[0]) == (names[0],)
