"""Saving plans and reading them back."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from engine.app.errors import UnusablePlan
from engine.app.planfile import load_plan, save_plan
from engine.model.plan import Plan
from engine.report.documents import to_json
from tests.report.samples import whole_run
from tests.support.fakehost import FakeFleet
from tests.support.rollout import paper, plan_of, program, school, thing


def _plan() -> Plan:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].things = {"b": {"colour": "red"}}
    return plan_of(
        fleet,
        school([thing("a", colour="blue"), thing("b", colour="blue"), paper("p", "1\n2"), program("q", "1")]),
    )


def test_a_saved_plan_reads_back_the_same(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"

    save_plan(_plan(), file)

    assert load_plan(file) == _plan()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["plan.json"]


def test_saving_replaces_a_plan_whole_or_not_at_all(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text("the old one")

    with pytest.raises(OSError, match="plan"):
        save_plan(_plan(), tmp_path / "no-such-folder" / "plan.json")
    save_plan(_plan(), file)

    assert load_plan(file) == _plan()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("", "is no plan: the file is empty"),
        ("[]", "is no plan: it is neither a plan nor"),
        ("{", "it is no JSON"),
        ("[" * 100_000, "it is no JSON"),
        ('{"format_version": "3.0"}', "made by a newer Rollcall .plan format 3.0"),
        ('{"format_version": "2.7"}', "made by a newer Rollcall .plan format 2.7"),
        ('{"format_version": "1.0"}', "made by an older Rollcall .plan format 1.0.; make the plan again"),
        ('{"format_version": "2.0"}', "it is not as a plan is: created is missing"),
        ('{"format_version": "secret-looking-text"}', "is no version of the format$"),
        ('{"format_version": "1.0\\n"}', "is no version of the format$"),
        (to_json(whole_run()), "is no plan: it is the result of a run$"),
    ],
)
def test_what_is_no_plan_is_refused(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "plan.json"
    file.write_text(content)

    with pytest.raises(UnusablePlan, match=said):
        load_plan(file)


def test_a_plan_of_an_unknown_version_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.write_text(_plan().model_dump_json().replace('"format_version":"2.0"', '"format_version":"3.0"'))

    with pytest.raises(UnusablePlan, match=r"newer Rollcall \(plan format 3\.0\)"):
        load_plan(file)


def test_a_missing_plan_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnusablePlan, match="No such file"):
        load_plan(tmp_path / "plan.json")
