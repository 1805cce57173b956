"""The process that a person starts: it starts the shards, says where hosts listen, and takes commands."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from engine.rehearsal.fleet import authority, credentials, spec
from engine.rehearsal.fleet.control import ENDPOINTS_FILE, TOKEN_FILE, ControlServer
from engine.rehearsal.fleet.messages import (
    MAX_LINE_BYTES,
    Answer,
    Command,
    Endpoint,
    Endpoints,
    HostReport,
    Message,
    Ready,
)
from engine.rehearsal.fleet.private import write_private
from engine.rehearsal.fleet.process import RunLock

_LOCK_WAIT = 10.0  # seconds for shards of a killed supervisor to end
_STOP_WAIT = 20.0  # seconds for a shard to save and end


class ShardFailed(Exception):
    """A shard could not start, or ended by itself."""


class _Shard:
    """A shard's process and its ends of the pipes. Commands go one at a time."""

    def __init__(self, number: int, process: asyncio.subprocess.Process) -> None:
        self.number = number
        self.process = process
        self.hosts: Mapping[str, Endpoint] = {}
        self._turn = asyncio.Lock()

    async def become_ready(self) -> None:
        """Wait until all its hosts listen. Raises ShardFailed."""
        line = await self._read()
        ready = Ready.model_validate_json(line)
        if ready.error:
            raise ShardFailed(f"shard {self.number}: {ready.error}")
        self.hosts = ready.hosts

    async def ask(self, command: Command) -> Answer:
        """Have a command carried out. Raises ShardFailed."""
        async with self._turn:
            self._write(command)
            return Answer.model_validate_json(await self._read())

    def tell_to_stop(self) -> None:
        self._write(Command(do="stop"))

    async def ended(self) -> int:
        return await self.process.wait()

    def describe_end(self) -> str:
        names = sorted(self.hosts)
        which = f"{names[0]} to {names[-1]}" if names else "none ready"
        return (
            f"shard {self.number} (process {self.process.pid}, {len(names)} hosts: {which})"
            f" ended with status {self.process.returncode}"
        )

    def _write(self, message: Message) -> None:
        if self.process.stdin is not None and not self.process.stdin.is_closing():
            self.process.stdin.write(message.to_line())

    async def _read(self) -> bytes:
        line = await self.process.stdout.readline() if self.process.stdout is not None else b""
        if not line:
            await self.process.wait()
            raise ShardFailed(self.describe_end())
        return line


async def serve(folder: Path, shard_count: int | None) -> None:
    """Serve the fleet of a folder in the foreground until SIGTERM, SIGINT or a stop command.

    Raises:
        FleetInvalid: fleet.json cannot be used.
        AlreadyRunning: the folder is being served.
        ShardFailed: a shard could not start, or died.
    """
    fleet = spec.load(folder)
    domain = spec.domain_of(fleet, folder)
    lock = RunLock(folder, _LOCK_WAIT)
    try:
        (folder / ENDPOINTS_FILE).unlink(missing_ok=True)
        authority.open_or_create(folder)
        credential_file = credentials.write(folder, fleet, domain)
        count = max(min(shard_count or os.cpu_count() or 1, len(fleet.hosts)), 1)
        await _Fleet(folder, lock).run(count, credential_file)
    finally:
        (folder / ENDPOINTS_FILE).unlink(missing_ok=True)
        (folder / TOKEN_FILE).unlink(missing_ok=True)
        lock.release()


class _Fleet:
    """The running shards."""

    def __init__(self, folder: Path, lock: RunLock) -> None:
        self._folder = folder
        self._lock = lock
        self._shards: list[_Shard] = []
        self._stop = asyncio.Event()

    async def run(self, count: int, credential_file: Path) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._stop.set)
        try:
            await self._start_shards(count, credential_file)
            token = secrets.token_urlsafe(32)
            control = ControlServer(token, self._carry_out)
            await control.start()
            self._announce(token, control.address)
            await self._wait_for_end()
            await control.close()
        finally:
            await self._stop_shards()

    async def _start_shards(self, count: int, credential_file: Path) -> None:
        environment = {**os.environ, credentials.ENVIRONMENT_VARIABLE: str(credential_file)}
        for index in range(count):
            process = await asyncio.create_subprocess_exec(
                *(sys.executable, "-m", "engine.rehearsal.fleet.shard"),
                *(str(self._folder), str(index), str(count)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                env=environment,
                pass_fds=(self._lock.descriptor,),
                start_new_session=True,  # Ctrl+C in a terminal is for the supervisor, which stops them
                limit=MAX_LINE_BYTES,
            )
            self._shards.append(_Shard(index, process))
        await asyncio.gather(*(shard.become_ready() for shard in self._shards))

    def _announce(self, token: str, control: str) -> None:
        write_private(self._folder / TOKEN_FILE, token.encode())
        endpoints = Endpoints(
            ca_file=str(self._folder / authority.CA_FILE),
            control=control,
            pids=(os.getpid(), *(shard.process.pid for shard in self._shards)),
            hosts={name: endpoint for shard in self._shards for name, endpoint in shard.hosts.items()},
        )
        beside = self._folder / f"{ENDPOINTS_FILE}.new"
        beside.write_text(endpoints.model_dump_json(indent=1), encoding="utf-8")
        beside.replace(self._folder / ENDPOINTS_FILE)

    async def _wait_for_end(self) -> None:
        stop = asyncio.ensure_future(self._stop.wait())
        ends = {asyncio.ensure_future(shard.ended()): shard for shard in self._shards}
        done, _ = await asyncio.wait({stop, *ends}, return_when=asyncio.FIRST_COMPLETED)
        for waiting in (stop, *ends):
            waiting.cancel()
        died = [ends[task] for task in ends if task in done]
        if died and not self._stop.is_set():
            raise ShardFailed("; ".join(shard.describe_end() for shard in died))

    async def _stop_shards(self) -> None:
        for shard in self._shards:
            if shard.process.returncode is None:
                shard.tell_to_stop()
        for shard in self._shards:
            try:
                await asyncio.wait_for(shard.ended(), _STOP_WAIT)
            except TimeoutError:
                shard.process.kill()
                await shard.ended()

    async def _carry_out(self, command: Command) -> Answer:
        if command.do == "stop":
            self._stop.set()
            return Answer()
        shards = self._shards
        if command.do == "fault":
            shards = [shard for shard in shards if command.host in shard.hosts]
            if not shards:
                return Answer(error=f"there is no host {command.host!r}")
        try:
            answers = await asyncio.gather(*(shard.ask(command) for shard in shards))
        except ShardFailed as error:
            return Answer(error=str(error))
        hosts: dict[str, HostReport] = {}
        for answer in answers:
            hosts |= answer.hosts
        return Answer(error="; ".join(a.error for a in answers if a.error), hosts=hosts)
