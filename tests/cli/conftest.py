"""Runs command lines in a district's folder, with use cases that answer what a test wants."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.cli.main import run


@dataclass(frozen=True)
class Done:
    """What a command line gave."""

    code: int
    out: str
    err: str


Invoke = Callable[..., Done]


@pytest.fixture
def district(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty district in a folder of its own, which is the current folder."""
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "district.yaml").write_text("name: Test\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def invoke(district: Path, capsys: pytest.CaptureFixture[str]) -> Invoke:
    """Run `rollcall` with these arguments in this process."""
    assert district.is_dir()

    def invoke(*arguments: str) -> Done:
        code = run(arguments)
        captured = capsys.readouterr()
        return Done(code, captured.out, captured.err)

    return invoke
