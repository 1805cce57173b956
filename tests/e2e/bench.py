"""A small district on a rehearsal of its own, driven as a person and as a program would drive it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from threading import Event, Lock

from engine.app.applying import apply_ready, prepare
from engine.app.fetching import UNHEARD
from engine.app.planning import make_plan
from engine.app.project import Project
from engine.app.rehearsing import CommandOutput, run_on_rehearsed_host, start_rehearsal, stop_rehearsal
from engine.app.selection import Selection
from engine.app.target import Target
from engine.cli.main import run
from engine.model.plan import Change, HostPlan, Plan
from engine.model.result import ChangeResult, Outcome, RunResult
from engine.rehearsal.fleet.control import Control
from engine.rehearsal.media.build import build_folder
from engine.rehearsal.windows.faults import Fault

ROLLCALL = (sys.executable, "-m", "engine.cli")

# A school for each part of the tests, so that they do not get into each other's way.
SCHOOLS = (
    "story",
    "gone",
    "faulty",
    "counted",
    "killed",
    "rival",
    "stopped",
    "opened",
    "spoken",
    "kinds",
    "random",
    "catalog",
    "fetched",
    "signed",
)

_DISTRICT = """\
district: bench
name: The bench
domain: BCPS
connection:
  credentials: {user: 'BCPS\\svc-rollcall', password: 'env:NOBODY_HAS_THIS'}
"""

_REHEARSAL = r"""
domain:
  name: BCPS
  dns: bcps.example
  users:
    - {name: a.rivera, password: Chalk-Board-11}
    - {name: l.kim, password: Blue-Crab-42}
  groups:
    - {name: DHS-Staff, members: [a.rivera]}
    - {name: DHS-Students, members: [l.kim]}
    - {name: DHS-Admins, members: []}
administrator: 'BCPS\svc-rollcall'
roles: {server: server, workstation: workstation}
images:
  server:
    kind: server
    drives: [{letter: C, label: System, size: 128849018880}, {letter: D, label: Shares, size: 128849018880}]
    files: [{path: 'D:\Depot\classic-5.msi', source: media/classic-5.msi}]
  workstation:
    kind: workstation
    drives: [{letter: C, label: Windows, size: 128849018880}]
"""

_MEDIA = """\
[[installer]]
file = "slow-1.0.msi"
id = "slow"
title = "Slow"
version = "1.0.0"
publisher = "Bench"
folder = "Slow"
seconds = 3
files = { "slow.exe" = "slow" }

[[installer]]
file = "classic-5.msi"
id = "classic-5"
title = "Classic 5"
version = "5.2.0"
publisher = "Bench"
folder = "Classic 5"
seconds = 0
files = { "classic.txt" = "5" }

[[installer]]
file = "classic-6.msi"
id = "classic-6"
title = "Classic 6"
version = "6.0.848.0"
publisher = "Bench"
folder = "Classic 6"
seconds = 0
files = { "classic.txt" = "6" }

[[installer]]
file = "runtime.msi"
id = "runtime"
title = "Runtime"
version = "14.40"
publisher = "Bench"
folder = "Runtime"
restart = "needed"
seconds = 0
files = { "runtime.dll" = "14" }

[[installer]]
file = "quick-setup.exe"
id = "quick"
title = "Quick"
version = "2.0"
publisher = "Bench"
folder = "Quick"
uninstall_key = "Quick"
silent = "/S"
seconds = 3
files = { "quick.exe" = "quick" }
"""


def server(school: str) -> str:
    """The name of a school's server."""
    return f"{school.upper()}-SRV"


def workstations(school: str) -> tuple[str, ...]:
    """The names of a school's workstations."""
    count = 4 if school == "faulty" else 2
    return tuple(f"{school.upper()}-PC{number}" for number in range(1, count + 1))


@dataclass
class Quiet:
    """Progress that nobody watches; remembers what was heard."""

    read: list[HostPlan] = field(default_factory=list)
    started: list[Change] = field(default_factory=list)
    finished: list[ChangeResult] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def hosts_found(self, count: int) -> None:
        assert count > 0

    def host_begun(self, host: str) -> None:
        assert host

    def host_read(self, host: HostPlan) -> None:
        with self._lock:
            self.read.append(host)

    def host_started(self, host: str, changes: int) -> None:
        assert host
        assert changes

    def change_started(self, change: Change) -> None:
        with self._lock:
            self.started.append(change)

    def change_finished(self, result: ChangeResult) -> None:
        with self._lock:
            self.finished.append(result)

    def host_finished(self, host: str) -> None:
        assert host


@dataclass(frozen=True)
class Said:
    """What a command line gave, with runs of spaces made one."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Bench:
    """The district's folder. Its rehearsal runs as long as the tests of the session."""

    folder: Path

    @classmethod
    def create(cls, folder: Path, schools: Sequence[str] = SCHOOLS) -> Bench:
        """Write manifests with hosts and no resources, and build two installers."""
        manifests = folder / "manifests"
        media = manifests / "media"
        media.mkdir(parents=True)
        (manifests / "district.yaml").write_text(_DISTRICT)
        (manifests / "rehearsal.yaml").write_text(_REHEARSAL)
        (media / "media.toml").write_text(_MEDIA)
        build_folder(media)
        bench = cls(folder)
        for school in schools:
            bench.declare(school, "")
        return bench

    @property
    def project(self) -> Project:
        return Project(self.folder / "manifests")

    @property
    def control(self) -> Control:
        return Control(self.project.rehearsal)

    @contextmanager
    def running(self) -> Iterator[None]:
        """The rehearsal, running."""
        start_rehearsal(self.project)
        try:
            yield
        finally:
            stop_rehearsal(self.project)

    def declare(self, school: str, resources: str) -> None:
        """What a school should have from now on: YAML beside its hosts."""
        folder = self.project.manifests / "schools" / school
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "school.yaml").write_text(
            f"school: {school}\nname: {school}\nhosts:\n"
            f"  server: {{name: {server(school)}, roles: [server]}}\n"
            f"  lab: {{names: [{', '.join(workstations(school))}], roles: [workstation]}}\n{resources}"
        )

    def plan(self, school: str, *, hosts: Sequence[str] = (), heard: Quiet | None = None) -> Plan:
        selection = Selection(schools=(school,), hosts=tuple(hosts))
        return make_plan(self.project, selection, Target.REHEARSAL, heard or Quiet())

    def apply(self, plan: Plan, heard: Quiet | None = None, cancel: Event | None = None) -> RunResult:
        stopped = cancel or Event()
        return apply_ready(prepare(self.project, plan, UNHEARD, stopped), heard or Quiet(), stopped)

    def converge(self, school: str) -> RunResult:
        """Plan and apply, which must do everything."""
        result = self.apply(self.plan(school))
        assert {item.outcome for item in result.results} <= {Outcome.CHANGED}, result.results
        return result

    def by_hand(self, host: str, command_line: str) -> CommandOutput:
        """What an administrator does at the host's keyboard."""
        output = self.try_by_hand(host, command_line)
        assert output.errors == (), output.errors
        return output

    def try_by_hand(self, host: str, command_line: str) -> CommandOutput:
        """The same, where it may well be that there is nothing to do it to."""
        return run_on_rehearsed_host(self.project, host, command_line)

    def counters(self, host: str) -> Mapping[str, int]:
        """What a host was asked since the counters were reset."""
        return self.control.report().hosts[host].counters

    @contextmanager
    def fault(self, host: str, fault: Fault) -> Iterator[None]:
        """A host misbehaves."""
        self.control.fault(host, fault)
        try:
            yield
        finally:
            self.control.fault(host, fault, on=False)

    def rollcall(self, *arguments: str) -> Said:
        """The command, as a person runs it in the district's folder; in this process, to save its start."""
        out, err = StringIO(), StringIO()
        with chdir(self.folder), redirect_stdout(out), redirect_stderr(err):
            code = run(arguments)
        return Said(code, " ".join(out.getvalue().split()), " ".join(err.getvalue().split()))

    def start_rollcall(self, *arguments: str) -> subprocess.Popen[bytes]:
        """The command, left running; its output is for nobody."""
        return subprocess.Popen(
            [*ROLLCALL, *arguments],
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )


def outcomes(result: RunResult) -> dict[str, Outcome]:
    """Outcome by kind and name."""
    return {f"{item.address.kind}/{item.address.name}": item.outcome for item in result.results}


def saved(path: Path) -> Plan:
    """A plan that a command saved."""
    return Plan.model_validate(json.loads(path.read_text(encoding="utf-8")))
