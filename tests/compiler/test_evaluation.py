"""Evaluations of the catalog against what schools declare, on a day that the caller names."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.compiler.district import District
from engine.compiler.evaluation import SchoolUse, Use, evaluation_findings
from engine.compiler.school import check_school
from engine.model.origin import Origin
from tests.support.small_district import FILES, TODAY, load, write_district

TOOL = FILES["catalog/software/tool.yaml"]
BETA = "school: beta\nname: Beta\ngroups: []\ngrades: [K, 1]\nhosts:\n  lab: {range: 'B-LAB-[01-03]'}\n"
BETA_HAS_IT = "software:\n  - {name: tool, hosts: lab}\n"


def district(folder: Path, evaluation: str) -> District:
    return load(
        write_district(
            folder,
            {
                "catalog/software/tool.yaml": TOOL.replace(
                    "publisher: Test\n", f"publisher: Test\nevaluation: {{{evaluation}}}\n"
                ),
                "schools/beta/school.yaml": BETA,
                "schools/beta/resources.yaml": BETA_HAS_IT,
            },
        )
    )


def rules(found: District, today: date = TODAY, schools: Sequence[str] = ("alpha", "beta")) -> list[str]:
    uses = (check_school(found, school).use for school in schools)
    return [
        f"{finding.rule} {finding.origin.file.removeprefix('manifests/')}"
        for finding in evaluation_findings(found.documents, uses, today)
    ]


ALPHA_S, BETA_S = "schools/alpha/resources.yaml", "schools/beta/resources.yaml"


@pytest.mark.parametrize(
    ("evaluation", "expected"),
    [
        ("status: approved", []),
        ("status: approved, groups: [high]", [f"out-of-scope {BETA_S}"]),
        ("status: approved, grades: [K, PK]", [f"out-of-scope {ALPHA_S}"]),
        ("status: evaluating, schools: [alpha], grades: [1]", []),
        ("status: expiring, until: 2027-06-30, schools: [beta]", [f"out-of-scope {ALPHA_S}"]),
        ("status: requested", [f"not-approved {ALPHA_S}", f"not-approved {BETA_S}"]),
        ("status: withdrawn, schools: [beta]", [f"not-approved {ALPHA_S}", f"not-approved {BETA_S}"]),
    ],
)
def test_scope_and_status(tmp_path: Path, evaluation: str, expected: list[str]) -> None:
    assert rules(district(tmp_path, evaluation)) == expected


@pytest.mark.parametrize(
    ("day", "count"), [("2026-08-31", 2), ("2026-09-01", 0), ("2027-06-30", 0), ("2027-07-01", 2)]
)
def test_both_days_belong_to_the_time(tmp_path: Path, day: str, count: int) -> None:
    found = district(tmp_path, "status: approved, from: 2026-09-01, until: 2027-06-30")
    assert (
        rules(found, date.fromisoformat(day)) == [f"not-in-time {ALPHA_S}", f"not-in-time {BETA_S}"][:count]
    )


def test_seats_are_counted_across_schools_that_are_looked_at_one_by_one(tmp_path: Path) -> None:
    found = district(tmp_path, "status: approved, seats: 6")  # 4 hosts in alpha, 3 in beta
    assert rules(found, schools=["alpha"]) == rules(found, schools=["beta"]) == []
    assert rules(found) == ["seats catalog/software/tool.yaml"]


def test_a_product_without_evaluation_may_be_used(tmp_path: Path) -> None:
    assert rules(load(write_district(tmp_path)), schools=["alpha"]) == []


def test_what_is_absent_takes_no_seat_and_needs_no_approval(tmp_path: Path) -> None:
    found = load(
        write_district(
            tmp_path,
            {
                "catalog/software/tool.yaml": TOOL.replace(
                    "publisher: Test\n", "publisher: Test\nevaluation: {status: withdrawn, seats: 1}\n"
                ),
                "schools/alpha/resources.yaml": "software: [{name: tool, hosts: lab, state: absent}]\n",
            },
        )
    )
    assert rules(found, schools=["alpha"]) == []


HERE = Origin("manifests/profiles/lab.yaml", 4, 5)


@settings(deadline=None, max_examples=30)
@given(st.lists(st.integers(1, 50), min_size=1, max_size=30), st.integers(1, 400), st.integers(-400, 400))
def test_one_declaration_of_many_schools_is_told_once(
    tmp_path_factory: pytest.TempPathFactory, counts: list[int], seats: int, days: int
) -> None:
    found = _with_seats(tmp_path_factory, seats)
    uses = [SchoolUse("alpha", {Use("tool", HERE, False): count}) for count in counts]
    findings = evaluation_findings(found.documents, uses, TODAY + timedelta(days=days))
    assert ("seats" in {finding.rule for finding in findings}) == (sum(counts) > seats)
    assert len([finding for finding in findings if finding.rule == "not-in-time"]) == (days != 0)


def _with_seats(factory: pytest.TempPathFactory, seats: int) -> District:
    said = f"status: approved, seats: {seats}, from: {TODAY}, until: {TODAY}"
    return district(factory.mktemp("seats"), said)
