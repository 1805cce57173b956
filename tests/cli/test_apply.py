"""`rollcall apply`: when it asks, what it passes on, what it says, and what it exits with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

import pytest

from engine.app.applying import Ready
from engine.app.fetching import FetchProgress
from engine.app.planning import ReadProgress
from engine.app.project import Project
from engine.app.selection import Selection
from engine.app.target import Target
from engine.cli.screen import Screen, open_screen
from engine.model.plan import HostStatus, Plan
from engine.model.result import Listener, Outcome, RunResult
from engine.report.documents import from_json, to_json
from tests.cli.conftest import Invoke
from tests.report.samples import SERVER, change, host, plan, result, run
from tests.support.fakehost import FakeFleet

PLAN = plan(change(SERVER, "share", "Staff"), hosts=(host(SERVER),))
EMPTY = plan(hosts=(host(SERVER, unchanged=1),))


@dataclass
class District:
    """What was planned and applied."""

    plan: Plan = PLAN
    outcome: Outcome = Outcome.CHANGED
    planned: list[tuple[Selection, Target]] = field(default_factory=list)
    applied: list[Plan] = field(default_factory=list)

    def make_plan(self, _: Project, selection: Selection, target: Target, progress: ReadProgress) -> Plan:
        self.planned.append((selection, target))
        progress.hosts_found(1)
        return self.plan

    def prepare(self, _: Project, plan: Plan, progress: FetchProgress, cancel: Event) -> Ready:
        assert not cancel.is_set()
        progress.fetch_started("setup.msi", 12_300_000)
        progress.fetch_went_on(12_300_000)
        progress.fetch_ended()
        return Ready(plan, FakeFleet.of(), {})

    def apply_ready(self, ready: Ready, listener: Listener, cancel: Event) -> RunResult:
        assert not cancel.is_set()
        self.applied.append(ready.plan)
        results = tuple(result(item.address.name, self.outcome, "why") for item in ready.plan.changes)
        for item in ready.plan.changes:
            listener.host_started(item.address.host, 1)
            listener.change_started(item)
        for ended in results:
            listener.change_finished(ended)
            listener.host_finished(ended.address.host)
        return run(*results)

    def load_plan(self, path: Path) -> Plan:
        loaded = from_json(path.read_bytes())
        assert isinstance(loaded, Plan)
        return loaded


@pytest.fixture
def fleet(monkeypatch: pytest.MonkeyPatch) -> District:
    fleet = District()
    for name in ("make_plan", "prepare", "apply_ready", "load_plan"):
        monkeypatch.setattr(f"engine.cli.commands.apply.{name}", getattr(fleet, name))
    return fleet


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put a person in front of the screen who answers so."""

    def answering(text: str) -> None:
        def screen(*, no_color: bool) -> Screen:
            opened = open_screen(no_color=no_color)
            return Screen(opened.out, opened.err, lambda: text)

        monkeypatch.setattr("engine.cli.main.open_screen", screen)

    return answering


def test_it_does_not_act_where_nobody_can_be_asked(invoke: Invoke, fleet: District) -> None:
    done = invoke("apply")
    assert (done.code, fleet.planned, fleet.applied) == (3, [], [])
    assert "--auto-approve" in done.err


@pytest.mark.parametrize("answer", ["y\n", "\n", "", "YES\n", "no\n", "yes please\n"])
def test_only_yes_is_a_yes(
    invoke: Invoke, fleet: District, answering: Callable[[str], None], answer: str
) -> None:
    answering(answer)
    done = invoke("apply")
    assert (done.code, fleet.applied) == (130, [])
    assert "Nothing was changed." in done.err


def test_it_shows_the_plan_then_asks_then_acts(
    invoke: Invoke, fleet: District, answering: Callable[[str], None]
) -> None:
    answering("yes\n")
    done = invoke("apply")
    assert (done.code, fleet.applied) == (0, [PLAN])
    assert done.out.index("+ create share Staff") < done.out.index("1 changed")
    assert "Do this on the rehearsal?" in done.err


def test_a_machine_gets_the_run_only_and_the_person_sees_the_plan(
    invoke: Invoke, fleet: District, answering: Callable[[str], None]
) -> None:
    answering("yes\n")
    done = invoke("apply", "--format", "json")
    assert fleet.applied == [PLAN]
    assert from_json(done.out.encode()) == run(result("Staff", Outcome.CHANGED, "why"))
    assert "+ create share Staff" in done.err


def test_a_saved_plan_names_the_hosts_that_it_holds_nothing_for(invoke: Invoke, fleet: District) -> None:
    away = host(SERVER, HostStatus.UNREACHABLE, f"{SERVER}: connect: refused")
    Path("plan.json").write_text(to_json(plan(hosts=(away,))))
    done = invoke("apply", "plan.json", "--auto-approve")
    assert (done.code, len(fleet.applied)) == (6, 1)
    assert f"nothing is done there: {SERVER}\n" in done.err


def test_a_file_that_is_missing_is_told_before_that_nobody_can_be_asked(invoke: Invoke) -> None:
    done = invoke("apply", "nope.json")
    assert done.code == 3
    assert "nope.json: No such file" in done.err


def test_nothing_to_do_asks_nothing(
    invoke: Invoke, fleet: District, answering: Callable[[str], None]
) -> None:
    answering("no\n")
    fleet.plan = EMPTY
    assert invoke("apply").code == 0


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (Outcome.CHANGED, 0),
        (Outcome.FAILED, 4),
        (Outcome.REFUSED, 5),
        (Outcome.UNREACHABLE, 6),
    ],
)
def test_exit_codes(invoke: Invoke, fleet: District, outcome: Outcome, code: int) -> None:
    fleet.outcome = outcome
    done = invoke("apply", "--auto-approve")
    assert done.code == code
    shown = f"{SERVER}  {outcome}  create share Staff: why" in done.err
    assert shown == (outcome is not Outcome.CHANGED)
    assert f"{SERVER}  ended: 1 {outcome}" in done.err


def test_selection_and_target_are_passed_on(invoke: Invoke, fleet: District) -> None:
    invoke("apply", "--auto-approve", "--school", "a", "-t", "rehearsal")
    invoke("apply", "--auto-approve")
    assert fleet.planned == [(Selection(("a",)), Target.REHEARSAL), (Selection(), Target.LIVE)]


def test_a_saved_plan_is_walked_as_it_is(invoke: Invoke, fleet: District, district: Path) -> None:
    (district / "plan.json").write_text(to_json(PLAN))
    assert invoke("apply", "plan.json", "--auto-approve").code == 0
    assert (fleet.planned, fleet.applied) == ([], [PLAN])


@pytest.mark.parametrize("option", [("--school", "a"), ("--kind", "share"), ("--target", "live")])
def test_a_saved_plan_takes_no_selection(
    invoke: Invoke, fleet: District, district: Path, option: tuple[str, str]
) -> None:
    (district / "plan.json").write_text(to_json(PLAN))
    done = invoke("apply", "plan.json", "--auto-approve", *option)
    assert (done.code, fleet.applied) == (3, [])


def test_the_run_can_be_saved_and_drawn(invoke: Invoke, fleet: District, district: Path) -> None:
    (district / "plan.json").write_text(to_json(fleet.plan))
    invoke("apply", "plan.json", "--auto-approve", "--out", "first-run.json")
    done = invoke("report", "plan.json", "first-run.json", "--title", "Monday", "--out", "page.html")
    page = (district / "page.html").read_text()
    assert done.code == 0
    assert "<h1>Monday</h1>" in page
    assert page.index(">Plan</h2>") < page.index(">First run</h2>")


def test_the_file_of_the_run_is_opened_before_anything_is_done(
    invoke: Invoke, fleet: District, district: Path
) -> None:
    (district / "folder").mkdir()
    for out in ("folder", "no-such-folder/run.json"):
        done = invoke("apply", "--auto-approve", "--out", out)
        assert (done.code, fleet.planned, fleet.applied) == (3, [], [])


def test_a_file_of_a_run_that_does_not_happen_is_as_before(
    invoke: Invoke, fleet: District, district: Path, answering: Callable[[str], None]
) -> None:
    answering("no\n")
    (district / "old.json").write_text("the last run, which is longer than nothing")
    for out in ("old.json", "new.json"):
        assert invoke("apply", "--out", out).code == 130
    assert (district / "old.json").read_text() == "the last run, which is longer than nothing"
    assert not (district / "new.json").exists()
    assert fleet.applied == []


def test_a_file_of_an_older_run_is_replaced_whole(invoke: Invoke, fleet: District, district: Path) -> None:
    (district / "run.json").write_text("x" * 100_000)
    assert invoke("apply", "--auto-approve", "--out", "run.json").code == 0
    assert from_json((district / "run.json").read_bytes()) == run(result("Staff", Outcome.CHANGED, "why"))
    assert fleet.applied == [PLAN]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full here")
def test_what_was_done_is_told_when_the_file_cannot_be_written(invoke: Invoke, fleet: District) -> None:
    done = invoke("apply", "--auto-approve", "--out", "/dev/full")
    assert fleet.applied == [PLAN]
    assert "1 changed" in done.out
    assert (done.code, "/dev/full cannot be written" in done.err) == (3, True)


def test_a_page_is_not_drawn_from_something_else(invoke: Invoke, district: Path) -> None:
    (district / "x.json").write_text("{}")
    for name in ("x.json", "missing.json"):
        done = invoke("report", name)
        assert (done.code, done.out, done.err.count("\n")) == (3, "", 1)
