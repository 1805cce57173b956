"""A WinRS shell: native processes with their output and exit codes (MS-WSMV 3.1.4)."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass

from engine.rehearsal.winrm import faults
from engine.rehearsal.winrm.envelope import SHELL, WsmanRequest
from engine.rehearsal.winrm.replies import new_id
from engine.rehearsal.winrm.seam import ExecutableNotFound, ProcessRequest, RunningProcess, WinrmHost
from engine.rehearsal.winrm.shell import MAX_COMMANDS_PER_SHELL, ShellFacts
from engine.rehearsal.winrm.streams import OutputQueue

RESOURCE_PREFIX = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/cmd"

log = logging.getLogger(__name__)

_BROKEN_EXIT_CODE = 0xC0000409  # STATUS_STACK_BUFFER_OVERRUN: how programs end that abort themselves
_SIGNAL = "http://schemas.microsoft.com/wbem/wsman/1/windows/shell/signal/"
_CHUNK_BYTES = 32_768
_OEM_CODE_PAGE = 437  # of a console in the United States
_UTF_8_CODE_PAGE = 65001


@dataclass(slots=True)
class _Command:
    output: OutputQueue
    process: RunningProcess
    watcher: asyncio.Task[None]


class ProcessShell:
    """One cmd shell. Its processes go on when it is deleted, as long as the host runs."""

    def __init__(self, host: WinrmHost, facts: ShellFacts, request: WsmanRequest) -> None:
        self.facts = facts
        self._host = host
        self._commands: dict[str, _Command] = {}
        code_page = request.options.get("WINRS_CODEPAGE", "")
        self._code_page = int(code_page) if code_page.isdecimal() else _OEM_CODE_PAGE

    def command(self, request: WsmanRequest) -> str:
        line = request.body_element("CommandLine")
        if len(self._commands) >= MAX_COMMANDS_PER_SHELL:
            raise faults.too_many_commands()
        command_id = (line.get("CommandId") or new_id()).upper()
        if command_id in self._commands:
            raise faults.invalid_parameter()
        try:
            process = self._host.start_process(self._process_request(request), self.facts.owner)
        except ExecutableNotFound as error:
            raise faults.file_not_found() from error
        output = OutputQueue()
        watcher = asyncio.get_running_loop().create_task(_watch(process, output, self._code_page))
        self._commands[command_id] = _Command(output, process, watcher)
        return command_id

    def _process_request(self, request: WsmanRequest) -> ProcessRequest:
        line = request.body_element("CommandLine")
        return ProcessRequest(
            executable=(line.findtext(SHELL + "Command") or "").strip(),
            arguments=tuple(argument.text or "" for argument in line.iterfind(SHELL + "Arguments")),
            through_cmd=request.options.get("WINRS_SKIP_CMD_SHELL", "").upper() != "TRUE",
            working_directory=self.facts.working_directory,
            environment=self.facts.environment,
        )

    def send(self, request: WsmanRequest) -> None:
        """Input is taken and dropped: no emulated program reads its standard input."""
        for stream in request.body_element("Send").iterfind(SHELL + "Stream"):
            self._find(stream.get("CommandId", "").upper())

    def output(self, command_id: str) -> OutputQueue:
        if not command_id:
            raise faults.invalid_parameter()  # only commands have output here
        return self._find(command_id).output

    def signal(self, command_id: str, code: str) -> None:
        command = self._find(command_id)
        name = code.removeprefix(_SIGNAL).lower()
        if name not in ("terminate", "ctrl_c", "ctrl_break"):
            raise faults.invalid_parameter()
        if not command.watcher.done():
            command.process.terminate()
        # After any of these signals Windows forgets the command.
        del self._commands[command_id]
        command.output.close()

    def close(self) -> None:
        """The client has left. Its processes go on; only their output is lost."""
        for command in self._commands.values():
            command.watcher.cancel()
            command.output.close()
        self._commands.clear()

    def _find(self, command_id: str) -> _Command:
        command = self._commands.get(command_id)
        if command is None:
            raise faults.unknown_command()
        return command


async def _watch(process: RunningProcess, output: OutputQueue, code_page: int) -> None:
    """Wait for the end of a process and pass on what it wrote."""
    try:
        ended = await process.wait()
    except Exception:  # a mistake of the rehearsal's own; the client must not wait for ever
        log.exception("a process broke down")
        output.put("stderr", b"The rehearsal failed while it ran this program; its log says why.\r\n")
        output.finish(_BROKEN_EXIT_CODE, ("stdout", "stderr"))
        return
    for name, written in (("stdout", ended.stdout), ("stderr", ended.stderr)):
        data = _in_code_page(written, code_page)
        for at in range(0, len(data), _CHUNK_BYTES):
            output.put(name, data[at : at + _CHUNK_BYTES])
    output.finish(ended.code, ("stdout", "stderr"))


def _in_code_page(written: bytes, code_page: int) -> bytes:
    """Text as a console of this code page shows it; what is no text, or no known page, stays as it is."""
    if code_page == _UTF_8_CODE_PAGE:
        return written
    try:
        return written.decode("utf-8").encode(f"cp{code_page}", errors="replace")
    except (UnicodeDecodeError, LookupError):
        return written
