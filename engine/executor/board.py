"""How the changes of a run ended: shared by all hosts' work, safe for threads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Lock

from engine.model.address import Address
from engine.model.plan import Change
from engine.model.result import ChangeResult, Listener, Outcome

_DONE = frozenset({Outcome.CHANGED, Outcome.UNCHANGED})


class Board:
    """Results by address. Each change ends once, and the listener hears of it once."""

    def __init__(
        self, changes: Sequence[Change], listener: Listener, ended: Callable[[Address], None]
    ) -> None:
        """`ended` is called, from worker threads, after a result was written."""
        self._changes = tuple(changes)
        self._listener = listener
        self._ended = ended
        self._lock = Lock()
        self._results: dict[Address, ChangeResult] = {}

    def end(self, result: ChangeResult) -> None:
        """Write down how a change ended.

        Raises:
            ValueError: it had ended before.
        """
        with self._lock:
            if result.address in self._results:
                raise ValueError(f"{result.address} ended twice")
            self._results[result.address] = result
        self._listener.change_finished(result)
        self._ended(result.address)

    def open_among(self, addresses: Iterable[Address]) -> frozenset[Address]:
        """Those of the changes that have not ended."""
        with self._lock:
            return frozenset(address for address in addresses if address not in self._results)

    def not_done(self, addresses: Iterable[Address]) -> ChangeResult | None:
        """The first of these ended changes that was not brought about."""
        with self._lock:
            results = [self._results[address] for address in addresses]
        return next((result for result in results if result.outcome not in _DONE), None)

    def results(self) -> tuple[ChangeResult, ...]:
        """All results, in the plan's order, when all changes have ended."""
        with self._lock:
            return tuple(self._results[change.address] for change in self._changes)
