"""One change: check, do, record, check again."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Event

from engine.executor.bookkeeping import Bookkeeping
from engine.executor.check import objection
from engine.executor.compare import Standing, moved_on, shortfall, standing
from engine.executor.options import RunOptions
from engine.executor.process import ProcessRun
from engine.executor.stopped import Ending, LeaseLost, Stopped
from engine.executor.text import one_line
from engine.executor.waiting import Pause
from engine.kinds.contract import Kind
from engine.model.command import Statement
from engine.model.errors import DeadlineExceeded, HostError, HostRefused, HostUnreachable
from engine.model.observation import Absent, Observation, Present, Unknown
from engine.model.plan import Action, Change
from engine.model.query import Answers, Query
from engine.model.resource import Spec
from engine.model.result import Listener, Outcome
from engine.model.session import HostSession, Invocation, Lease
from engine.model.step import Invoke, PutFile, RemoveFile, RunProcess, Step


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the changes of one host share."""

    session: HostSession
    lease: Lease
    books: Bookkeeping
    listener: Listener
    cancel: Event
    options: RunOptions
    missing: Mapping[str, str]  # SHA-256 of files that could not be had, and why

    def lacks(self, steps: Sequence[Step]) -> str | None:
        """Why the steps cannot be done: a file that they send could not be had."""
        sent = (step.sha256 for step in steps if isinstance(step, PutFile))
        return next((self.missing[sha256] for sha256 in sent if sha256 in self.missing), None)

    def touch(self) -> None:
        """Make sure that the host is still ours.

        Raises:
            LeaseLost: it is not.
            HostUnreachable: it does not answer any more.
        """
        try:
            self.lease.touch()
        except HostUnreachable:
            raise
        except HostError as error:
            raise LeaseLost(error.host, error.step, error.cause) from error


class Attempt:
    """The walk through one change's steps.

    One pipeline closes a change: the statements of its last step, its ledger entry, the reading of the
    object, and already the reading of the next change's object. So a change of a share, a printer or a
    registry value costs two HTTP requests in all; one with files or a program costs two beside those.
    """

    def __init__(
        self, change: Change, kind: Kind[Spec], around: Surroundings, following: Sequence[Query]
    ) -> None:
        """`following`: the questions of the host's next change."""
        self._change = change
        self._kind = kind
        self._spec: Spec = kind.spec.model_validate(change.spec)
        self._around = around
        self._following = tuple(following)
        self._restart = False  # one of its programs said that a restart is due

    @property
    def restart_due(self) -> bool:
        """Whether one of its programs said so, however the change ended."""
        return self._restart

    def run(self, answers: Answers | None) -> Generator[Pause, None, Ending]:
        """Do it. `answers` are fresh ones to the change's own questions, if there are.

        Raises:
            HostError: this and everything else on the host must stop.
        """
        try:
            return (yield from self._run(answers))
        except Stopped as stopped:
            return stopped.ending

    def _run(self, answers: Answers | None) -> Generator[Pause, None, Ending]:
        change = self._change
        if change.action is not Action.FORGET:
            fresh = self._around.session.read(change.reads) if answers is None else answers
            observed = self._look(fresh)
            where = standing(change, observed)
            if where is Standing.MOVED_ON:
                raise Stopped(Outcome.REFUSED, moved_on(change, observed))
            if where is Standing.AS_WANTED:
                return (yield from self._close((), Outcome.UNCHANGED, "it was as wanted already"))
            against = objection(change, self._kind, self._spec, observed, fresh)
            if against is not None:
                raise Stopped(Outcome.REFUSED, against)
            self._defer_if_waiting(fresh)
        lacking = self._around.lacks(change.steps)
        if lacking is not None:
            raise Stopped(Outcome.FAILED, lacking)
        self._around.listener.change_started(change)
        return (yield from self._do())

    def _do(self) -> Generator[Pause, None, Ending]:
        """Run the steps and close. What a restart still hides is deferred, not failed."""
        steps, closing = _split(self._change.steps)
        try:
            yield from self._walk(steps)
            ending = yield from self._close(closing, Outcome.CHANGED, "")
        except HostUnreachable as error:
            if not self._restart:
                raise
            ending = Ending(Outcome.DEFERRED, f"the host restarts: {error.cause}")
        except Stopped as stopped:
            ending = stopped.ending
            if self._restart and ending.outcome is Outcome.FAILED:
                message = f"to be seen after a restart: {ending.message}"
                ending = replace(ending, outcome=Outcome.DEFERRED, message=message)
        return replace(ending, reboot_required=self._restart)

    def _look(self, answers: Answers) -> Present | Absent:
        """The object as it is before the change."""
        observed = self._parse(answers)
        if isinstance(observed, Unknown):
            raise Stopped(Outcome.FAILED, f"it could not be read before the change: {observed.reason}")
        return observed

    def _parse(self, answers: Answers) -> Observation:
        observation: Observation = self._kind.parse(self._spec, answers)
        return observation

    def _walk(self, steps: Sequence[Step]) -> Generator[Pause, None, None]:
        """Run steps in order. A staged file that a later step would remove goes as well when one fails."""
        for number, step in enumerate(steps):
            try:
                yield from self._step(step)
            except LeaseLost:
                raise  # the host is another controller's now
            except (Stopped, HostRefused, DeadlineExceeded):
                self._tidy(steps[:number], steps[number + 1 :])
                raise

    def _step(self, step: Step) -> Generator[Pause, None, None]:
        self._around.touch()
        match step:
            case Invoke():
                self._check(self._around.session.invoke(step.statements), len(step.statements))
            case RunProcess():
                run = ProcessRun(step, self._around.session, self._around.cancel, self._around.options)
                restart = yield from run.to_its_end(self._make_sure_of_its_turn, self._is_as_wanted)
                self._restart = restart or self._restart
            case _:
                self._around.session.write(step)

    def _make_sure_of_its_turn(self) -> None:
        """Right before a program is started: bringing its file may have taken minutes.

        Raises:
            Stopped: the change has to wait after all.
        """
        watched = self._kind.watches(self._spec)
        if watched:
            self._defer_if_waiting(self._around.session.read(watched))

    def _defer_if_waiting(self, answers: Answers) -> None:
        why = "" if not self._change.steps else self._kind.waits(self._spec, answers)
        if why:
            raise Stopped(Outcome.DEFERRED, why)

    def _is_as_wanted(self) -> bool:
        """After a pause: whether somebody else's installation has brought the object about meanwhile."""
        self._around.touch()
        return shortfall(self._change, self._parse(self._around.session.read(self._change.reads))) is None

    def _tidy(self, before: Sequence[Step], after: Sequence[Step]) -> None:
        staged = {step.path for step in before if isinstance(step, PutFile)}
        for step in after:
            if isinstance(step, RemoveFile) and step.path in staged:
                try:
                    self._around.session.write(step)
                except HostError:
                    return  # the change's own failure is what matters; the file is replaced next time

    def _close(
        self, statements: Sequence[Statement], outcome: Outcome, message: str
    ) -> Generator[Pause, None, Ending]:
        """Run the last statements, record, and read again, in one pipeline."""
        around, change = self._around, self._change
        around.touch()
        entry = around.books.entry_for(change, self._kind, self._spec)
        invocation = around.session.invoke([*statements, entry], [*change.reads, *self._following])
        *own, ledgers = invocation.replies
        if any(reply.errors for reply in own) and not ledgers.errors:
            # An error of binding ends its own statement alone: what was recorded after it is not true.
            with suppress(HostError):  # the change's own failure is what matters
                self._record_failure()
        self._check(invocation, len(statements))
        if change.action is not Action.FORGET:
            missing = shortfall(change, self._parse(invocation.answers))
            if missing is not None:
                self._record_failure()
                missing = yield from self._outwait(missing)
                if missing is not None:
                    said = f"its steps ran, but {missing}"
                    raise Stopped(Outcome.FAILED, said, following=invocation.answers)
                self._check(around.session.invoke([entry]), 0)
        return Ending(outcome, message, following=invocation.answers)

    def _outwait(self, missing: str) -> Generator[Pause, None, str | None]:
        """Read again for a while what a program was to remove, and give what is then still missing.

        Some uninstallers return before they are done: NSIS runs a copy of itself, so that it can delete the
        original (NSIS manual, "Uninstaller Command Line Options", `_?=`).
        """
        runs = any(isinstance(step, RunProcess) for step in self._change.steps)
        if not runs or self._restart or self._change.action is not Action.DELETE:
            return missing
        for pause in self._around.options.removal_pauses:
            yield Pause(pause)
            if self._is_as_wanted():
                return None
        return missing

    def _record_failure(self) -> None:
        around = self._around
        around.session.invoke([around.books.not_as_wanted(self._change, self._kind, self._spec)])

    def _check(self, invocation: Invocation, own: int) -> None:
        """Fail the change by the first statement that failed; those after `own` are the ledger's."""
        for number, reply in enumerate(invocation.replies):
            if reply.errors:
                error = reply.errors[0]
                said = one_line(f"{error.command}: {error.message} [{error.error_id}]")
                prefix = "" if number < own else "its steps ran, but the ledger could not be written: "
                raise Stopped(Outcome.FAILED, prefix + said)


def _split(steps: Sequence[Step]) -> tuple[Sequence[Step], Sequence[Statement]]:
    """The steps to walk one by one, and the statements that can travel in the closing pipeline."""
    if steps and isinstance(steps[-1], Invoke):
        return steps[:-1], steps[-1].statements
    return steps, ()
