"""Hosts and their variables: what is told once, however many hosts it is about."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.compiler import inventory
from engine.manifest import limits
from engine.manifest.suggest import did_you_mean
from tests.support.small_district import FILES, problems, write_district

HEAD = "school: alpha\nname: Alpha High\ngroups: [high]\nhosts:\n"
BODY = "  server: {name: A-SRV, roles: [server]}\n  lab: {range: 'A-LAB-[01-04]', roles: [workstation]}\n"


def told(folder: Path, hosts: str) -> list[str]:
    """What is said of a school with these groups of hosts beside the usual ones."""
    return problems(write_district(folder, {"schools/alpha/school.yaml": HEAD + BODY + hosts}))


def test_exceptions_outside_the_range_are_one_finding_a_word(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    searches = []

    def counted(word: str, known: tuple[str, ...]) -> str:
        searches.append(word)
        return did_you_mean(word, known)

    monkeypatch.setattr(inventory, "did_you_mean", counted)
    found = told(
        tmp_path, "  g: {range: 'A-[0000-1999]', except: ['B[0000-1999]', 'C[0000-1999]', A-0000]}\n"
    )
    assert [line.split(": ", 1)[1] for line in found] == [
        "`except` names B0000 and 1,999 more that are not in the range"
        " (did you mean `A-0000`?) [unknown-host]",
        "`except` names C0000 and 1,999 more that are not in the range [unknown-host]",
    ]
    assert searches == ["B0000"]


def test_too_many_exceptions_are_not_looked_at(tmp_path: Path) -> None:
    words = ", ".join(["'B[0000-1999]'"] * (limits.EXCEPTIONS + 1))
    (line,) = told(tmp_path, f"  g: {{range: 'A-[0000-1999]', except: [{words}]}}\n")
    assert line.endswith("[host-limit]")


def test_a_range_that_exists_twice_is_one_finding(tmp_path: Path) -> None:
    groups = "".join(f"  g{number}: {{range: 'X[0000-1999]'}}\n" for number in range(4))
    found = told(tmp_path, groups)
    assert len(found) == 3
    assert all("; and so do 1,999 more of this group [duplicate-host]" in line for line in found)


def test_a_school_has_a_limited_number_of_hosts(tmp_path: Path) -> None:
    groups = "".join(f"  g{number}: {{range: 'X{number}-[0000-1999]'}}\n" for number in range(8))
    assert [line.rsplit(" ", 1)[1] for line in told(tmp_path, groups)] == ["[host-limit]"]


def test_a_name_twice_in_one_group(tmp_path: Path) -> None:
    (line,) = told(tmp_path, "  g: {names: [A-X, a-x]}\n")
    assert "the host a-x exists twice; the first is A-X in" in line


def groups(high: str, pilot: str, school: str = "") -> Iterator[tuple[str, str]]:
    yield (
        "district.yaml",
        f"district: test\nname: Test\ngroups:\n  high: {{vars: {high}}}\n  pilot: {{vars: {pilot}}}\n",
    )
    yield (
        "schools/alpha/school.yaml",
        FILES["schools/alpha/school.yaml"].replace("[high]", "[pilot, high]") + school,
    )


def test_two_groups_of_schools_that_set_a_variable_differently(tmp_path: Path) -> None:
    assert problems(write_district(tmp_path, dict(groups("{a: 1, b: x}", "{a: 1, b: y}")))) == [
        "manifests/district.yaml:5:24: the school alpha has `b` from two of its groups of schools, `pilot`"
        " and `high`, with different values: here and in manifests/district.yaml:4:23"
        " (set it in the school, or in one of the groups only) [declared-twice]"
    ]


@pytest.mark.parametrize(
    ("high", "pilot", "school", "count"),
    [
        ("{a: 1}", "{a: 1}", "", 0),
        ("{a: [x]}", "{a: [x]}", "", 0),
        ("{a: 1}", "{b: 2}", "", 0),
        ("{a: 1}", "{a: 2}", "vars: {a: 3}\n", 0),
        ("{a: 1}", "{a: true}", "", 1),
        ("{a: 1}", "{a: '1'}", "", 1),
    ],
)
def test_equal_variables_and_nearer_ones(
    tmp_path: Path, high: str, pilot: str, school: str, count: int
) -> None:
    assert len(problems(write_district(tmp_path, dict(groups(high, pilot, school))))) == count
