"""Hosts in memory that implement the session ports, with things, papers, programs, a ledger and a lease."""

from __future__ import annotations

import base64
import hashlib
import json
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Lock
from types import TracebackType
from typing import Self

from engine.model.address import Address
from engine.model.command import Command, Statement
from engine.model.errors import HostError, LeaseHeld, StepFailed
from engine.model.ledger import LedgerEntry
from engine.model.query import (
    Answer,
    Answers,
    Ask,
    CommandError,
    Content,
    Missing,
    PsObject,
    Query,
    ReadFile,
    Reply,
    Unread,
)
from engine.model.resource import Host
from engine.model.session import Invocation, ProcessResult
from engine.model.step import FileStep, InlineContent, PutFile, RemoveFile, RunProcess

NOT_RUN = CommandError("NotRun", "NotSpecified", "an earlier statement failed", "", "")


class CommandFailed(Exception):
    """The statement ends with an error record."""


@dataclass
class FakeHost:
    """One host. Tests look at and change its fields directly, as a person at its keyboard would."""

    name: str
    things: dict[str, dict[str, str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    programs: dict[str, str] = field(default_factory=dict)
    ledger: dict[Address, LedgerEntry] = field(default_factory=dict)
    leased_by: str | None = None
    running: set[str] = field(default_factory=set)  # programs that somebody works with

    error: HostError | None = None  # raised by whatever is asked
    failing: dict[str, str] = field(default_factory=dict)  # command and name to an error message
    goes_on: bool = False  # a failed statement ends itself alone, as one that cannot be bound does
    deaf: set[str] = field(default_factory=set)  # names that accept Set-Thing and stay as they are
    exit_codes: deque[int] = field(default_factory=deque)  # of the next processes; then 0
    before: Callable[[str], None] = lambda _act: None  # called with each act, before it

    acts: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def act(self, what: str) -> None:
        """Note an act; also where a test may interfere."""
        self.before(what)
        if self.error is not None:
            raise self.error
        self.acts.append(what)

    @contextmanager
    def alone(self) -> Iterator[None]:
        """A session belongs to one thread at a time.

        Raises:
            AssertionError: two threads talk to the host at once.
        """
        assert self._lock.acquire(blocking=False), f"two threads talk to {self.name} at once"
        try:
            yield
        finally:
            self._lock.release()

    def answer(self, query: Query) -> Answer:
        match query:
            case Ask(statement=statement):
                try:
                    return Reply(self._run(statement.commands[0]))
                except CommandFailed as error:
                    return Reply((), (CommandError("Failed", "NotSpecified", str(error), "", ""),))
            case ReadFile(path=path, limit=limit):
                data = self.files.get(path)
                if data is None:
                    return Missing()
                return Content(len(data), hashlib.sha256(data).hexdigest(), data[:limit])
            case _:
                return Unread("not a question for this host")

    def invoke(self, statements: Sequence[Statement]) -> tuple[Reply, ...]:
        replies: list[Reply] = []
        for statement in statements:
            command = statement.commands[0]
            if any(reply.errors for reply in replies) and not self.goes_on:
                replies.append(Reply((), (NOT_RUN,)))
                continue
            try:
                replies.append(Reply(self._run(command)))
            except CommandFailed as error:
                failed = CommandError("Failed", "NotSpecified", str(error), "", command.name)
                replies.append(Reply((), (failed,)))
        return tuple(replies)

    def _run(self, command: Command) -> tuple[PsObject, ...]:
        parameters = dict(command.parameters)
        name = str(parameters.get("Name", ""))
        act = f"{command.name} {name}".strip()
        self.act(act)
        if act in self.failing:
            raise CommandFailed(self.failing[act])
        verb, _, noun = command.name.partition("-")
        if verb == "Get":
            return self._get(noun, name)
        self.counts["writes"] += 1
        if noun == "Entry":
            self._write_entry(verb, Address(name), str(parameters.get("Entry", "")))
        elif verb == "Remove":
            self.things.pop(name, None)
        elif name not in self.deaf:
            wanted: Mapping[str, str] = json.loads(str(parameters["Fields"]))
            self.things.setdefault(name, {}).update(wanted)
        return ()

    def _get(self, noun: str, name: str) -> tuple[PsObject, ...]:
        if noun == "Thing" and name in self.things:
            return (PsObject("Thing", dict(self.things[name])),)
        if noun == "Program" and name in self.programs:
            return (PsObject("Program", {"version": self.programs[name]}),)
        if noun == "Running" and name in self.running:
            return (PsObject("Running", {"name": name}),)
        return ()

    def _write_entry(self, verb: str, address: Address, entry: str) -> None:
        if verb == "Remove":
            self.ledger.pop(address, None)
        else:
            self.ledger[address] = LedgerEntry.model_validate_json(entry)

    def write(self, step: FileStep) -> None:
        self.act(f"{type(step).__name__} {step.path}")
        self.counts["writes"] += 1
        match step:
            case PutFile(content=InlineContent(base64=data)):
                self.files[step.path] = base64.b64decode(data)
            case RemoveFile():
                self.files.pop(step.path, None)
            case _:
                raise StepFailed(self.name, "write", f"cannot {type(step).__name__}")

    def run(self, process: RunProcess) -> ProcessResult:
        name, version = process.arguments
        self.act(f"run {name}")
        self.counts["processes"] += 1
        code = self.exit_codes.popleft() if self.exit_codes else 0
        if code in (*process.exit_codes.success, *process.exit_codes.reboot):
            self.programs[name] = version
            if not version:
                del self.programs[name]
        return ProcessResult(code, "", "")


@dataclass
class FakeLease:
    """Held until released, or until a test gives the host to somebody else."""

    host: FakeHost
    holder: str

    def touch(self) -> None:
        if self.host.leased_by != self.holder:
            raise StepFailed(self.host.name, "lease", f"now held by {self.host.leased_by}")

    def release(self) -> None:
        if self.host.leased_by == self.holder:
            self.host.leased_by = None


@dataclass
class FakeSession:
    """A conversation; counts pipelines as the transport does, two HTTP requests each."""

    host: FakeHost

    def read(self, queries: Iterable[Query]) -> Answers:
        with self.host.alone():
            distinct = list(dict.fromkeys(queries))
            if any(isinstance(query, Ask) for query in distinct):
                self.host.counts["requests"] += 2
            self.host.act("read")
            return {query: self.host.answer(query) for query in distinct}

    def invoke(self, statements: Sequence[Statement], then: Sequence[Query] = ()) -> Invocation:
        with self.host.alone():
            self.host.counts["requests"] += 2
            self.host.act("invoke")
            replies = self.host.invoke(statements)
            if any(reply.errors for reply in replies):
                return Invocation(replies, {query: Unread("an earlier statement failed") for query in then})
            return Invocation(replies, {query: self.host.answer(query) for query in then})

    def run(self, process: RunProcess) -> ProcessResult:
        with self.host.alone():
            return self.host.run(process)

    def write(self, step: FileStep) -> None:
        with self.host.alone():
            self.host.write(step)

    def read_tail(self, path: str, limit: int) -> str:
        return self.host.files.get(path, b"")[-limit:].decode()

    def lease(self, holder: str) -> FakeLease:
        self.host.act("lease")
        if self.host.leased_by is not None:
            raise LeaseHeld(self.host.name, "lease", f"held by {self.host.leased_by} since 12:00")
        self.host.leased_by = holder
        return FakeLease(self.host, holder)

    def close(self) -> None:
        self.host.counts["closed"] += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


@dataclass
class FakeFleet:
    """A connector to hosts in memory."""

    hosts: dict[str, FakeHost]

    @classmethod
    def of(cls, *names: str) -> FakeFleet:
        return cls({name: FakeHost(name) for name in names})

    def __getitem__(self, name: str) -> FakeHost:
        return self.hosts[name]

    def connect(self, host: Host) -> FakeSession:
        return FakeSession(self.hosts[host.name])
