"""One running PSRP pipeline: takes the emulated PowerShell's records and sends them as PSRP messages."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable, Iterator

import psrpcore
from psrpcore import types as ps

from engine.rehearsal.windows.powershell import records
from engine.rehearsal.windows.powershell.records import CommandCall, ErrorCategory, ErrorRecord, PsValue
from engine.rehearsal.winrm import clixml, fragments
from engine.rehearsal.winrm.envelope import MAX_ENVELOPE_BYTES
from engine.rehearsal.winrm.psrp_records import error_record, statements
from engine.rehearsal.winrm.psrp_values import UnsupportedValue
from engine.rehearsal.winrm.seam import BatchEnded, Engine
from engine.rehearsal.winrm.streams import OutputQueue

log = logging.getLogger(__name__)

# After so many records the loop gets a turn, so that one long pipeline does not hold up the other hosts.
_RECORDS_PER_TURN = 64


_BROKEN = ErrorRecord(
    exception_type="System.Management.Automation.RuntimeException",
    message="The rehearsal failed while it ran this pipeline; its log says why.",
    error_id="RehearsalFailed",
    category=ErrorCategory.NotSpecified,
    reason="RuntimeException",
)


def _not_supported(what: str) -> ErrorRecord:
    return ErrorRecord(
        exception_type="System.Management.Automation.PSNotSupportedException",
        message=f"The rehearsal does not support {what}.",
        error_id="NotSupported",
        category=ErrorCategory.NotImplemented,
        reason="PSNotSupportedException",
    )


class PipelineRun:
    """A pipeline from its creation until the client ends it."""

    def __init__(
        self, pipeline: psrpcore.ServerPipeline, flush: Callable[[], None], object_ids: Iterator[int]
    ) -> None:
        """`flush` moves what psrpcore has written to the outputs; `object_ids` number our own messages."""
        self.output = OutputQueue(gather=MAX_ENVELOPE_BYTES)
        self._pipeline = pipeline
        self._flush = flush
        self._object_ids = object_ids
        self._task: asyncio.Task[None] | None = None
        self._command = ""

    @property
    def identity(self) -> uuid.UUID:
        return self._pipeline.pipeline_id

    @property
    def is_running(self) -> bool:
        return self._task is not None and not self._task.done()

    def start(
        self,
        slots: asyncio.Semaphore,
        borrow: Callable[[], Engine],
        give_back: Callable[[Engine], None],
    ) -> None:
        """Run what the client asked for as soon as a runspace of the pool is free."""
        # The state is set, not announced: Windows does not send Running either.
        self._pipeline.state = ps.PSInvocationState.Running
        request = self._pipeline.metadata
        if not isinstance(request, psrpcore.PowerShell):
            self._fail(_not_supported("GetCommandMetadata"))
        elif not request.no_input:
            self._fail(_not_supported("pipeline input from the client"))
        else:
            self._start(request, slots, borrow, give_back)

    def _start(
        self,
        request: psrpcore.PowerShell,
        slots: asyncio.Semaphore,
        borrow: Callable[[], Engine],
        give_back: Callable[[Engine], None],
    ) -> None:
        try:
            batch = statements(request)
        except UnsupportedValue as error:
            self._fail(_not_supported(f"arguments of type {error}"))
            return
        self._command = batch[0][0].text if batch else ""

        async def run() -> None:
            async with slots:
                engine = borrow()
                try:
                    await self._drive(engine, batch)
                finally:
                    give_back(engine)

        self._task = asyncio.get_running_loop().create_task(run())

    async def _drive(self, engine: Engine, batch: list[list[CommandCall]]) -> None:
        try:
            for number, record in enumerate(engine.invoke(batch), 1):
                if isinstance(record, records.Pause):
                    self.output.release()
                    await asyncio.sleep(record.seconds)
                    continue
                self._write(record)
                if number % _RECORDS_PER_TURN == 0:
                    await asyncio.sleep(0)
        except BatchEnded as failure:
            self._fail(failure.record)
        except Exception:  # a mistake of the rehearsal's own; the client must not wait for ever
            log.exception("a pipeline broke down: %s", self._command)
            self._fail(_BROKEN)
        else:
            self._pipeline.complete()
            self._done()

    def _write(self, record: records.Output | ErrorRecord | records.WarningRecord) -> None:
        if isinstance(record, records.Output) and not isinstance(record.value, ErrorRecord):
            self._write_value(record.value)
            return
        match record:
            case records.Output(value=ErrorRecord() as merged):
                self._pipeline.write_output(error_record(merged, self._command))
            case ErrorRecord():
                message = error_record(record, self._command)
                self._pipeline.prepare_message(message, ps.PSRPMessageType.ErrorRecord)
            case records.WarningRecord(text=text):
                self._pipeline.write_warning(text)
        self._flush()  # what comes next may be written past psrpcore, and must come behind

    def _write_value(self, value: PsValue) -> None:
        pool = self._pipeline.runspace_pool.runspace_pool_id
        document = clixml.write(value)
        for part in fragments.pipeline_output(next(self._object_ids), pool, self.identity, document):
            self.output.put("stdout", part)

    def _fail(self, error: ErrorRecord) -> None:
        # psrpcore has no public way to fail a pipeline: the message is made here.
        self._pipeline.prepare_message(
            ps.PipelineState(
                PipelineState=int(ps.PSInvocationState.Failed),
                ExceptionAsErrorRecord=error_record(error, self._command),
            )
        )
        self._pipeline.state = ps.PSInvocationState.Failed
        self._done()

    def stop(self) -> None:
        """Stop as Ctrl+C does; a pipeline that has ended already stays as it is."""
        if self.is_running:
            self.cancel()
            self._pipeline.stop()
            self._done()

    def cancel(self) -> None:
        """Stop without telling the client, who is gone."""
        if self._task is not None:
            self._task.cancel()

    def _done(self) -> None:
        self._flush()
        self.output.finish(0)
