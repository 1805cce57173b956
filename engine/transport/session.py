"""A conversation with one host: PowerShell, programs and files behind the one port of the model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.util import find_spec
from types import TracebackType
from typing import Self

from engine.model.command import Statement
from engine.model.query import Answers, Ask, Query, Unread
from engine.model.session import Invocation, Lease, ProcessResult, Sources
from engine.model.step import FileStep, RunProcess
from engine.transport.credentials import resolve
from engine.transport.psrp.session import PsrpSession
from engine.transport.refusals import MissingLibrary
from engine.transport.smb import lease
from engine.transport.smb.session import SmbSession
from engine.transport.sources import NO_SOURCES
from engine.transport.target import Authentication, Credential, Target
from engine.transport.winrs import WinrsSession


class WindowsSession:
    """Implements `engine.model.session.HostSession`. One thread at a time; nothing is open at first."""

    def __init__(self, target: Target, functions: Mapping[str, str], sources: Sources = NO_SOURCES) -> None:
        self._target = target
        self._resolved: Credential | None = None
        self._powershell = PsrpSession(target, self._credential, functions)
        self._programs = WinrsSession(target, self._credential)
        self._files = SmbSession(target, self._credential, sources)

    def read(self, queries: Iterable[Query]) -> Answers:
        """See `HostSession.read`."""
        distinct = tuple(dict.fromkeys(queries))
        answers = self._powershell.ask(_asks(distinct))
        for query in distinct:
            if not isinstance(query, Ask):
                answers[query] = self._files.read(query)
        return answers

    def invoke(self, statements: Sequence[Statement], then: Sequence[Query] = ()) -> Invocation:
        """See `HostSession.invoke`."""
        distinct = tuple(dict.fromkeys(then))
        replies, answers = self._powershell.invoke(statements, _asks(distinct))
        failed = any(reply.errors for reply in replies)
        for query in distinct:
            if not isinstance(query, Ask):
                answers[query] = Unread("a statement before it failed") if failed else self._files.read(query)
        return Invocation(replies, answers)

    def run(self, process: RunProcess) -> ProcessResult:
        """See `HostSession.run`."""
        return self._programs.run(process)

    def write(self, step: FileStep) -> None:
        """See `HostSession.write`."""
        self._files.write(step)

    def read_tail(self, path: str, limit: int) -> str:
        """See `HostSession.read_tail`."""
        return self._files.read_tail(path, limit)

    def lease(self, holder: str) -> Lease:
        """See `HostSession.lease`."""
        return lease.take(self._target, self._credential, holder)

    def close(self) -> None:
        """End all connections; never raises. A lease has its own and stays."""
        self._powershell.close()
        self._programs.close()
        self._files.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _credential(self) -> Credential:
        if self._target.authentication is Authentication.KERBEROS:
            _require_kerberos()
        if self._resolved is None:
            self._resolved = resolve(self._target.login)
        return self._resolved


def _asks(queries: Iterable[Query]) -> tuple[Ask, ...]:
    return tuple(query for query in queries if isinstance(query, Ask))


def _require_kerberos() -> None:
    if find_spec("gssapi") is None or find_spec("krb5") is None:
        raise MissingLibrary(
            "Kerberos needs libraries that are not installed: install Rollcall with its extra, "
            "rollcall[kerberos]"
        )
