"""The running native programs of a computer. They go on when the client that started them is gone."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from ntpath import basename, splitext

from engine.rehearsal.windows.installers.exits import LaunchFailed, ProcessExit, Win32
from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.installers.msiexec import MsiCode, run_msiexec
from engine.rehearsal.windows.installers.programs import load_program, run_program
from engine.rehearsal.windows.installers.shell import run_shell
from engine.rehearsal.windows.installers.tools import TOOLS
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.reboot import rename_at_start

_SYSTEM = "c:\\windows\\system32\\"
_TERMINATED = 1  # TerminateProcess by WinRM's Terminate signal
_RESTART_MARK = "C:\\Windows\\Installer\\Config.Msi\\restart.rbf"


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """A program that was started; `path` is its image."""

    id: int
    path: str
    user: str
    started: datetime
    _task: asyncio.Task[ProcessExit]

    @property
    def name(self) -> str:
        """The image's name without its extension, as Get-Process shows it."""
        return splitext(basename(self.path))[0]

    @property
    def ended(self) -> bool:
        return self._task.done()

    async def wait(self) -> ProcessExit:
        """Wait for the end; giving up the wait leaves the program running."""
        try:
            return await asyncio.shield(self._task)
        except asyncio.CancelledError:
            if self._task.cancelled():
                return ProcessExit(_TERMINATED)
            raise

    def terminate(self) -> None:
        """End it at once, whatever it is doing."""
        self._task.cancel()


class Processes:
    """Starts native programs; `machine_for` gives the computer as one user sees it."""

    def __init__(self, machine_for: Callable[[AccessToken], Machine], counters: Counters) -> None:
        self._machine_for = machine_for
        self._counters = counters
        self._installer_mutex = asyncio.Lock()
        self._ids = itertools.count(4096, 4)
        self._running: dict[int, RunningProcess] = {}

    @property
    def running(self) -> tuple[RunningProcess, ...]:
        """The programs that have not ended, by id."""
        return tuple(process for process in self._running.values() if not process.ended)

    def start(self, executable: str, arguments: Sequence[str], token: AccessToken) -> RunningProcess:
        """Start a program, from a running event loop.

        Raises:
            LaunchFailed: there is no such program, it is no program, or it needs an administrator.
        """
        machine = self._machine_for(token)
        path = _resolve(machine, executable)
        self._counters.process_starts += 1
        identifier = next(self._ids)
        task = asyncio.get_running_loop().create_task(self._run(machine, path, list(arguments)))
        task.add_done_callback(lambda _: self._running.pop(identifier, None))
        process = RunningProcess(identifier, path, token.user_name, datetime.now(UTC), task)
        self._running[identifier] = process
        return process

    async def _run(self, machine: Machine, path: str, arguments: list[str]) -> ProcessExit:
        name = basename(path).casefold()
        if name == "msiexec.exe":
            return await self._msiexec(machine, arguments)
        if name == "cmd.exe":
            return await self._cmd(machine, arguments)
        if name in TOOLS:
            return TOOLS[name](machine, arguments)
        return await run_program(machine, path, arguments)

    async def _msiexec(self, machine: Machine, arguments: list[str]) -> ProcessExit:
        outcome = await run_msiexec(machine, arguments, self._installer_mutex)
        if outcome.restart_pending or outcome.code is MsiCode.SUCCESS_REBOOT_INITIATED:
            rename_at_start(machine.registry, _RESTART_MARK)
        return ProcessExit(outcome.code)

    async def _cmd(self, machine: Machine, arguments: list[str]) -> ProcessExit:
        if not arguments or arguments[0].casefold() not in ("/c", "/k", "/s"):
            await asyncio.Event().wait()  # an interactive interpreter waits for input
        rest = [word for word in arguments if word.casefold() not in ("/c", "/k", "/s")]

        async def run(executable: str, words: list[str]) -> ProcessExit:
            return await self._run(machine, _resolve(machine, executable), words)

        return await run_shell(" ".join(rest), run)


def _resolve(machine: Machine, executable: str) -> str:
    """The image that a command names: a tool of System32, by name or full path, or a file."""
    name = basename(executable).casefold()
    name = name if name.endswith(".exe") else f"{name}.exe"
    folder = executable.casefold().removesuffix(basename(executable).casefold())
    if name in (*TOOLS, "msiexec.exe", "cmd.exe") and folder in ("", _SYSTEM, "%systemroot%\\system32\\"):
        return f"C:\\Windows\\System32\\{name}"
    if not folder:
        raise LaunchFailed(Win32.FILE_NOT_FOUND)
    if load_program(machine, executable) is not None and not machine.user.is_administrator:
        raise LaunchFailed(Win32.ELEVATION_REQUIRED)
    return executable
