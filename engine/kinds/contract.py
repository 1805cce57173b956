"""What a kind must, may and should provide.

A kind turns a spec into questions, answers into an observation, and a difference into steps. All of it is
pure: the same arguments give the same result, and nothing is read or written.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Generic, TypeVar

from pydantic import ConfigDict

from engine.model.base import Frozen, State
from engine.model.observation import Absent, Observation, Present, Unknown
from engine.model.plan import Action
from engine.model.query import Answers, Query
from engine.model.resource import Spec
from engine.model.step import Step

S = TypeVar("S", bound=Spec)
T = TypeVar("T")


class Part(Frozen):
    """Base of what a spec is made of. The docstring under each field is its description in the reference."""

    model_config = ConfigDict(use_attribute_docstrings=True)


@dataclass(frozen=True, slots=True)
class United:
    """Marks a list of a spec, in its annotation: a nearer declaration adds to it instead of replacing it."""


@dataclass(frozen=True, slots=True)
class Essential:
    """Marks a field of a spec, in its annotation: what is to be there cannot do without it.

    Its default is None, since what is not to be there is told by its identity alone.
    """


class Impossible(Exception):
    """There are no steps that lead to what is wanted; the message is a reason for people, in one line."""


def essential(value: T | None, field: str) -> T:
    """The value of an `Essential` field.

    Raises:
        Impossible: it is not declared. The compiler refuses such a declaration, so only a plan or a ledger
            that somebody has changed leads here.
    """
    if value is None:
        raise Impossible(f"its {field} is not declared")
    return value


class Removal(Enum):
    """What becomes of a resource whose declaration was deleted from the manifest."""

    DELETE = "delete"
    FORGET = "forget"  # the thing holds people's data: it stays


@dataclass(frozen=True, slots=True)
class Difference:
    """What a kind gets to make steps from.

    For CREATE `observed` is Absent; for UPDATE and REPLACE `changed` names the fields that differ; for
    DELETE `wanted` is empty.
    """

    action: Action
    observed: Present | Absent
    wanted: State
    changed: frozenset[str]
    answers: Answers  # all that was read of the host for this resource, for example resolved accounts


@dataclass(frozen=True, slots=True)
class Dependency:
    """An edge that a kind implies: to the resource of this kind and name on the same host, if declared.

    With `gone` that resource has to be gone first, instead of there.
    """

    kind: str
    name: str
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Derived:
    """A resource that another one brings along unless it is declared, such as a share's folder."""

    kind: str
    spec: Spec


@dataclass(frozen=True, slots=True)
class Kind(Generic[S]):
    """One kind. Build it in the kind's own file and list it in `table.py`.

    - `identity(spec)` MUST give the resource's name: what Windows itself tells two objects apart by.
    - `observe(spec)` MUST give every question whose answer `parse`, `wanted` or `steps` look at.
    - `parse(spec, answers)` MUST give `Absent` only when the host said so; anything else is `Unknown`.
    - `wanted(spec, answers)` MUST give only fields that the spec declares, in the same canonical form as
      `parse`, so that equal means equal to Windows. `Unknown` when an account cannot be resolved. It may
      depend on the answers (the host's spelling of a name, entries that are to stay), but what it gives MUST
      be what the steps bring about: the object is read again after them and compared with it.
    - `steps(spec, difference)` MUST bring the object to `wanted`, or remove it, and touch nothing else. It
      may raise `Impossible`: then the resource is refused with that reason, and nothing is done.
    - `replaces(spec, fields)` SHOULD say whether these fields can only change by removing and creating anew.
    - `dependencies` and `derived` MAY name what it stands on.
    - `remembered(spec)` MAY give a smaller spec of the same identity for the ledger: enough to observe the
      resource and to remove it when it is no longer declared.
    - `keeps(spec, observed)` MAY say, where `removal` is DELETE, that this very object is not to be deleted
      but forgotten, for example a file that people have changed. `spec` is the remembered one. It is not
      asked for a resource that is declared absent.
    - `watches(spec)` MAY give the questions, among those of `observe`, that tell if a change has to wait, for
      example for a program that somebody is working with; `waits(spec, answers)` then gives the reason, or
      an empty text. Such a change is planned, with its reason. When its turn comes it is deferred if it
      still has to wait: before its first step, and before every program that it runs.
    """

    name: str
    spec: type[S]
    removal: Removal
    identity: Callable[[S], str]
    observe: Callable[[S], tuple[Query, ...]]
    parse: Callable[[S, Answers], Observation]
    wanted: Callable[[S, Answers], State | Unknown]
    steps: Callable[[S, Difference], tuple[Step, ...]]
    replaces: Callable[[S, frozenset[str]], bool] = lambda _spec, _fields: False
    dependencies: Callable[[S], tuple[Dependency, ...]] = lambda _spec: ()
    derived: Callable[[S], tuple[Derived, ...]] = lambda _spec: ()
    remembered: Callable[[S], S] = lambda spec: spec
    keeps: Callable[[S, State], bool] = lambda _spec, _observed: False
    watches: Callable[[S], tuple[Query, ...]] = lambda _spec: ()
    waits: Callable[[S, Answers], str] = lambda _spec, _answers: ""
