"""Where a running rehearsal listens: the files in its folder, as the rehearsal writes them."""

from __future__ import annotations

import hashlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from engine.app.errors import RehearsalError
from engine.app.project import Project

ENDPOINTS_FILE = "endpoints.json"
FLEET_FILE = "fleet.json"
CODE_FILE = "code.sha256"
OUTDATED = (
    "the running rehearsal was started by another version of Rollcall; "
    "stop and start it: rollcall rehearse stop, then rollcall rehearse start"
)
NOT_RUNNING = "no rehearsal is running; start one with: rollcall rehearse start"

_CONNECT_SECONDS = 2.0


class _Message(BaseModel):
    """Fields that are not needed here are somebody else's."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Endpoint(_Message):
    """Where one simulated host answers."""

    address: str
    winrm_http: int
    winrm_https: int
    smb: int


class _EndpointsFile(_Message):
    ca_file: str
    control: str
    hosts: Mapping[str, Endpoint]


class _Administrator(_Message):
    user: str
    password_file: str


class _FleetFile(_Message):
    administrator: _Administrator


@dataclass(frozen=True, slots=True)
class Endpoints:
    """A running rehearsal."""

    ca_file: str  # PEM
    user: str
    password_file: Path
    hosts: Mapping[str, Endpoint]


def read_endpoints(project: Project) -> Endpoints:
    """The endpoints of the project's rehearsal.

    Raises:
        RehearsalError: it does not run.
    """
    folder = project.rehearsal
    try:
        found = _EndpointsFile.model_validate_json((folder / ENDPOINTS_FILE).read_bytes())
        fleet = _FleetFile.model_validate_json((folder / FLEET_FILE).read_bytes())
    except (OSError, ValidationError):
        raise RehearsalError(NOT_RUNNING) from None
    if not _listens(found.control):
        raise RehearsalError(NOT_RUNNING)
    return Endpoints(
        ca_file=str(folder / found.ca_file),
        user=fleet.administrator.user,
        password_file=folder / fleet.administrator.password_file,
        hosts=found.hosts,
    )


def current_endpoints(project: Project) -> Endpoints:
    """The endpoints of a rehearsal that runs the code that is installed now.

    Raises:
        RehearsalError: it does not run, or was started by another version.
    """
    endpoints = read_endpoints(project)
    try:
        started_by = (project.rehearsal / CODE_FILE).read_text(encoding="utf-8").strip()
    except OSError:
        return endpoints  # served by hand
    if started_by != code_digest():
        raise RehearsalError(OUTDATED)
    return endpoints


def code_digest() -> str:
    """SHA-256 of the simulator's program files, which tells versions apart, also between releases."""
    spec = find_spec("engine.rehearsal")
    digest = hashlib.sha256()
    for folder in (spec.submodule_search_locations or ()) if spec is not None else ():
        for path in sorted(Path(folder).rglob("*.py")):
            digest.update(path.relative_to(folder).as_posix().encode() + b"\0")
            digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _listens(control: str) -> bool:
    address, _, port = control.rpartition(":")
    try:
        with socket.create_connection((address, int(port)), _CONNECT_SECONDS):
            return True
    except (OSError, ValueError):
        return False
