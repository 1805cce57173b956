"""The command line as a whole: help, options before the command, errors and exit codes."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from typer.core import TyperGroup
from typer.testing import CliRunner

from engine.app.errors import InvalidInput, RehearsalError
from engine.cli.main import Commands, app
from engine.model.origin import Finding, Origin
from tests.cli.conftest import Invoke


def _commands() -> Iterator[tuple[str, ...]]:
    """Every command as it is called, those of groups too."""
    for name, deferred in Commands.deferred.items():
        yield (name,)
        command = deferred.load(name)
        if isinstance(command, TyperGroup):
            yield from ((name, inner) for inner in command.commands)


COMMANDS = tuple(_commands())


def _program(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "engine.cli", *arguments],
        cwd=folder,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_every_command_explains_itself_with_examples(command: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*command, "--help"])
    assert result.exit_code == 0
    assert re.search(r"Examples?:\n( +rollcall .*\n)* +rollcall " + " ".join(command[:1]), result.stdout)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_examples_in_the_help_name_options_that_exist(command: tuple[str, ...]) -> None:
    for line in CliRunner().invoke(app, [*command, "--help"]).stdout.splitlines():
        words = line.split()
        if words[:1] == ["rollcall"]:
            named = max((each for each in COMMANDS if (*each,) == (*words[1 : len(each) + 1],)), key=len)
            options = set(re.findall(r"(?<= )--[a-z-]+", re.sub(r'"[^"]*"|  then: .*', "", line)))
            offered = CliRunner().invoke(app, [*named, "--help"]).stdout
            assert options <= set(re.findall(r"--[a-z-]+", offered)), line


def test_help_fits_into_80_columns() -> None:
    for command in COMMANDS:
        shown = CliRunner(env={"COLUMNS": "80"}).invoke(app, [*command, "--help"]).stdout
        assert max(map(len, shown.splitlines())) <= 80


def test_no_command_shows_the_help(invoke: Invoke) -> None:
    done = invoke()
    assert done.code == 3
    assert "A first look" in done.out


def test_version(invoke: Invoke) -> None:
    assert re.fullmatch(r"rollcall \d+\.\d+\.\d+\n", invoke("--version").out)


@pytest.mark.parametrize(
    "arguments",
    [("nope",), ("plan", "--nope"), ("plan", "--target", "moon"), ("report",), ("rehearse", "nope")],
)
def test_a_wrong_command_line_is_invalid_input_in_one_line(
    invoke: Invoke, arguments: tuple[str, ...]
) -> None:
    done = invoke(*arguments)
    assert (done.code, done.out) == (3, "")
    assert re.fullmatch(r"rollcall: .*\n", done.err)


def test_without_manifests_it_says_where_it_looked(tmp_path: Path) -> None:
    done = _program(tmp_path, "plan")
    assert (done.returncode, done.stdout) == (3, "")
    assert done.stderr.startswith("rollcall: no manifests/district.yaml in ")
    assert "rollcall init" in done.stderr
    assert done.stderr.count("\n") == 1


def test_mistakes_in_manifests_come_one_per_line(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    findings = [
        Finding(Origin("schools/a.yaml", 3, 5), "unknown-field", "there is no 'pth'", "did you mean 'path'?"),
        Finding(Origin("schools/b.yaml", 1, 1), "bad\x1b[2J", "x"),
    ]

    def fail(*_arguments: object) -> None:
        raise InvalidInput(findings)

    monkeypatch.setattr("engine.cli.commands.plan.make_plan", fail)
    done = invoke("plan")
    assert done.code == 3
    assert done.err.splitlines()[-5:] == [
        "schools/a.yaml:3:5: there is no 'pth' (did you mean 'path'?) [unknown-field]",
        "",
        r"schools/b.yaml:1:1: x [bad\x1b[2J]",
        "",
        "2 mistakes in 2 files.",
    ]


def test_an_expected_error_has_its_own_code(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise RehearsalError("the rehearsal is not running; start it with: rollcall rehearse start")

    monkeypatch.setattr("engine.cli.commands.plan.make_plan", fail)
    done = invoke("plan", "--target", "rehearsal")
    assert (done.code, done.err.count("\n")) == (4, 1)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_under_the_output_is_one_line(district: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "engine.cli", "validate", "--format", "json"],
            cwd=district,
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=60,
            check=False,
        )
    assert (done.returncode, done.stderr) == (
        3,
        "rollcall: the output cannot be written: No space left on device\n",
    )


def test_an_unexpected_error_is_one_line_and_a_log(
    invoke: Invoke, district: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object) -> None:
        password = "hunter2-" + "secret"
        raise RuntimeError(f"broken\nbadly, {len(password)}")

    monkeypatch.setattr("engine.cli.commands.plan.make_plan", fail)
    done = invoke("plan", "--kind", "share")
    (log,) = (district / ".rollcall" / "log").iterdir()
    assert done.code == 1
    assert done.err == f"rollcall: unexpected error: RuntimeError: broken badly, 14; details are in {log}\n"
    text = log.read_text()
    assert "Traceback" in text
    assert "arguments: ['plan', '--kind', 'share']" in text
    assert "hunter2-secret" not in text
    assert stat.S_IMODE(log.stat().st_mode) == 0o600


def test_ctrl_c_while_planning_is_cancelled(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_arguments: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.cli.commands.plan.make_plan", interrupt)
    assert invoke("plan").code == 130


def test_a_reader_that_goes_away_is_no_error_message(tmp_path: Path) -> None:
    program = f"{sys.executable} -m engine.cli plan --help; exit $?"
    done = subprocess.run(
        ["bash", "-c", f"({program}) | true"],  # noqa: S607  the shell that the other scripts use too
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert "unexpected" not in done.stderr
