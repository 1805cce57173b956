"""The ports through which rooms talk to a host. The transport implements them; the app hands them over."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import BinaryIO, Protocol, Self

from engine.model.command import Statement
from engine.model.query import Answers, Query, Reply
from engine.model.resource import Host
from engine.model.step import FileStep, RunProcess, SourceContent


@dataclass(frozen=True, slots=True)
class Invocation:
    """What one pipeline did: a reply per statement, in order, and the answers read after them.

    Where a statement failed, the ones after it did not run (`Reply` with no output and a `NotRun` error id),
    and the questions asked in the same pipeline are answered by `Unread`.
    """

    replies: tuple[Reply, ...]
    answers: Answers


@dataclass(frozen=True, slots=True)
class ProcessResult:
    exit_code: int
    output: str
    errors: str


class SourceUnavailable(Exception):
    """A file that is to be sent to hosts cannot be had; the message is one line for people."""


class Sources(Protocol):
    """Opens the files that a plan names instead of holding them. Used by the threads of all hosts."""

    def open(self, content: SourceContent, sha256: str) -> BinaryIO:
        """The file's bytes, to be closed by the caller. They may have changed since the plan was made: who
        sends them compares their digest.

        Args:
            sha256: what the file is known by where it was fetched from a server.

        Raises:
            SourceUnavailable: there is none, or it may not be sent.
        """


class Lease(Protocol):
    """The right to change a host, held until `release` or until this process dies."""

    def touch(self) -> None:
        """Make sure that it is still held.

        Raises:
            HostError: it was lost; nothing more may be changed.
        """

    def release(self) -> None:
        """Give it back; never raises."""


class HostSession(Protocol):
    """A conversation with one host, used by one thread at a time. Connections open when first needed.

    Every method may raise `HostError`; none waits longer than its deadline.
    """

    def read(self, queries: Iterable[Query]) -> Answers:
        """Answer each distinct question once: one pipeline for every `Ask`, SMB for the others.

        A question that the host answers with an error is in the result (`Reply.errors`, `Missing`,
        `Unread`); only a lost or broken conversation raises.
        """

    def invoke(self, statements: Sequence[Statement], then: Sequence[Query] = ()) -> Invocation:
        """Run statements that change the host, then read, all in one pipeline (two HTTP requests).

        Each statement runs with `-ErrorAction Stop`.
        """

    def run(self, process: RunProcess) -> ProcessResult:
        """Run a native program to its end over WinRS."""

    def write(self, step: FileStep) -> None:
        """Do one act on the file system over SMB."""

    def read_tail(self, path: str, limit: int) -> str:
        """The last `limit` bytes of a log as text (UTF-16 with mark, UTF-8 or the ANSI code page)."""

    def lease(self, holder: str) -> Lease:
        """Take the host's lease.

        Raises:
            LeaseHeld: another controller has it; the cause says who and since when.
        """

    def close(self) -> None:
        """End all connections; never raises."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Connector(Protocol):
    """Opens sessions; knows addresses, credentials and trust."""

    def connect(self, host: Host) -> HostSession:
        """A session for a host, from a worker thread. Opens nothing yet."""
