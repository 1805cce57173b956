"""The emulated Windows PowerShell: runs a batch of statements on a simulated host."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.powershell.records import CommandCall, ErrorRecord, Record
from engine.rehearsal.windows.principals import AccessToken


class PipelineFailed(Exception):
    """An error that ended the whole batch: the pipeline's state is Failed, with this record as the reason."""

    def __init__(self, record: ErrorRecord) -> None:
        super().__init__(record.message)
        self.record = record


class Runspace:
    """A session of one user on one host."""

    def __init__(self, host: WindowsHost, token: AccessToken) -> None:
        self._host = host
        self._token = token

    def invoke(self, statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        """Run statements in order; each is a sequence of commands joined by pipes.

        Records come as they are made. Between two records nothing is half done, so a caller may stop at
        any of them, and sleeps for the length of a `Pause` before it asks for the next.

        Raises:
            PipelineFailed: an error with -ErrorAction Stop; statements after it do not run.
        """
        raise NotImplementedError
