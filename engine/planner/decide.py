"""What is to happen to one resource, given what its host said."""

from __future__ import annotations

from engine.kinds.contract import Impossible, Removal
from engine.model.base import State
from engine.model.fields import differing
from engine.model.ledger import LedgerEntry, digest_of
from engine.model.observation import Absent, Present, Unknown
from engine.model.plan import Action, Blocked, Change, Reason
from engine.model.resource import Spec
from engine.planner.changes import BrokenKind, Case, guarded, ledger_change, object_change

_PROTECTED = "it is protected; declare it with protected: false and apply that first"

Decision = Change | Blocked | None  # None: as declared


def decide_declared(case: Case, *, absent: bool = False, forget: bool = False) -> Decision:
    """The change of a declared resource, or why there can be none."""
    try:
        if forget:
            return _forget(case)
        observed = case.observe()
        if isinstance(observed, Unknown):
            return case.blocked("unknown", observed.reason)
        if absent:
            return _remove(case, observed, Reason.DECLARED_ABSENT)
        return _want(case, observed)
    except Impossible as reason:
        return case.blocked("refused", str(reason))
    except BrokenKind as error:
        return _broken(case, error)


def decide_orphan(case: Case) -> Decision:
    """The change of a resource that is in the ledger and that no manifest declares any more."""
    try:
        if case.kind.removal is Removal.FORGET:
            return ledger_change(case, Action.FORGET, Reason.NO_LONGER_DECLARED, Absent())
        observed = case.observe()
        if isinstance(observed, Unknown):
            return case.blocked("unknown", observed.reason)
        if isinstance(observed, Present) and _is_kept(case, observed.state):
            return ledger_change(case, Action.FORGET, Reason.KEPT, observed)
        return _remove(case, observed, Reason.NO_LONGER_DECLARED)
    except Impossible as reason:
        return case.blocked("refused", str(reason))
    except BrokenKind as error:
        return _broken(case, error)


def _is_kept(case: Case, observed: State) -> bool:
    return guarded("keeps raised", lambda: case.kind.keeps(case.spec, observed))


def _broken(case: Case, error: BrokenKind) -> Blocked:
    return case.blocked("broken", f"the kind {case.kind.name} does not keep its contract: {error}")


def _forget(case: Case) -> Change | None:
    if case.entry is None:
        return None
    return ledger_change(case, Action.FORGET, Reason.DECLARED_FORGET, Absent())


def _remove(case: Case, observed: Present | Absent, reason: Reason) -> Decision:
    if isinstance(observed, Absent):
        return None if case.entry is None else ledger_change(case, Action.FORGET, reason, observed)
    if _is_protected(case):
        return case.blocked("refused", f"{reason}, but {_PROTECTED}")
    return object_change(case, Action.DELETE, reason, observed, None)


def _is_protected(case: Case) -> bool:
    """Protection outlives the text that declared it, so the ledger is asked as well as the manifest."""
    return case.protected or (case.entry is not None and case.entry.protected)


def _want(case: Case, observed: Present | Absent) -> Decision:
    wanted: State | Unknown = guarded("wanted raised", lambda: case.kind.wanted(case.spec, case.answers))
    if isinstance(wanted, Unknown):
        return case.blocked("unknown", wanted.reason)
    if isinstance(observed, Present):
        return _compare(case, observed, wanted)
    reason = Reason.DRIFTED if _was_applied(case.entry, wanted) else Reason.NOT_ON_HOST
    return object_change(case, Action.CREATE, reason, observed, wanted)


def _compare(case: Case, observed: Present, wanted: State) -> Decision:
    unread = sorted(set(wanted) - set(observed.state))
    if unread:
        raise BrokenKind(f"parse does not give the wanted fields {', '.join(unread)}")
    changed = differing(wanted, observed.state)
    if not changed:
        return _matching(case, observed, wanted)
    if not guarded("replaces raised", lambda: case.kind.replaces(case.spec, changed)):
        return object_change(case, Action.UPDATE, _why(case.entry, wanted), observed, wanted)
    if _is_protected(case):
        return case.blocked(
            "refused", f"to change {', '.join(sorted(changed))} it is made anew, but {_PROTECTED}"
        )
    reason = Reason.FOUND_UNCHANGEABLE if case.entry is None else Reason.CANNOT_CHANGE_IN_PLACE
    return object_change(case, Action.REPLACE, reason, observed, wanted)


def _matching(case: Case, observed: Present, wanted: State) -> Change | None:
    if case.entry is None:
        return ledger_change(case, Action.ADOPT, Reason.FOUND_MATCHING, observed, wanted)
    if case.entry.protected != case.protected:
        return ledger_change(case, Action.ADOPT, Reason.PROTECTION_CHANGED, observed, wanted)
    if not _is_up_to_date(case, case.entry):
        return ledger_change(case, Action.ADOPT, Reason.ENTRY_OUT_OF_DATE, observed, wanted)
    return None


def _is_up_to_date(case: Case, entry: LedgerEntry) -> bool:
    """Whether the entry holds what would be remembered now: a removal goes by it when the text is gone.

    Both are compared as this Rollcall reads them, so that a field that an older one did not know, and that
    has its default value, is no difference.
    """
    remembered: Spec = guarded("remembered raised", lambda: case.kind.remembered(case.spec))
    try:
        return case.kind.spec.model_validate(entry.spec) == remembered
    except ValueError:
        return False


def _why(entry: LedgerEntry | None, wanted: State) -> Reason:
    if entry is None:
        return Reason.FOUND_DIFFERENT
    return Reason.DRIFTED if _was_applied(entry, wanted) else Reason.DIFFERS


def _was_applied(entry: LedgerEntry | None, wanted: State) -> bool:
    return entry is not None and entry.digest == digest_of(wanted)
