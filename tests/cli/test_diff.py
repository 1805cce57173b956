"""`rollcall diff` and `rollcall plan --changed-since`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from engine.app.project import Project
from engine.app.selection import Selection
from engine.cli.main import run
from engine.model.plan import Plan
from tests.report.samples import plan
from tests.support.git import commit, repository
from tests.support.small_district import FILES, write_district

BETA = "school: beta\nname: Beta\ngroups: [high]\nhosts: {server: {name: B-SRV, roles: [server]}}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A committed district with two schools, which is the current folder."""
    write_district(repository(tmp_path), {"schools/beta/school.yaml": BETA})
    (tmp_path / ".gitignore").write_text(".rollcall/\n")
    commit(tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _change_alpha(folder: Path) -> None:
    path = folder / "manifests/schools/alpha/resources.yaml"
    path.write_text(path.read_text().replace("hosts: lab", "hosts: library"))


def test_exit_codes_tell_whether_something_differs(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(("diff", "--base", "main", "--detailed-exitcode")) == 0
    _change_alpha(folder)
    assert run(("diff", "--base", "main")) == 0
    assert run(("diff", "--base", "main", "--detailed-exitcode")) == 2
    assert run(("diff", "--base", "mian")) == 3
    captured = capsys.readouterr()
    assert "+ add software tool" in captured.out
    assert captured.err == "rollcall: there is no revision 'mian' (did you mean `main`?)\n"


def test_mistakes_of_the_folder_are_drawn(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = folder / "manifests/schools/alpha/resources.yaml"
    path.write_text(path.read_text().replace("path:", "pth:"))
    assert run(("diff", "--base", "main")) == 3
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.splitlines()[-1] == "2 mistakes in 1 file."


def test_json_and_markdown(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _change_alpha(folder)
    assert run(("diff", "--base", "HEAD", "--school", "alpha", "--format", "json")) == 0
    assert json.loads(capsys.readouterr().out)["format_version"] == "1.0"
    assert run(("diff", "--base", "HEAD", "--format", "markdown")) == 0
    assert capsys.readouterr().out.startswith("### Resources: ")


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Selection]:
    """What a plan was asked for; none is made."""
    found: list[Selection] = []

    def make_plan(_: Project, selection: Selection, *_rest: object) -> Plan:
        found.append(selection)
        return plan()

    monkeypatch.setattr("engine.cli.commands.plan.make_plan", make_plan)
    return found


def test_a_school_s_own_change_reaches_it_alone(
    folder: Path, asked: list[Selection], capsys: pytest.CaptureFixture[str]
) -> None:
    _change_alpha(folder)
    assert run(("plan", "--changed-since", "main", "--kind", "share")) == 0
    assert asked == [Selection(kinds=("share",), within=frozenset({"alpha"}))]
    assert "Changed since main: alpha (2 resources)\n" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("file", "old", "new", "reached"),
    [
        ("district.yaml", "data: 1", "data: 2", {"alpha", "beta"}),
        ("catalog/software/tool.yaml", "title: The Tool", "title: A Tool", {"alpha"}),
        ("profiles/marked.yaml", "default: 3", "default: 4", set()),
        ("catalog/printers/laser.yaml", "title: Laser", "title: L", set()),
    ],
)
def test_what_schools_share_reaches_those_that_use_it(
    folder: Path, asked: list[Selection], file: str, old: str, new: str, reached: set[str]
) -> None:
    (folder / "manifests" / file).write_text(FILES[file].replace(old, new))
    assert run(("plan", "--changed-since", "main")) == 0
    assert asked[0].within == frozenset(reached)


def test_where_nothing_changed_the_plan_is_empty_and_nobody_is_asked(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """No rehearsal runs and no credentials are declared: reading any host would fail."""
    _change_alpha(folder)
    options = ("--changed-since", "main", "--school", "beta", "--host", "server", "--out", "plan.json")
    assert run(("plan", "--target", "rehearsal", *options)) == 0
    captured = capsys.readouterr()
    assert "Changed since main: no school, so there is nothing to plan" in captured.err
    saved = Plan.model_validate_json((folder / "plan.json").read_bytes())
    assert (saved.hosts, saved.changes) == ((), ())
