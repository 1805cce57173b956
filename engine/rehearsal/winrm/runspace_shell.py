"""A PowerShell shell: PSRP over the shell's streams, by psrpcore's server side (MS-PSRP over MS-WSMV)."""

from __future__ import annotations

import asyncio
import base64
import binascii
import itertools
import struct
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree.ElementTree import ParseError

import psrpcore
from psrpcore import types as ps

from engine.rehearsal.winrm import faults, fragments
from engine.rehearsal.winrm.envelope import POWERSHELL, SHELL, WsmanRequest
from engine.rehearsal.winrm.pipeline import PipelineRun
from engine.rehearsal.winrm.replies import new_id
from engine.rehearsal.winrm.seam import Engine, WinrmHost
from engine.rehearsal.winrm.shell import MAX_COMMANDS_PER_SHELL, ShellFacts
from engine.rehearsal.winrm.streams import OutputQueue

RESOURCE_PREFIX = "http://schemas.microsoft.com/powershell/"

# The last part of a signal's URI; Microsoft's own client spells the stop signal `crtl_c`.
_STOP_SIGNALS = frozenset({"ctrl_c", "crtl_c"})
_TERMINATE = "terminate"
_MALFORMED = (
    psrpcore.PSRPCoreError,
    ParseError,
    binascii.Error,
    struct.error,
    AttributeError,
    KeyError,
    TypeError,
    ValueError,
)


def version_table() -> dict[str, object]:
    """$PSVersionTable of Windows PowerShell 5.1, as a server tells it when a runspace opens."""
    return {
        "PSVersion": ps.PSVersion("5.1.20348.2400"),
        "PSEdition": "Desktop",
        "PSCompatibleVersions": [
            ps.PSVersion(text) for text in ("1.0", "2.0", "3.0", "4.0", "5.0", "5.1.20348.2400")
        ],
        "CLRVersion": ps.PSVersion("4.0.30319.42000"),
        "BuildVersion": ps.PSVersion("10.0.20348.2400"),
        "WSManStackVersion": ps.PSVersion("3.0"),
        "PSRemotingProtocolVersion": ps.PSVersion("2.3"),
        "SerializationVersion": ps.PSVersion("1.1.0.1"),
    }


class RunspaceShell:
    """One runspace pool. Its runspaces live as long as the shell does, with the functions defined in them."""

    def __init__(self, host: WinrmHost, facts: ShellFacts, request: WsmanRequest) -> None:
        """Open the pool from the creation XML. Raises WsmanFault where it is no such thing."""
        self.facts = facts
        self._host = host
        self._pool = psrpcore.ServerRunspacePool({"PSVersionTable": version_table()})
        self._output = OutputQueue()
        self._commands: dict[str, PipelineRun] = {}  # by the id that WS-Management knows
        self._pipelines: dict[uuid.UUID, PipelineRun] = {}  # by the id in the messages, which may differ
        self._idle_engines: list[Engine] = []
        # psrpcore numbers its messages from 1; what is written past it must not meet those numbers.
        self._object_ids = itertools.count(2**32)
        creation = request.body_element("Shell").findtext(POWERSHELL + "creationXml")
        with _refusing_malformed():
            self._take(base64.b64decode(creation or "", validate=False))
        if self._pool.state is not ps.RunspacePoolState.Opened:
            raise faults.invalid_parameter(faults.POWERSHELL_PLUGIN)
        self._slots = asyncio.Semaphore(max(self._pool.max_runspaces, 1))
        self._flush()
        # Windows tells first what it is, and with the next Receive that the pool is open.
        self._output.hold_back_last()

    # Shell

    def command(self, request: WsmanRequest) -> str:
        line = request.body_element("CommandLine")
        if len(self._commands) >= MAX_COMMANDS_PER_SHELL:
            raise faults.too_many_commands()
        command_id = (line.get("CommandId") or new_id()).upper()
        with _refusing_malformed():
            data = base64.b64decode(line.findtext(SHELL + "Arguments") or "", validate=False)
            identity = fragments.pipeline_id(data)
            if command_id in self._commands or identity in self._pipelines:
                raise faults.invalid_parameter(faults.POWERSHELL_PLUGIN)
            # psrpcore wants the pipeline to be there before the message that creates it is read.
            run = PipelineRun(psrpcore.ServerPipeline(self._pool, identity), self._flush, self._object_ids)
            self._commands[command_id] = self._pipelines[identity] = run
            try:
                self._take(data)
            except _MALFORMED:
                self._forget(command_id)
                raise
        self._flush()
        return command_id

    def send(self, request: WsmanRequest) -> None:
        with _refusing_malformed():
            for stream in request.body_element("Send").iterfind(SHELL + "Stream"):
                self._take(base64.b64decode(stream.text or "", validate=False))
        self._flush()

    def output(self, command_id: str) -> OutputQueue:
        return self._run(command_id).output if command_id else self._output

    def signal(self, command_id: str, code: str) -> None:
        name = code.rpartition("/")[2].lower()
        run = self._run(command_id)
        if name not in (*_STOP_SIGNALS, _TERMINATE):
            raise faults.invalid_parameter(faults.POWERSHELL_PLUGIN)
        run.stop()
        if name == _TERMINATE:
            self._forget(command_id)

    def close(self) -> None:
        self._output.close()
        for command_id, run in list(self._commands.items()):
            run.cancel()
            self._forget(command_id)

    # PSRP

    def _run(self, command_id: str) -> PipelineRun:
        run = self._commands.get(command_id)
        if run is None:
            raise faults.unknown_command()
        return run

    def _forget(self, command_id: str) -> None:
        run = self._commands.pop(command_id)
        run.output.close()
        self._pipelines.pop(run.identity, None)
        self._pool.pipeline_table.pop(run.identity, None)

    def _take(self, data: bytes) -> None:
        """Feed fragments to psrpcore and act on the messages that they complete."""
        payload = psrpcore.PSRPPayload(data, psrpcore.StreamType.default, None)
        self._pool.receive_data(payload)
        while (event := self._pool.next_event()) is not None:
            self._act(event)

    def _act(self, event: psrpcore.PSRPEvent[Any, Any]) -> None:
        match event:
            case psrpcore.CreatePipelineEvent() | psrpcore.GetCommandMetadataEvent():
                run = self._pipelines[event.pipeline_id]
                run.start(self._slots, self._borrow_engine, self._idle_engines.append)
            case psrpcore.PipelineInputEvent() | psrpcore.EndOfPipelineInputEvent():
                pass  # a pipeline that wants input was already answered with an error
            case psrpcore.ResetRunspaceStateEvent():
                self._idle_engines.clear()
                self._pool.runspace_availability_response(event.ci, True)
            case psrpcore.SetMaxRunspacesEvent() | psrpcore.SetMinRunspacesEvent():
                self._pool.runspace_availability_response(event.ci, True)
            case psrpcore.GetAvailableRunspacesEvent():
                busy = sum(run.is_running for run in self._pipelines.values())
                self._pool.runspace_availability_response(event.ci, max(self._pool.max_runspaces - busy, 0))
            case _:
                pass  # what is left (capabilities, keys) psrpcore has answered by itself

    def _borrow_engine(self) -> Engine:
        """An idle runspace, or a new one; it goes back to the idle ones after its pipeline."""
        if self._idle_engines:
            return self._idle_engines.pop()
        return self._host.new_engine(self.facts.owner)

    def _flush(self) -> None:
        """Move what psrpcore wants to send to the output of the pipeline, or of the pool, that it is for."""
        while (payload := self._pool.data_to_send(fragments.FRAGMENT_BYTES)) is not None:
            run = self._pipelines.get(payload.pipeline_id) if payload.pipeline_id else None
            target = self._output if run is None else run.output
            if payload.pipeline_id and run is None:
                continue  # for a pipeline that its client has ended
            # Windows puts each fragment into a Stream element of its own.
            for fragment in fragments.split(payload.data):
                target.put("stdout", fragment)


@contextmanager
def _refusing_malformed() -> Iterator[None]:
    """Turn what psrpcore raises for data that it cannot read into a fault: each request gets an answer."""
    try:
        yield
    except _MALFORMED as error:
        raise faults.invalid_parameter(faults.POWERSHELL_PLUGIN) from error
