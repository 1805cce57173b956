"""What goes wrong unexpectedly on one host is explained in a log file, not on the screen."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from engine.cli.logfile import logged

_log = logging.getLogger("engine.executor.walk")


def test_an_error_of_one_host_goes_to_a_private_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    with logged(["apply", "--host", "PC1"]):
        try:
            raise ValueError("odd")
        except ValueError:
            _log.exception("PC1: an unexpected error ended the host's changes")
    (file,) = (tmp_path / ".rollcall/log").iterdir()
    text = file.read_text()
    assert "arguments: ['apply', '--host', 'PC1']" in text
    assert "PC1: an unexpected error" in text
    assert "ValueError: odd" in text
    assert file.stat().st_mode & 0o077 == 0
    assert capsys.readouterr().err == ""


def test_a_quiet_command_leaves_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with logged(["plan"]):
        _log.info("nothing to speak of")
    assert not (tmp_path / ".rollcall").exists()


def test_where_no_file_can_be_made_the_command_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".rollcall").write_text("a file in the way")
    with logged(["plan"]):
        _log.error("something")
    assert "Traceback" not in capsys.readouterr().err
