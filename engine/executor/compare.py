"""An object's observation against what a change expects of it, before and after."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

from engine.model.base import FieldValue, State
from engine.model.observation import Absent, Observation, Present, Unknown
from engine.model.plan import Action, Change
from engine.model.words import quoted

_SHOWN = 60  # characters of one value in a message
_MANY = 3  # fields in a message


class Standing(Enum):
    """Where an object stands before its change."""

    AS_PLANNED = "as it was when the plan was made"
    AS_WANTED = "already as the change would make it"
    MOVED_ON = "neither"


def standing(change: Change, observed: Present | Absent) -> Standing:
    """Compare what is there now with the plan's observation and with what is wanted."""
    if observed == change.precondition:
        return Standing.AS_PLANNED
    return Standing.AS_WANTED if shortfall(change, observed) is None else Standing.MOVED_ON


def shortfall(change: Change, observed: Observation) -> str | None:
    """What is still not as the change would have it, in one line; None if nothing is."""
    if isinstance(observed, Unknown):
        return f"it could not be read again: {observed.reason}"
    if change.action is Action.DELETE:
        return None if isinstance(observed, Absent) else "it is still there"
    if isinstance(observed, Absent):
        return "it is not there"
    wanted = change.after or {}
    names = [name for name, value in wanted.items() if observed.state.get(name) != value]
    if not names:
        return None
    return _listed(
        f"{name} is {_shown(observed.state.get(name))}, not {_shown(wanted[name])}" for name in sorted(names)
    )


def moved_on(change: Change, observed: Present | Absent) -> str:
    """How the object differs from the plan's observation, in one line."""
    planned = change.precondition
    if isinstance(planned, Absent) or isinstance(observed, Absent):
        was = "was not there and is now" if isinstance(planned, Absent) else "was there and is not now"
        return f"changed on the host since the plan was made: it {was}"
    return "changed on the host since the plan was made: " + _listed(
        f"{name} was {_shown(planned.state.get(name))}, is {_shown(observed.state.get(name))}"
        for name in _differing(planned.state, observed.state)
    )


def _differing(one: State, other: State) -> Iterable[str]:
    return sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))


def _listed(parts: Iterable[str]) -> str:
    all_parts = list(parts)
    more = len(all_parts) - _MANY
    return "; ".join(all_parts[:_MANY]) + (f"; and {more} more" if more > 0 else "")


def _shown(value: FieldValue) -> str:
    text = value if isinstance(value, str) else repr(value)
    line = " ".join(text.split())
    shown = line if len(line) <= _SHOWN else line[: _SHOWN - 1] + "…"
    return quoted(shown) if isinstance(value, str) else line
