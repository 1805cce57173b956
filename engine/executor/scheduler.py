"""Runs the work of many hosts in few threads. Work that waits holds no thread."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event
from time import monotonic

from engine.executor.board import Board
from engine.executor.waiting import Pause, UntilEnded, Wait, Work
from engine.model.address import Address

_LOOK_FOR_CANCEL = 0.2  # seconds
# A piece of work that waits keeps its connections; so many may be open for each thread there is.
_OPEN_PER_WORKER = 3


@dataclass(frozen=True, slots=True)
class _Turn:
    """A piece of work gave its thread back: to wait, or because it has ended."""

    number: int
    wait: Wait | None
    defect: BaseException | None = None


@dataclass(frozen=True, slots=True)
class _Ended:
    change: Address


Signals = SimpleQueue["_Turn | _Ended"]


class Scheduler:
    """Resumes each piece of work when what it waits for has come.

    What can go on is preferred to what has not begun, so that the number of open conversations does not
    grow with the number of hosts.

    Deadlock is impossible as long as no change waits, directly or by its host's order, for a later one:
    then the first open change of the plan can always go on, and no thread is held by one that cannot. Its
    work may not have begun yet: when all that has begun waits, another piece of work begins.
    """

    def __init__(self, workers: int, cancel: Event) -> None:
        self._workers = workers
        self._cancel = cancel
        self._signals: Signals = SimpleQueue()

    def change_ended(self, change: Address) -> None:
        """To be called from any thread when a change has ended."""
        self._signals.put(_Ended(change))

    def run(self, works: Sequence[Work], board: Board) -> None:
        """Run everything to its end.

        Raises:
            BaseException: what a piece of work raised; the others are finished first.
        """
        with ThreadPoolExecutor(self._workers, "rollcall-host") as pool:
            loop = _Loop(works, board, self._signals, self._cancel, pool, self._workers)
            loop.run()
        if loop.defects:
            raise loop.defects[0]


class _Loop:
    """One run's bookkeeping; only the thread that runs it touches it."""

    def __init__(
        self,
        works: Sequence[Work],
        board: Board,
        signals: Signals,
        cancel: Event,
        pool: ThreadPoolExecutor,
        workers: int,
    ) -> None:
        self._works = works
        self._board = board
        self._signals = signals
        self._cancel = cancel
        self._pool = pool
        self._workers = workers
        self._new = deque(range(len(works)))
        self._ready = deque[int]()  # begun, and nothing to wait for any more
        self._running = 0
        self._ended = 0
        self._missing: dict[int, set[Address]] = {}  # work to the changes that it still waits for
        self._waiting: dict[Address, set[int]] = {}  # change to the works that wait for it
        self._timers: list[tuple[float, int]] = []
        self.defects: list[BaseException] = []

    def run(self) -> None:
        self._fill_threads()
        while self._ended < len(self._works):
            self._handle_next()
            self._fill_threads()

    def _handle_next(self) -> None:
        try:
            signal = self._signals.get(timeout=self._patience())
        except Empty:
            pass
        else:
            if isinstance(signal, _Ended):
                self._change_ended(signal.change)
            else:
                self._turn_ended(signal)
        self._resume_due()

    def _patience(self) -> float:
        if not self._timers:
            return _LOOK_FOR_CANCEL
        return min(_LOOK_FOR_CANCEL, max(0.0, self._timers[0][0] - monotonic()))

    def _fill_threads(self) -> None:
        while self._running < self._workers and (self._ready or self._may_begin()):
            queue = self._ready or self._new
            self._running += 1
            self._pool.submit(self._take_turn, queue.popleft())

    def _may_begin(self) -> bool:
        """Whether a new piece of work may begin: there is room, or nothing else can go on."""
        begun = len(self._works) - len(self._new) - self._ended
        return bool(self._new) and (begun < _OPEN_PER_WORKER * self._workers or self._running == 0)

    def _take_turn(self, number: int) -> None:
        """In a worker thread: let the work go on until it has to wait or is done."""
        try:
            self._signals.put(_Turn(number, next(self._works[number], None)))
        except BaseException as defect:  # noqa: BLE001 - raised again by `run`, when the others are finished
            self._signals.put(_Turn(number, None, defect))

    def _turn_ended(self, turn: _Turn) -> None:
        self._running -= 1
        if turn.defect is not None:
            self.defects.append(turn.defect)
        if isinstance(turn.wait, Pause):
            heapq.heappush(self._timers, (monotonic() + turn.wait.seconds, turn.number))
        elif isinstance(turn.wait, UntilEnded):
            self._wait_for(turn.number, turn.wait.changes)
        else:
            self._ended += 1

    def _wait_for(self, number: int, changes: frozenset[Address]) -> None:
        missing = self._board.open_among(changes)
        if not missing:
            self._ready.append(number)
            return
        self._missing[number] = set(missing)
        for change in missing:
            self._waiting.setdefault(change, set()).add(number)

    def _change_ended(self, change: Address) -> None:
        for number in sorted(self._waiting.pop(change, ())):
            missing = self._missing[number]
            missing.discard(change)
            if not missing:
                del self._missing[number]
                self._ready.append(number)

    def _resume_due(self) -> None:
        """Resume what has paused long enough; all that pauses or waits, once the run is cancelled."""
        if self._cancel.is_set():
            due = [number for _, number in self._timers] + list(self._missing)
            self._timers.clear()
            self._missing.clear()
            self._waiting.clear()
        else:
            now, due = monotonic(), []
            while self._timers and self._timers[0][0] <= now:
                due.append(heapq.heappop(self._timers)[1])
        for number in due:
            self._ready.append(number)
