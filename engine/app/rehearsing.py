"""Use cases around the rehearsal: start it, stop it, look at it, and act on one of its hosts.

The rehearsal is a program of its own; this side only starts it and talks to it as anybody could.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from time import monotonic, sleep

from engine.app.answers import lines_of
from engine.app.commandline import parse_command_line
from engine.app.connecting import connector_for
from engine.app.endpoints import (
    CODE_FILE,
    ENDPOINTS_FILE,
    Endpoints,
    code_digest,
    current_endpoints,
    read_endpoints,
)
from engine.app.errors import InvalidInput, RehearsalError, UnknownSelection
from engine.app.fleetfile import write_fleet
from engine.app.loading import load
from engine.app.project import Project, make_state
from engine.app.selection import named_host
from engine.app.target import Target
from engine.compiler.district import District
from engine.executor.text import one_line
from engine.manifest.documents.rehearsal import RehearsalDocument
from engine.manifest.files import place
from engine.manifest.rehearsal import REHEARSAL_FILE, load_rehearsal
from engine.model.errors import HostError
from engine.model.words import quoted

_START_SECONDS = 120.0
_COMMAND_SECONDS = 60.0
_LOOK_AGAIN = 0.05
_LOG_FILE = "serve.log"
# As the rehearsal's own program knows them; a test compares the two.
FAULTS = (
    "refuse",
    "drop",
    "slow",
    "wrong-answer",
    "access-denied",
    "disk-full",
    "logon-refused",
    "never-answer",
    "offline",
)
_NEEDED = ("cryptography", "httptools", "psrpcore", "trustme")


@dataclass(frozen=True, slots=True)
class RehearsedHost:
    """Where one simulated host listens."""

    name: str
    address: str
    winrm_http: int
    winrm_https: int
    smb: int


@dataclass(frozen=True, slots=True)
class RehearsalStatus:
    """What runs; `hosts` is empty when nothing does."""

    running: bool
    hosts: tuple[RehearsedHost, ...]
    seconds: float = 0.0  # how long the start took, for `start_rehearsal`


@dataclass(frozen=True, slots=True)
class CommandOutput:
    """What a simulated host answered, as text."""

    lines: tuple[str, ...]
    errors: tuple[str, ...]


def start_rehearsal(project: Project, *, fresh: bool = False) -> RehearsalStatus:
    """Start simulated hosts for all hosts of the manifests, in the background; returns when they listen.

    One of this version that runs already is left as it is, unless `fresh` asks to forget what hosts kept.

    Raises:
        InvalidInput: the manifests, or manifests/rehearsal.yaml, are wrong.
        RehearsalError: one of another version runs, it did not start, or its extra is not installed; the
            message says what to do.
    """
    started = monotonic()
    district = load(project)
    document, findings = load_rehearsal(project.manifests)
    if document is None:
        raise InvalidInput(findings, project.folder)
    if fresh:
        stop_rehearsal(project)
        shutil.rmtree(project.rehearsal / "hosts", ignore_errors=True)
    elif rehearsal_status(project).running:
        return RehearsalStatus(True, _hosts(current_endpoints(project)))
    _require_extra()
    _prepare(project, document, district)
    endpoints = _serve(project)
    return RehearsalStatus(True, _hosts(endpoints), monotonic() - started)


def _prepare(project: Project, document: RehearsalDocument, district: District) -> None:
    origin = place(project.manifests, REHEARSAL_FILE)
    try:
        make_state(project.state)
        write_fleet(project.rehearsal, document, origin, district.hosts(), district.sources.media)
    except OSError as error:
        where = error.filename or project.state
        raise RehearsalError(f"{where} cannot be written: {error.strerror or error}") from None


def _require_extra() -> None:
    missing = [name for name in _NEEDED if find_spec(name) is None]
    if missing:
        raise RehearsalError(
            f"the rehearsal needs {', '.join(missing)}: install Rollcall with its extra, rollcall[rehearsal]"
        )


def _serve(project: Project) -> Endpoints:
    """Start the program, detached from this one and its terminal, and wait until it listens."""
    folder = project.rehearsal
    (folder / ENDPOINTS_FILE).unlink(missing_ok=True)
    (folder / CODE_FILE).write_text(code_digest() + "\n", encoding="utf-8")
    with (folder / _LOG_FILE).open("wb") as log:
        process = subprocess.Popen(  # noqa: S603 - this very Python, and our own folder
            [sys.executable, "-m", "engine.rehearsal", "serve", "--folder", str(folder)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    deadline = monotonic() + _START_SECONDS
    while True:
        if (folder / ENDPOINTS_FILE).exists():
            return read_endpoints(project)
        if process.poll() is not None:
            raise RehearsalError(f"the rehearsal did not start: {_end_of(folder / _LOG_FILE)}")
        if monotonic() > deadline:
            process.terminate()
            raise RehearsalError(f"the rehearsal did not start within {_START_SECONDS:.0f} s")
        sleep(_LOOK_AGAIN)


def _end_of(log: Path) -> str:
    lines = log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
    return one_line(lines[-1]) if lines else "it said nothing"


def stop_rehearsal(project: Project) -> bool:
    """Stop it; False if none was running.

    Raises:
        RehearsalError: it does not end.
    """
    if not rehearsal_status(project).running:
        return False
    _command(project, "stop")
    return True


def rehearsal_status(project: Project) -> RehearsalStatus:
    """Look at what runs."""
    try:
        endpoints = read_endpoints(project)
    except RehearsalError:
        return RehearsalStatus(False, ())
    return RehearsalStatus(True, _hosts(endpoints))


def _hosts(endpoints: Endpoints) -> tuple[RehearsedHost, ...]:
    return tuple(
        RehearsedHost(name, e.address, e.winrm_http, e.winrm_https, e.smb)
        for name, e in sorted(endpoints.hosts.items())
    )


def set_fault(project: Project, host: str, fault: str, *, on: bool) -> None:
    """Make a simulated host misbehave, or behave again.

    Raises:
        UnknownSelection: there is no such host, or no such fault; the message lists them.
        RehearsalError: the rehearsal does not run.
    """
    if fault not in FAULTS:
        raise UnknownSelection(f"there is no fault {quoted(fault)}; faults are {', '.join(FAULTS)}")
    district = load(project)
    read_endpoints(project)
    options = () if on else ("--off",)
    _command(project, "fault", *options, "--", _name(district, host), fault)


def _name(district: District, host: str) -> str:
    """The host's name as the manifests write it."""
    return named_host(host, district).name


def _command(project: Project, command: str, *arguments: str) -> str:
    """Have the rehearsal's own program do something; what it prints."""
    try:
        done = subprocess.run(  # noqa: S603 - this very Python; arguments are checked or parsed by it
            [
                sys.executable,
                *("-m", "engine.rehearsal", command, "--folder", str(project.rehearsal)),
                *arguments,
            ],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_COMMAND_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise RehearsalError(f"the rehearsal did not answer within {_COMMAND_SECONDS:.0f} s") from error
    if done.returncode:
        said = done.stderr.strip().splitlines()
        raise RehearsalError(one_line(said[-1]) if said else f"it ended with status {done.returncode}")
    return done.stdout


def run_on_rehearsed_host(project: Project, host: str, command_line: str) -> CommandOutput:
    """Run one PowerShell-like command line on a simulated host, as an administrator would by hand.

    `command_line` is for example `Set-SmbShare -Name Staff -Description 'Changed by hand' -Force`; see
    `engine.app.commandline` for what is understood.

    Raises:
        UnreadableCommand: the line cannot be understood; the message shows where.
        UnknownSelection: there is no such host.
        RehearsalError: the rehearsal does not run, or the host does not answer.
    """
    statement = parse_command_line(command_line)
    district = load(project)
    chosen = named_host(host, district)
    connector = connector_for(project, district, [chosen], Target.REHEARSAL)
    try:
        with connector.connect(chosen) as session:
            reply = session.invoke([statement]).replies[0]
    except HostError as error:
        raise RehearsalError(str(error)) from error
    errors = tuple(one_line(f"{e.command}: {e.message} [{e.error_id}]") for e in reply.errors)
    return CommandOutput(tuple(lines_of(reply.output)), errors)
