"""Which git is asked, and about which repository."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.app.history.git import GitProblem, ask_git, git_command, repository_of
from tests.support.git import commit, git, repository


@pytest.fixture
def top(tmp_path: Path) -> Path:
    top = repository(tmp_path / "top")
    (top / "manifests").mkdir()
    commit(top)
    return top


def _program(folder: Path) -> Path:
    """A program called git that leaves a mark when it is started."""
    folder.mkdir(parents=True, exist_ok=True)
    program = folder / "git"
    program.write_text(f"#!/bin/sh\ntouch '{folder.parent}/started'\n")
    program.chmod(0o755)
    return folder


@pytest.mark.parametrize("entry", ["", ".", "bin"])
def test_a_git_of_the_current_folder_is_not_started(
    top: Path, monkeypatch: pytest.MonkeyPatch, entry: str
) -> None:
    _program(top / entry)
    monkeypatch.chdir(top)
    monkeypatch.setenv("PATH", f"{entry}{os.pathsep}{top / entry}{os.pathsep}{os.environ['PATH']}")
    assert not Path(git_command(top, "version")[0][0]).is_relative_to(top)
    assert repository_of(top / "manifests").top == top


def test_a_git_among_the_manifests_is_not_started(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = _program(top / "manifests/bin")
    linked = tmp_path / "linked"
    linked.mkdir()
    (linked / "git").symlink_to(inside / "git")
    monkeypatch.setenv("PATH", f"{inside}{os.pathsep}{linked}")
    with pytest.raises(GitProblem, match="no git on this computer"):
        ask_git(top / "manifests", "version")
    assert not list(top.rglob("started"))


def test_what_a_hook_says_of_another_repository_is_not_handed_on(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = git(top, "rev-parse", "--local-env-vars").split()
    assert "GIT_DIR" in local
    other = repository(tmp_path / "other")
    for name in local:
        monkeypatch.setenv(name, "0" if name == "GIT_CONFIG_COUNT" else str(other / ".git"))
    monkeypatch.setenv("GIT_LITERAL_PATHSPECS", "1")
    assert repository_of(top).top == top
    handed_on = git_command(top, "version")[1]
    assert {*local, "GIT_LITERAL_PATHSPECS"} & handed_on.keys() == {"GIT_NO_REPLACE_OBJECTS"}
    assert handed_on["GIT_NO_REPLACE_OBJECTS"] == "1"
