"""One host's work: its lease, then its changes in the plan's order."""

from __future__ import annotations

import logging
from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass
from threading import Event
from time import monotonic

from engine.executor.attempt import Attempt, Surroundings
from engine.executor.board import Board
from engine.executor.bookkeeping import Bookkeeping
from engine.executor.options import RunOptions
from engine.executor.stopped import Ending, LeaseLost
from engine.executor.text import one_line
from engine.executor.waiting import Pause, UntilEnded, Work
from engine.kinds.contract import Kind
from engine.model.address import Address
from engine.model.errors import (
    DeadlineExceeded,
    HostError,
    HostUnreachable,
    LeaseHeld,
    LogonFailed,
    ProtocolBroken,
    UntrustedCertificate,
)
from engine.model.plan import Change
from engine.model.query import Answers
from engine.model.resource import Host, Spec
from engine.model.result import ChangeResult, Listener, Outcome
from engine.model.session import Connector, HostSession, Lease

_log = logging.getLogger(__name__)

# After these there is no point in going on with the host.
_ENDS_THE_HOST = (
    HostUnreachable,
    LogonFailed,
    UntrustedCertificate,
    ProtocolBroken,
    DeadlineExceeded,
    LeaseHeld,
    LeaseLost,
)


@dataclass(frozen=True, slots=True)
class Run:
    """What all hosts of a run share."""

    connector: Connector
    kinds: Mapping[str, Kind[Spec]]
    books: Bookkeeping
    board: Board
    listener: Listener
    cancel: Event
    options: RunOptions
    missing: Mapping[str, str]  # see `Tools`


class HostWalk:
    """The changes of one host. Used by one thread at a time, not always by the same."""

    def __init__(self, host: Host, changes: Sequence[Change], run: Run) -> None:
        self._host = host
        self._changes = tuple(changes)
        self._run = run
        self._session: HostSession | None = None
        self._lease: Lease | None = None
        self._around: Surroundings | None = None
        self._over: HostError | None = None  # why nothing more is done here
        self._fresh: tuple[Address, Answers] | None = None  # answers to the next change's questions

    def work(self) -> Work:
        """Walk the changes. Ends each of them, whatever happens."""
        try:
            for number in range(len(self._changes)):
                yield from self._take(number)
        except Exception as defect:  # noqa: BLE001 - the other hosts must not wait for ever for this one
            _log.exception("%s: an unexpected error ended the host's changes", self._host.name)
            self._end_the_rest(f"unexpected: {type(defect).__name__} (see the log)")
        finally:
            self._close()

    def _take(self, number: int) -> Work:
        """Bring one change to its end, waiting for what it waits for."""
        run, change = self._run, self._changes[number]
        while self._over is None and not run.cancel.is_set():
            waited_for = run.board.open_among((*change.needs, *change.follows))
            if not waited_for:
                break
            self._fresh = None  # it may be old when the wait is over
            yield UntilEnded(waited_for)
        if self._over is not None:
            self._end(change, Ending(_outcome_of(self._over), f"not tried: {self._over}"))
            return
        if run.cancel.is_set():
            self._end(change, Ending(Outcome.NOT_STARTED, "cancelled before its turn"))
            return
        missing = run.board.not_done(change.needs)
        if missing is not None:
            self._end(change, Ending(Outcome.SKIPPED, f"it needs {missing.address}: {missing.outcome}"))
            return
        started = monotonic()
        ending = yield from self._attempt(number)
        self._end(change, ending, monotonic() - started)

    def _next_to_read(self, number: int) -> Change | None:
        """The change after this one, unless it will have to wait for another host anyway."""
        if number + 1 == len(self._changes):
            return None
        change, current = self._changes[number + 1], self._changes[number].address
        waits_for = {*change.needs, *change.follows} - {current}
        return None if self._run.board.open_among(waits_for) else change

    def _attempt(self, number: int) -> Generator[Pause, None, Ending]:
        change, following = self._changes[number], self._next_to_read(number)
        fresh, self._fresh = self._fresh, None
        answers = fresh[1] if fresh is not None and fresh[0] == change.address else None
        attempt: Attempt | None = None
        try:
            kind = self._run.kinds[change.address.kind]
            attempt = Attempt(change, kind, self._surroundings(), following.reads if following else ())
            ending = yield from attempt.run(answers)
        except HostError as error:
            if isinstance(error, _ENDS_THE_HOST):
                self._over = error
            restart = attempt is not None and attempt.restart_due
            return Ending(_outcome_of(error), str(error), reboot_required=restart)
        if ending.following is not None and following is not None:
            self._fresh = (following.address, ending.following)
        return ending

    def _surroundings(self) -> Surroundings:
        """The session and the lease, got when the first change's turn has come."""
        if self._around is None:
            run = self._run
            self._session = run.connector.connect(self._host)
            self._lease = self._session.lease(run.options.holder)
            self._around = Surroundings(
                self._session, self._lease, run.books, run.listener, run.cancel, run.options, run.missing
            )
            run.listener.host_started(self._host.name, len(self._changes))
        return self._around

    def _end(self, change: Change, ending: Ending, seconds: float = 0.0) -> None:
        self._run.board.end(
            ChangeResult(
                address=change.address,
                action=change.action,
                outcome=ending.outcome,
                message=one_line(ending.message),
                detail=ending.detail,
                seconds=round(seconds, 3),
                reboot_required=ending.reboot_required,
            )
        )

    def _end_the_rest(self, message: str) -> None:
        open_changes = self._run.board.open_among(change.address for change in self._changes)
        for change in self._changes:
            if change.address in open_changes:
                self._end(change, Ending(Outcome.FAILED, message))

    def _close(self) -> None:
        if self._lease is not None:
            self._lease.release()
        if self._session is not None:
            self._session.close()
        if self._around is not None:
            self._run.listener.host_finished(self._host.name)


def _outcome_of(error: HostError) -> Outcome:
    if isinstance(error, HostUnreachable):
        return Outcome.UNREACHABLE
    if isinstance(error, (LeaseHeld, LeaseLost)):
        return Outcome.REFUSED
    return Outcome.FAILED
