"""Running a program on a host: what its exit code means, and when to try again."""

from __future__ import annotations

from collections.abc import Callable, Generator
from threading import Event

from engine.executor.options import RunOptions
from engine.executor.stopped import Stopped
from engine.executor.text import LOG_BYTES, log_tail
from engine.executor.waiting import Pause
from engine.model.errors import DeadlineExceeded, HostError
from engine.model.result import Outcome
from engine.model.session import HostSession, ProcessResult
from engine.model.step import RunProcess


class ProcessRun:
    """One `RunProcess` step with its tries."""

    def __init__(self, step: RunProcess, session: HostSession, cancel: Event, options: RunOptions) -> None:
        self._step = step
        self._session = session
        self._cancel = cancel
        self._pauses = options.retry_pauses

    def to_its_end(
        self, make_sure: Callable[[], None], as_wanted: Callable[[], bool]
    ) -> Generator[Pause, None, bool]:
        """Run it until it says more than "not now"; whether a restart is due.

        `make_sure` is called before each try, and raises if it may not be made.
        Before each further try the object is looked at again: the installation that was in the way may
        have been this very one, started by a controller that is gone, and must not run twice.

        Raises:
            Stopped: it failed, it kept being told to wait, or the run was cancelled before a try; and what
                `make_sure` raises.
        """
        codes = self._step.exit_codes
        for pause in (*self._pauses, None):
            make_sure()
            result = self._try()
            if result.exit_code in codes.success:
                return False
            if result.exit_code in codes.reboot:
                return True
            if result.exit_code not in codes.retry:
                raise self._failed(f"exit code {result.exit_code}", result)
            if pause is None:
                raise self._failed(
                    f"exit code {result.exit_code}, after {len(self._pauses)} further tries", result
                )
            yield Pause(pause)
            if as_wanted():
                return False
        raise AssertionError("the last try either returns or raises")

    def _try(self) -> ProcessResult:
        if self._cancel.is_set():
            raise Stopped(Outcome.NOT_STARTED, f"cancelled before {self._step.executable} was started")
        try:
            return self._session.run(self._step)
        except DeadlineExceeded as error:
            # The program took too long; the host itself is well.
            raise Stopped(Outcome.FAILED, str(error), detail=self._log()) from error

    def _failed(self, what: str, result: ProcessResult) -> Stopped:
        said = log_tail(result.errors or result.output)
        detail = self._log() or said
        return Stopped(Outcome.FAILED, f"{self._step.executable}: {what}", detail=detail)

    def _log(self) -> str:
        if self._step.log is None:
            return ""
        try:
            return log_tail(self._session.read_tail(self._step.log, LOG_BYTES))
        except HostError as error:
            return f"its log could not be read: {error.cause}"
