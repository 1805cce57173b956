"""PowerShell on one host: one runspace pool, opened when first needed, and batches run in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from pypsrp.complex_objects import ErrorRecord, PSInvocationState
from pypsrp.exceptions import WSManFaultError
from pypsrp.messages import MessageType
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.wsman import WSMan

from engine.model.command import Statement
from engine.model.errors import DeadlineExceeded
from engine.model.query import Answer, Ask, Query, Reply, Unread
from engine.transport.classify import boundary
from engine.transport.faults import OPERATION_TIMED_OUT
from engine.transport.http import authentication, prepare_session
from engine.transport.psrp.attribution import (
    NOT_RUN,
    Apart,
    Event,
    Final,
    Marked,
    Merged,
    Output,
    attribute,
)
from engine.transport.psrp.batch import Batch, called_functions, stopping
from engine.transport.psrp.clixml import ClixmlSerializer
from engine.transport.psrp.grouping import Group, alone, grouped, spread
from engine.transport.psrp.values import command_error, command_names, plain
from engine.transport.target import Authentication, Credential, Scheme, Target
from engine.transport.watchdog import Cord, Watchdog

# A shell takes 1,000 commands in its life (WinRM quota MaxConcurrentOperationsPerUser and
# MaxProcessesPerShell are far above one session's needs); renew it well before.
MOST_PIPELINES = 900
_IDLE_SECONDS = 900  # after this the host may remove a shell that nobody closed
_ENVELOPE = 512_000  # bytes: MaxEnvelopeSizekb of Windows 8 and later


class PsrpSession:
    """Runs batches of typed statements. One thread at a time."""

    def __init__(
        self, target: Target, credential: Callable[[], Credential], functions: Mapping[str, str]
    ) -> None:
        self._target = target
        self._credential = credential
        self._functions = functions
        self.watchdog = Watchdog(Cord())
        self._wsman: WSMan | None = None
        self._pool: RunspacePool | None = None
        self._defined: set[str] = set()
        self._pipelines = 0
        self._last_used = 0.0

    def ask(self, asks: Sequence[Ask]) -> dict[Query, Answer]:
        """Run each distinct question once, all in one pipeline; in a second one, each of those alone whose
        answers could not be told apart.

        Raises:
            HostError: the conversation is lost or broken.
        """
        groups = grouped(tuple(dict.fromkeys(asks)))
        return self._settled(groups, self._run("read", tuple(group.statement for group in groups)))

    def invoke(
        self, statements: Sequence[Statement], then: Sequence[Ask]
    ) -> tuple[tuple[Reply, ...], dict[Query, Answer]]:
        """Run changing statements, each with `-ErrorAction Stop`, and then questions, in one pipeline.

        Raises:
            HostError: the conversation is lost or broken; what was done then is not known.
        """
        groups = grouped(tuple(dict.fromkeys(then)))
        changing = tuple(stopping(statement) for statement in statements)
        replies = self._run("change", (*changing, *(group.statement for group in groups)))
        done, read = replies[: len(changing)], replies[len(changing) :]
        if any(reply.errors for reply in done):
            pairs = zip(groups, read, strict=True)
            return done, {ask: _unread(reply) for group, reply in pairs for ask in group.asks}
        return done, self._settled(groups, read)

    def _settled(self, groups: Sequence[Group], replies: Sequence[Reply]) -> dict[Query, Answer]:
        """An answer for each question of the groups, in their order."""
        answers: dict[Query, Answer] = {ask: Unread("not answered") for group in groups for ask in group.asks}
        doubtful: list[Ask] = []
        for group, reply in zip(groups, replies, strict=True):
            if _was_not_run(reply):
                answers.update(dict.fromkeys(group.asks, _unread(reply)))
                continue
            told = spread(group, reply)
            answers |= told.replies
            doubtful += told.doubtful
        if doubtful:
            again = alone(doubtful)
            answers |= self._settled(again, self._run("read", tuple(group.statement for group in again)))
        return answers

    def close(self) -> None:
        """Remove the shell from the host and end the connection; never raises."""
        pool, self._pool = self._pool, None
        if pool is not None:
            with suppress(Exception), self.watchdog.limit(self._target.timeouts.connect):
                pool.close()
        self._drop()

    def _run(self, step: str, statements: tuple[Statement, ...]) -> tuple[Reply, ...]:
        if not statements:
            return ()
        with self._step(step):
            pool = self._opened()
            needed = [
                name for name in called_functions(statements, self._functions) if name not in self._defined
            ]
            batch = Batch(statements, tuple(self._functions[name] for name in needed))
            events = self._events(pool, batch)
            if any(isinstance(event, Marked) for event in events):
                self._defined.update(needed)
            return attribute(statements, events)

    def _events(self, pool: RunspacePool, batch: Batch) -> list[Event]:
        pipeline = PowerShell(pool)
        batch.load(pipeline)
        pipeline.begin_invoke()
        self._pipelines += 1
        events: list[Event] = []
        seen = 0
        while pipeline.state == PSInvocationState.RUNNING:
            for kind, message in _receive(pool, pipeline):
                if kind == MessageType.PIPELINE_OUTPUT:
                    events.append(_output_event(batch, message.data.data))
                elif kind == MessageType.ERROR_RECORD:
                    events.append(_apart(pipeline.streams.error[seen]))
                    seen += 1
        # The state that ends a failed pipeline brings the error that ended it.
        events += [Final(command_error(record)) for record in pipeline.streams.error[seen:]]
        pool.pipelines.pop(pipeline.id, None)  # closing it properly would cost a request
        self._last_used = time.monotonic()
        return events

    def _opened(self) -> RunspacePool:
        worn = self._pipelines >= MOST_PIPELINES
        stale = time.monotonic() - self._last_used > 0.8 * _IDLE_SECONDS
        if self._pool is not None and (worn or stale):
            with suppress(WSManFaultError):  # the host may have been faster
                self._pool.close()
            self._forget_pool()
        if self._pool is None:
            self._wsman = self._wsman or self._connect()
            pool = RunspacePool(self._wsman, idle_timeout=_IDLE_SECONDS)
            _read_dates(pool)
            pool.open()
            self._pool = pool
            self._last_used = time.monotonic()
        return self._pool

    def _connect(self) -> WSMan:
        target, credential = self._target, self._credential()
        wsman = WSMan(
            target.address,
            port=target.port,
            username=credential.user,
            password=credential.password,
            ssl=target.scheme is Scheme.HTTPS,
            auth=str(target.authentication),
            max_envelope_size=_ENVELOPE,
            # The host must give up waiting for output before we give up waiting for the host.
            operation_timeout=max(1, int(target.timeouts.read * 2 / 3)),
            connection_timeout=max(1, int(target.timeouts.connect)),
            read_timeout=max(1, int(target.timeouts.read)),
            encryption="never" if _in_the_clear(target) else "auto",
            no_proxy=True,
            reconnection_retries=0,
            reconnection_backoff=0,
        )
        # pypsrp makes its session at the first request and would take proxies from the environment then.
        session = wsman.transport._build_session()
        prepare_session(session, target, self.watchdog)
        session.auth = authentication(target, credential)
        wsman.transport.session = session
        return wsman

    @contextmanager
    def _step(self, step: str) -> Iterator[None]:
        """Guard one pipeline; after any failure the next one starts on a new connection.

        Cutting the connection ends nothing on the host, so after a deadline the shell is removed as well.
        """
        pool: RunspacePool | None = None
        try:
            with boundary(self._target.host, step, self.watchdog):
                try:
                    with self.watchdog.limit(self._target.timeouts.step):
                        yield
                except BaseException:
                    pool = self._pool
                    self._drop()
                    raise
        except DeadlineExceeded as error:
            if pool is None:
                raise
            outcome = self._remove(pool)
            raise DeadlineExceeded(error.host, error.step, f"{error.cause}; {outcome}") from None

    def _remove(self, pool: RunspacePool) -> str:
        """Delete a shell whose connection was cut, over a new one, with all that runs in it; says how it was.

        A shell belongs to its user and not to the connection that opened it.
        """
        timeouts = self._target.timeouts
        try:
            with self.watchdog.limit(timeouts.connect + timeouts.read):
                self._wsman = pool.shell.wsman = self._connect()
                pool.close()
        except Exception:  # noqa: BLE001 - whatever it was, the deadline is what is reported
            return "what ran could not be stopped, the host may still be working"
        finally:
            self._drop()
        return "what ran was stopped"

    def _drop(self) -> None:
        wsman, self._wsman = self._wsman, None
        self._forget_pool()
        if wsman is not None:
            with suppress(Exception):
                wsman.close()
        self.watchdog.cord.release()

    def _forget_pool(self) -> None:
        self._pool = None
        self._defined = set()
        self._pipelines = 0


def _in_the_clear(target: Target) -> bool:
    return target.scheme is Scheme.HTTP and target.authentication is Authentication.BASIC


def _read_dates(pool: RunspacePool) -> None:
    # There is no public way to hand a serializer over.
    pool._serializer = ClixmlSerializer()
    pool._fragmenter.serializer = pool._serializer


def _receive(pool: RunspacePool, pipeline: PowerShell) -> Iterable[tuple[int, Any]]:
    """What has arrived, in the order of arrival, which pypsrp's own `poll_invoke` does not keep."""
    try:
        return pool._receive(pipeline.id)
    except WSManFaultError as fault:
        if fault.code == OPERATION_TIMED_OUT:
            return ()  # nothing to tell yet
        raise


def _output_event(batch: Batch, value: object) -> Event:
    if isinstance(value, ErrorRecord):
        return Merged(command_error(value))
    statement = batch.marked(value)
    return Output(plain(value)) if statement is None else Marked(statement)


def _apart(record: ErrorRecord) -> Apart:
    return Apart(command_error(record), command_names(record))


def _was_not_run(reply: Reply) -> bool:
    return not reply.output and any(error.error_id == NOT_RUN for error in reply.errors)


def _unread(reply: Reply) -> Unread:
    reason = next((error.message for error in reply.errors), "a statement before it failed")
    return Unread(reason)
