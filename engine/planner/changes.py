"""Building the changes of one resource: with steps for the object, or for the ledger alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from engine.kinds.contract import Difference, Impossible, Kind
from engine.kinds.table import spec_to_json
from engine.model.address import Address
from engine.model.base import State
from engine.model.fields import differing, field_changes
from engine.model.ledger import LedgerEntry
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action, Blocked, BlockedOutcome, Change, Reason
from engine.model.query import Answers
from engine.model.resource import Spec

T = TypeVar("T")


class BrokenKind(Exception):
    """A kind does not keep its contract: a defect of Rollcall. `str()` says which rule."""


@dataclass(frozen=True, slots=True)
class Case:
    """One resource with its kind, its host's answers and its entry in the ledger."""

    address: Address
    spec: Spec
    kind: Kind[Spec]
    answers: Answers
    entry: LedgerEntry | None
    revision: str
    protected: bool = False  # as declared
    origin: str = ""  # empty for what is no longer declared

    def observe(self) -> Observation:
        """What the host says it is now.

        Raises:
            BrokenKind: the kind's `parse` raised.
        """
        observation: Observation = guarded("parse raised", lambda: self.kind.parse(self.spec, self.answers))
        return observation

    def blocked(self, outcome: BlockedOutcome, reason: str) -> Blocked:
        """There can be no change, and why."""
        return Blocked(address=self.address, outcome=outcome, reason=reason, origin=self.origin)


def guarded(what: str, call: Callable[[], T]) -> T:
    """Call into a kind. One kind's defect must not cost the plan of all the others.

    Raises:
        BrokenKind: the kind raised anything else than Impossible.
        Impossible: the kind knows no steps; says why.
    """
    try:
        return call()
    except Impossible:
        raise
    except Exception as error:
        said = " ".join(str(error).split())[:200]
        raise BrokenKind(f"{what} {type(error).__name__}: {said}") from error


def object_change(
    case: Case, action: Action, reason: Reason, observed: Present | Absent, wanted: State | None
) -> Change:
    """A change of the object itself; `wanted` is None for a deletion.

    Raises:
        BrokenKind: the kind gave no steps for it.
        Impossible: there are none, as the kind says.
    """
    before = observed.state if isinstance(observed, Present) else None
    changed = differing(wanted or {}, before or {})
    difference = Difference(action, observed, wanted or {}, changed, case.answers)
    steps = guarded("steps raised", lambda: tuple(case.kind.steps(case.spec, difference)))
    waiting = guarded("waits raised", lambda: case.kind.waits(case.spec, case.answers))
    if not steps:
        raise BrokenKind(f"no steps to {action} it ({', '.join(sorted(changed)) or 'no field differs'})")
    return _change(case, action, reason, observed, wanted).model_copy(
        update={"fields": field_changes(before, wanted), "steps": steps, "waiting": waiting}
    )


def ledger_change(
    case: Case, action: Action, reason: Reason, observed: Present | Absent, wanted: State | None = None
) -> Change:
    """A change of the ledger alone: to adopt what is as wanted, or to forget."""
    return _change(case, action, reason, observed, wanted)


def _change(
    case: Case, action: Action, reason: Reason, observed: Present | Absent, wanted: State | None
) -> Change:
    # Forgetting does not depend on the object, so that is not read again.
    reads = () if action is Action.FORGET else guarded("observe raised", lambda: case.kind.observe(case.spec))
    return Change(
        address=case.address,
        action=action,
        reason=reason,
        spec=spec_to_json(case.spec),
        before=observed.state if isinstance(observed, Present) else None,
        after=wanted,
        precondition=observed,
        reads=tuple(reads),
        steps=(),
        origin=case.origin,
        revision=case.revision,
        protected=case.protected,
    )
