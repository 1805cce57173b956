"""What a fleet's processes and its users say to each other: one JSON object a line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import BaseModel, ConfigDict

from engine.rehearsal.windows.faults import Fault

MAX_LINE_BYTES = 2**24


class Message(BaseModel):
    """Base of all messages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def to_line(self) -> bytes:
        return self.model_dump_json().encode() + b"\n"


class Endpoint(Message):
    """Where a host answers."""

    address: str
    winrm_http: int
    winrm_https: int
    smb: int


class HostReport(Message):
    """What a host was asked since it started, or since the counters were reset, and its faults."""

    counters: Mapping[str, int]
    faults: tuple[Fault, ...] = ()


class Command(Message):
    """What to do. `host`, `fault` and `on` belong to `fault`."""

    do: Literal["report", "reset", "fault", "stop"]
    host: str = ""
    fault: Fault | None = None
    on: bool = True


class Answer(Message):
    """What came of a command; `error` is empty where it was carried out."""

    error: str = ""
    hosts: Mapping[str, HostReport] = {}


class Ready(Message):
    """A shard's first line: all its hosts listen, or why not."""

    error: str = ""
    hosts: Mapping[str, Endpoint] = {}


class Request(Message):
    """A command over the control socket, with the token that only the owner of the folder can read."""

    token: str
    command: Command


class Endpoints(Message):
    """endpoints.json: how to reach a running fleet."""

    ca_file: str
    control: str
    pids: tuple[int, ...]
    hosts: Mapping[str, Endpoint]


class FleetStatus(Message):
    """Whether a fleet runs in a folder, and what its hosts report."""

    running: bool
    endpoints: Endpoints | None = None
    hosts: Mapping[str, HostReport] = {}
