"""Ctrl-C while hosts are read: nothing is waited for, since nothing was written."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

# One host that never answers, in place of the whole use case.
PROGRAM = """
import sys
from threading import Event
import engine.cli.commands.plan as command
from engine.cli.main import main
from engine.executor.observe import Reading, observe
from engine.model.resource import Host

class Silent:
    def connect(self, host):
        print("reading", flush=True)
        Event().wait()

def make_plan(project, selection, target, progress):
    observe([Reading(Host("PC1", "s", ()), (), lambda _answers: ())], Silent(), lambda _reading: None)

command.make_plan = make_plan
sys.argv = ["rollcall", "plan", "--out", "plan.json"]
main()
"""


def test_ctrl_c_ends_a_plan_at_once_with_130(district: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", PROGRAM], cwd=district, stdout=subprocess.PIPE, text=True
    ) as plan:
        try:
            assert plan.stdout is not None
            assert plan.stdout.readline() == "reading\n"
            plan.send_signal(signal.SIGINT)
            assert plan.wait(timeout=30) == 130
        finally:
            plan.kill()
    assert not (district / "plan.json").exists()
