"""What is written into a host's ledger for a change."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from engine.kinds.contract import Kind
from engine.kinds.table import spec_to_json
from engine.model.address import Address
from engine.model.base import State
from engine.model.command import Statement
from engine.model.ledger import LedgerEntry, digest_of
from engine.model.plan import Action, Change
from engine.model.resource import Spec

_REMOVED = frozenset({Action.DELETE, Action.FORGET})
_NEVER_APPLIED: State = {}


@dataclass(frozen=True, slots=True)
class Bookkeeping:
    """Turns changes into ledger statements. `record` and `erase` know how the ledger is stored."""

    run: str
    record: Callable[[LedgerEntry], Statement]
    erase: Callable[[Address], Statement]

    def entry_for(self, change: Change, kind: Kind[Spec], spec: Spec) -> Statement:
        """What to write when the change's steps have run."""
        if change.action in _REMOVED:
            return self.erase(change.address)
        return self.record(self._entry(change, kind, spec, change.after or {}))

    def not_as_wanted(self, change: Change, kind: Kind[Spec], spec: Spec) -> Statement:
        """What to write when they ran in vain: still ours, but never applied, so that no drift is claimed."""
        if change.action is Action.FORGET:
            return self.erase(change.address)
        return self.record(self._entry(change, kind, spec, _NEVER_APPLIED))

    def _entry(self, change: Change, kind: Kind[Spec], spec: Spec, wanted: State) -> LedgerEntry:
        remembered: Spec = kind.remembered(spec)
        return LedgerEntry(
            address=change.address,
            spec=spec_to_json(remembered),
            digest=digest_of(wanted),
            revision=change.revision,
            run=self.run,
            applied=datetime.now(UTC).replace(microsecond=0),
            protected=change.protected,
        )
