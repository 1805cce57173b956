"""Ctrl-C once lets running steps finish; twice ends the process."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

PROGRAM = """
import sys
from engine.cli.interrupt import cancellation
from engine.cli.screen import open_screen

with cancellation(open_screen(no_color=True)) as cancel:
    print("ready", flush=True)
    cancel.wait(30)
    print("cancelled" if cancel.is_set() else "too late", flush=True)
    sys.stdin.readline()  # a step that takes long
print("finished", flush=True)
"""


@pytest.fixture
def program() -> Iterator[subprocess.Popen[str]]:
    pipe = subprocess.PIPE
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], stdin=pipe, stdout=pipe, stderr=pipe, text=True
    ) as started:
        assert started.stdout is not None
        assert started.stdout.readline() == "ready\n"
        yield started
        started.kill()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_once_finishes_what_runs(program: subprocess.Popen[str], number: signal.Signals) -> None:
    program.send_signal(number)
    out, err = program.communicate(input="\n", timeout=30)
    assert (program.returncode, out) == (0, "cancelled\nfinished\n")
    assert err == "Stopping: running steps are finished first. Ctrl-C again stops now.\n"


def test_twice_stops_now(program: subprocess.Popen[str]) -> None:
    assert program.stdout is not None
    program.send_signal(signal.SIGINT)
    assert program.stdout.readline() == "cancelled\n"
    program.send_signal(signal.SIGINT)
    _, err = program.communicate(timeout=30)
    assert program.returncode == 130
    assert err.splitlines()[-1].startswith("Stopped now.")
