"""What people are told stays short, whatever is wrong."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.model.bounded import OF_ONE_KIND, bounded
from engine.model.origin import Finding, Origin


def finding(line: int, message: str = "wrong", rule: str = "r", file: str = "f.yaml") -> Finding:
    return Finding(Origin(file, line, 1), rule, message)


def test_few_findings_stay_as_they_are() -> None:
    few = [finding(2), finding(1)]
    assert bounded(few) == (finding(1), finding(2))


def test_many_of_one_kind_are_counted() -> None:
    told = bounded(finding(line) for line in range(1, 72_901))
    assert len(told) == OF_ONE_KIND + 1
    assert told[-1] == finding(OF_ONE_KIND + 1, "and 72,800 more of this kind from here on")


def test_other_rules_and_files_are_not_crowded_out() -> None:
    many = [finding(line) for line in range(1, 1_000)]
    others = [finding(5_000, rule="other"), finding(1, file="g.yaml")]
    assert set(others) <= set(bounded([*many, *others]))


def test_long_quoted_texts_are_cut() -> None:
    (told,) = bounded([finding(1, f"`{'x' * 60_000}` matches no host of `alpha`")])
    assert told.message == f"`{'x' * 59}…` matches no host of `alpha`"


def test_prose_between_quoted_texts_is_kept() -> None:
    message = f"`a` {'some words ' * 30}`b`"
    assert bounded([finding(1, message)])[0].message == message


@given(st.lists(st.integers(1, 300), max_size=400))
def test_every_place_is_told_or_counted(lines: list[int]) -> None:
    findings = {finding(line) for line in lines}
    told = bounded(findings)
    if len(findings) <= OF_ONE_KIND:
        assert set(told) == findings
    else:
        assert f"and {len(findings) - OF_ONE_KIND:,} more" in told[-1].message
