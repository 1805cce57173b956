"""The control channel of a running fleet: a loopback socket, for those who can read the token file."""

from __future__ import annotations

import asyncio
import hmac
import json
import socket
from collections.abc import Awaitable, Callable
from pathlib import Path

from pydantic import ValidationError

from engine.rehearsal.fleet.messages import (
    MAX_LINE_BYTES,
    Answer,
    Command,
    Endpoints,
    FleetStatus,
    Request,
)
from engine.rehearsal.fleet.process import ProcessIdentity, running_supervisor
from engine.rehearsal.windows.faults import Fault

ENDPOINTS_FILE = "endpoints.json"
TOKEN_FILE = "control.token"  # noqa: S105 (a file's name)
_CONNECT_SECONDS = 5.0
_ANSWER_SECONDS = 30.0


class NotRunning(Exception):
    """No fleet is served from the folder."""


class CommandRefused(Exception):
    """The fleet did not carry out a command."""


class ControlServer:
    """Takes one command a connection."""

    def __init__(self, token: str, carry_out: Callable[[Command], Awaitable[Answer]]) -> None:
        self._token = token
        self._carry_out = carry_out
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen at a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=MAX_LINE_BYTES)

    @property
    def address(self) -> str:
        """`address:port`, once started."""
        if self._server is None:
            raise RuntimeError("the control server was not started")
        host, port = self._server.sockets[0].getsockname()[:2]
        return f"{host}:{port}"

    async def close(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            answer = await self._answer(await asyncio.wait_for(reader.readline(), _ANSWER_SECONDS))
            writer.write(answer.to_line())
            await writer.drain()
        except (ConnectionError, TimeoutError, ValueError):
            pass  # the other end left, or sent no line; there is nobody to tell
        finally:
            writer.close()

    async def _answer(self, line: bytes) -> Answer:
        try:
            request = Request.model_validate_json(line)
        except ValidationError:
            return Answer(error="this is no request of the control channel")
        if not hmac.compare_digest(request.token, self._token):
            return Answer(error="the token is wrong")
        return await self._carry_out(request.command)


class Control:
    """A client of a running fleet's control channel."""

    def __init__(self, folder: Path) -> None:
        """Raises NotRunning where no fleet is served from the folder, or it is not ready yet."""
        self._folder = folder
        if running_supervisor(folder) is None:
            raise NotRunning(f"no rehearsal is served from {folder}")
        try:
            self.endpoints = Endpoints.model_validate_json((folder / ENDPOINTS_FILE).read_bytes())
            self._token = (folder / TOKEN_FILE).read_text(encoding="utf-8")
        except (OSError, ValidationError) as error:
            raise NotRunning(f"the rehearsal in {folder} is not ready") from error

    def report(self) -> Answer:
        """Counters and faults of every host. Raises CommandRefused, as all commands do."""
        return self._send(Command(do="report"))

    def reset_counters(self) -> Answer:
        """Set all counters to nought."""
        return self._send(Command(do="reset"))

    def fault(self, host: str, fault: Fault, on: bool = True) -> Answer:
        """Switch a fault of one host."""
        return self._send(Command(do="fault", host=host, fault=fault, on=on))

    def stop(self) -> ProcessIdentity | None:
        """Tell the fleet to stop; returns the process whose end shows that it has."""
        supervisor = running_supervisor(self._folder)
        self._send(Command(do="stop"))
        return supervisor

    def _send(self, command: Command) -> Answer:
        host, _, port = self.endpoints.control.rpartition(":")
        try:
            with socket.create_connection((host, int(port)), _CONNECT_SECONDS) as connection:
                connection.settimeout(_ANSWER_SECONDS)
                connection.sendall(Request(token=self._token, command=command).to_line())
                with connection.makefile("rb") as stream:
                    line = stream.readline(MAX_LINE_BYTES)
        except OSError as error:
            raise CommandRefused(f"the rehearsal does not answer: {error}") from error
        answer = Answer.model_validate(json.loads(line)) if line else Answer(error="no answer came")
        if answer.error:
            raise CommandRefused(answer.error)
        return answer


def status(folder: Path) -> FleetStatus:
    """Whether a fleet runs in a folder, and what its hosts report. Raises CommandRefused."""
    try:
        control = Control(folder)
    except NotRunning:
        return FleetStatus(running=False)
    return FleetStatus(running=True, endpoints=control.endpoints, hosts=control.report().hosts)
