"""The pipelines for the forges and the hooks are valid, and call what there is."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from ruamel.yaml import YAML
from typer.testing import CliRunner

from engine.cli.main import app

TOP = Path(__file__).parents[2]
PIPELINES = TOP / "ci" / "pipelines"

Yaml = dict[str, "Yaml"] | list["Yaml"] | str | int | bool | None


def _load(path: Path) -> Yaml:
    loaded: Yaml = YAML(typ="safe", pure=True).load(path)
    return loaded


def _mapping(value: Yaml) -> dict[str, Yaml]:
    assert isinstance(value, dict)
    return value


def _items(value: Yaml) -> list[Yaml]:
    assert isinstance(value, list)
    return value


def _github_steps() -> Iterator[dict[str, Yaml]]:
    for job in _mapping(_mapping(_load(PIPELINES / "github.yml"))["jobs"]).values():
        yield from map(_mapping, _items(_mapping(job)["steps"]))


def _gitlab_jobs() -> dict[str, dict[str, Yaml]]:
    pipeline = _mapping(_load(PIPELINES / "gitlab.yml"))
    return {name: _mapping(pipeline[name]) for name in map(str, _items(pipeline["stages"]))}


def _scripts() -> Iterator[str]:
    yield from (str(step["run"]) for step in _github_steps() if "run" in step)
    for job in _gitlab_jobs().values():
        yield "\n".join(map(str, _items(job["script"])))
        yield "\n".join(map(str, _items(job.get("after_script", []))))


def _commands(script: str) -> Iterator[str]:
    for line in script.splitlines():
        for command in re.findall(r"(?<![/\w])rollcall [a-z][^|;>]*", line):
            yield command.strip()


def test_github_steps_use_or_run() -> None:
    for step in _github_steps():
        assert ("uses" in step) != ("run" in step), step
    pipeline = _mapping(_load(PIPELINES / "github.yml"))
    assert set(_mapping(pipeline["on"])) == {"pull_request_target", "push"}
    assert pipeline["permissions"] == {}
    for job in _mapping(pipeline["jobs"]).values():
        assert {"if", "runs-on", "timeout-minutes", "permissions", "concurrency"} <= set(_mapping(job))


def test_github_applies_the_plan_that_was_approved() -> None:
    text = (PIPELINES / "github.yml").read_text()
    apply = text[text.index("\n  apply:") :]
    assert "gh run download" in apply
    assert "rollcall plan" not in apply


def test_no_foreign_text_is_pasted_into_a_script() -> None:
    """An expression in a script is replaced before the shell reads it: a branch's name would be code."""
    for step in _github_steps():
        assert "${{" not in str(step.get("run", ""))


def test_gitlab_jobs_have_a_stage_and_a_script() -> None:
    for name, job in _gitlab_jobs().items():
        assert job["stage"] == name
        assert {"script", "rules", "artifacts", "timeout"} <= set(job)


@pytest.mark.parametrize("script", list(_scripts()))
def test_scripts_are_shell(script: str) -> None:
    done = subprocess.run(["bash", "-n"], input=script, text=True, capture_output=True, check=False)  # noqa: S607
    assert (done.returncode, done.stderr) == (0, "")


def test_commands_and_options_exist() -> None:
    commands = [command for script in _scripts() for command in _commands(script)]
    assert len(commands) >= 8
    for command in commands:
        name = command.split()[1]
        offered = CliRunner().invoke(app, [name, "--help"])
        assert offered.exit_code == 0, command
        options = set(re.findall(r"(?<= )--[a-z-]+", command))
        assert options <= set(re.findall(r"--[a-z-]+", offered.stdout)), command


def test_hooks_are_pieces_of_the_gate() -> None:
    gate = (TOP / "ci" / "test").read_text()
    (repo,) = _items(_mapping(_load(TOP / ".pre-commit-config.yaml"))["repos"])
    hooks = list(map(_mapping, _items(_mapping(repo)["hooks"])))
    assert _mapping(repo)["repo"] == "local"
    for hook in hooks:
        program = str(hook["entry"]).removeprefix(".venv/bin/")
        assert f"check {hook['id']} {program}\n" in gate


@pytest.mark.parametrize("script", ["ci/setup", "ci/test", "ci/lock", "ci/demo", ".ci/run"])
def test_our_own_scripts_are_shell_and_executable(script: str) -> None:
    path = TOP / script
    assert path.stat().st_mode & 0o111
    done = subprocess.run(["bash", "-n", path], text=True, capture_output=True, check=False)  # noqa: S607
    assert (done.returncode, done.stderr) == (0, "")
