"""Whether a plan, which may come from a file, is one that Rollcall made and can walk. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.kinds.contract import Difference, Impossible, Kind
from engine.model.address import Address
from engine.model.base import State
from engine.model.fields import differing, field_changes
from engine.model.observation import Absent, Present, Unknown
from engine.model.plan import Action, Change, Plan
from engine.model.query import Answers
from engine.model.resource import Spec

_LEDGER_ONLY = frozenset({Action.ADOPT, Action.FORGET})
_REMOVING = frozenset({Action.DELETE, Action.FORGET})
# What must be there before: a create finds nothing, and what is forgotten may be there or not.
_FINDS = {
    Action.CREATE: Absent,
    Action.UPDATE: Present,
    Action.REPLACE: Present,
    Action.DELETE: Present,
    Action.ADOPT: Present,
}


class UnsoundPlan(Exception):
    """A plan that cannot be walked; no host was spoken to. `str()` says what is wrong with it."""


def check(plan: Plan, kinds: Mapping[str, Kind[Spec]]) -> None:
    """Make sure that a plan can be walked to its end, and that it is what a planner makes.

    A plan is approved by its drawing. So what a drawing shows must be what the change holds: its name and
    fields follow from its spec and states, and the object is read by its kind's own questions. The steps
    cannot be judged without the host's answers; `objection` does that when the change's turn has come.

    Raises:
        UnsoundPlan: changes wait for later or unknown ones, a spec does not fit its kind, or a part of a
            change does not follow from the others.
    """
    earlier: set[Address] = set()
    for change in plan.changes:
        if change.address in earlier:
            raise UnsoundPlan(f"{change.address} is in the plan twice")
        late = [address for address in (*change.needs, *change.follows) if address not in earlier]
        if late:
            raise UnsoundPlan(f"{change.address} waits for {late[0]}, which does not come before it")
        earlier.add(change.address)
        _check_change(change, kinds)


def _check_change(change: Change, kinds: Mapping[str, Kind[Spec]]) -> None:
    kind = kinds.get(change.address.kind)
    if kind is None:
        raise UnsoundPlan(f"{change.address}: this Rollcall knows no kind {change.address.kind}")
    try:
        spec: Spec = kind.spec.model_validate(change.spec)
    except ValueError as error:
        raise UnsoundPlan(f"{change.address}: its spec does not fit the kind {kind.name}") from error
    for part, holds in _RULES.items():
        if not holds(change, kind, spec):
            raise UnsoundPlan(f"{change.address}: {part}: the plan file was changed, or is another version's")


def _has_its_name(change: Change, kind: Kind[Spec], spec: Spec) -> bool:
    return change.address.name.casefold() == kind.identity(spec).casefold()


def _asks_its_questions(change: Change, kind: Kind[Spec], spec: Spec) -> bool:
    return change.reads == (() if change.action is Action.FORGET else tuple(kind.observe(spec)))


def _fits_its_action(change: Change, _kind: Kind[Spec], _spec: Spec) -> bool:
    found = _FINDS.get(change.action, object)
    return isinstance(change.precondition, found) and (change.after is None) == (change.action in _REMOVING)


def _starts_from_its_precondition(change: Change, _kind: Kind[Spec], _spec: Spec) -> bool:
    return change.before == _state(change.precondition)


def _shows_its_fields(change: Change, _kind: Kind[Spec], _spec: Spec) -> bool:
    shown = () if change.action in _LEDGER_ONLY else field_changes(change.before, change.after)
    return change.fields == shown


def _replaces_what_must_be(change: Change, kind: Kind[Spec], spec: Spec) -> bool:
    if change.action not in (Action.UPDATE, Action.REPLACE):
        return True
    changed = differing(change.after or {}, change.before or {})
    return kind.replaces(spec, changed) == (change.action is Action.REPLACE)


def _has_steps_if_any(change: Change, _kind: Kind[Spec], _spec: Spec) -> bool:
    return bool(change.steps) != (change.action in _LEDGER_ONLY)


def _spares_the_protected(change: Change, _kind: Kind[Spec], _spec: Spec) -> bool:
    return not (change.protected and change.action in (Action.DELETE, Action.REPLACE))


_Rule = Callable[[Change, Kind[Spec], Spec], bool]

# What is wrong where a rule does not hold. Each rule relies on those before it.
_RULES: Mapping[str, _Rule] = {
    "its spec is of another resource": _has_its_name,
    "its questions are not those of its kind": _asks_its_questions,
    "its action does not fit its states": _fits_its_action,
    "what was there before is not its precondition": _starts_from_its_precondition,
    "the fields that it shows are not those that it changes": _shows_its_fields,
    "its action is not what its fields ask for": _replaces_what_must_be,
    "its steps do not fit its action": _has_steps_if_any,
    "it removes what is protected": _spares_the_protected,
}


def objection(
    change: Change, kind: Kind[Spec], spec: Spec, observed: Present | Absent, answers: Answers
) -> str | None:
    """Why a change whose precondition holds must not be done all the same; None if nothing speaks against it.

    The kind is asked again, with the fresh answers, for what is wanted and for the steps that lead there. It
    is pure and the object is as it was: what it says differs from the plan only where the plan was tampered
    with, where another version of the kind made it, or where what it rests on, such as the account behind a
    name, is another by now.
    """
    if change.action is Action.FORGET:
        return None
    wanted: State | Unknown = {} if change.action is Action.DELETE else kind.wanted(spec, answers)
    if isinstance(wanted, Unknown):
        return f"what is wanted cannot be told any more: {wanted.reason}"
    if wanted != (change.after or {}):
        return f"what it would make is not what this kind would make: {_CAUSES}"
    if change.action is Action.ADOPT:
        return None
    changed = differing(wanted, _state(observed) or {})
    try:
        steps = tuple(kind.steps(spec, Difference(change.action, observed, wanted, changed, answers)))
    except Impossible as reason:
        return str(reason)
    return None if steps == change.steps else f"its steps are not what this kind would do: {_CAUSES}"


_CAUSES = (
    "the plan file was changed, comes from another version of Rollcall, or what it rests on has changed on "
    "the host; make the plan again"
)


def _state(observed: Present | Absent) -> State | None:
    return observed.state if isinstance(observed, Present) else None
