"""`rollcall plan`: what it draws, saves and exits with."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.app.planning import ReadProgress
from engine.app.project import Project
from engine.app.selection import Selection
from engine.app.target import Target
from engine.model.plan import HostStatus, Plan
from engine.report.documents import from_json
from tests.cli.conftest import Invoke
from tests.report.samples import SERVER, change, field, host, plan, whole_plan

Planned = Callable[[Plan], list[tuple[Selection, Target]]]


@pytest.fixture
def planned(monkeypatch: pytest.MonkeyPatch) -> Planned:
    """Make every planning give this plan; what was asked for is in the list."""

    def planned(made: Plan) -> list[tuple[Selection, Target]]:
        asked: list[tuple[Selection, Target]] = []

        def make_plan(_: Project, selection: Selection, target: Target, progress: ReadProgress) -> Plan:
            asked.append((selection, target))
            progress.hosts_found(len(made.hosts))
            for item in made.hosts:
                progress.host_read(item)
            return made

        monkeypatch.setattr("engine.cli.commands.plan.make_plan", make_plan)
        return asked

    return planned


CHANGED = plan(change(SERVER, "share", "Staff", field("path", after=r"D:\Staff")), hosts=(host(SERVER),))
EMPTY = plan(hosts=(host(SERVER, unchanged=3),))
AWAY = plan(hosts=(host(SERVER, HostStatus.UNREACHABLE, f"{SERVER}: connect: refused"),))


@pytest.mark.parametrize(
    ("made", "options", "code"),
    [
        (CHANGED, [], 0),
        (CHANGED, ["--detailed-exitcode"], 2),
        (EMPTY, ["--detailed-exitcode"], 0),
        (AWAY, ["--detailed-exitcode"], 6),
        (whole_plan(), ["--detailed-exitcode"], 4),
    ],
)
def test_exit_codes(invoke: Invoke, planned: Planned, made: Plan, options: list[str], code: int) -> None:
    planned(made)
    assert invoke("plan", *options).code == code


def test_the_selection_and_the_target_are_passed_on(invoke: Invoke, planned: Planned) -> None:
    asked = planned(EMPTY)
    invoke("plan", "-s", "a", "-s", "b", "--host", "H", "--kind", "share", "--target", "rehearsal")
    assert asked == [(Selection(("a", "b"), ("H",), ("share",)), Target.REHEARSAL)]


def test_the_target_is_live_unless_said_otherwise(invoke: Invoke, planned: Planned) -> None:
    asked = planned(EMPTY)
    invoke("plan")
    assert asked == [(Selection(), Target.LIVE)]


def test_json_stands_alone_on_stdout(invoke: Invoke, planned: Planned) -> None:
    planned(AWAY)
    done = invoke("plan", "--format", "json")
    assert from_json(done.out.encode()) == AWAY
    assert "connect: refused" in done.err


@pytest.mark.parametrize(("form", "start"), [("markdown", "### Plan for"), ("html", "<!doctype html>")])
def test_other_formats_stand_alone_on_stdout(invoke: Invoke, planned: Planned, form: str, start: str) -> None:
    planned(CHANGED)
    assert invoke("plan", "--format", form).out.startswith(start)


def test_a_saved_plan_holds_the_document(invoke: Invoke, planned: Planned, district: Path) -> None:
    planned(CHANGED)
    done = invoke("plan", "--out", "monday.json")
    assert done.code == 0
    assert from_json((district / "monday.json").read_bytes()) == CHANGED
    assert "rollcall apply monday.json" in done.err


def test_there_is_no_colour_in_a_pipe(invoke: Invoke, planned: Planned) -> None:
    planned(CHANGED)
    assert "\x1b" not in invoke("plan").out


@pytest.mark.parametrize("off", ["option", "variable"])
def test_colours_are_wanted_and_not_wanted(
    invoke: Invoke, planned: Planned, monkeypatch: pytest.MonkeyPatch, off: str
) -> None:
    planned(CHANGED)
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm-256color")
    assert "\x1b[" in invoke("plan").out
    monkeypatch.setenv("NO_COLOR", "1" if off == "variable" else "")
    quiet = invoke(*(["--no-color"] if off == "option" else []), "plan")
    assert "\x1b" not in quiet.out
    assert "+ create share Staff" in quiet.out


def test_an_unwritable_file_is_an_expected_error(invoke: Invoke, planned: Planned) -> None:
    planned(CHANGED)
    done = invoke("plan", "--out", os.path.join("no", "such", "folder.json"))  # noqa: PTH118  as a person types it
    assert done.code == 3
    assert done.err.count("\n") <= 2


@pytest.mark.parametrize("out", ["manifests", os.path.join("no", "such", "folder.json")])  # noqa: PTH118
def test_a_file_is_tried_before_hosts_are_read(invoke: Invoke, planned: Planned, out: str) -> None:
    asked = planned(CHANGED)
    done = invoke("plan", "--out", out)
    assert (done.code, asked, done.out) == (3, [], "")


def test_json_and_text_say_the_same(invoke: Invoke, planned: Planned) -> None:
    planned(CHANGED)
    document = json.loads(invoke("plan", "--format", "json").out)
    assert document["changes"][0]["address"].split("/")[-1] in invoke("plan").out
