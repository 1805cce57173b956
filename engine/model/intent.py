"""What a change of the manifests changes: desired against desired, before any host is asked.

This is a public, versioned format. Every view for people is drawn from it and from nothing else.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from engine.model.base import Frozen
from engine.model.plan import FieldChange


class IntentAction(StrEnum):
    """What becomes of a declaration; what a host makes of it, only a plan can say."""

    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


class Where(Frozen):
    """Hosts of one school, sorted by name."""

    school: str
    hosts: tuple[str, ...]


class IntentChange(Frozen):
    """One resource's change, on all hosts that have the very same, wherever it is declared for them.

    `fields` are those of the kind's spec, nested ones with dots, and `state`, `protect`, `needs` and `after`.
    Of a resource that is removed none are named: all of them go.
    """

    action: IntentAction
    kind: str
    name: str
    fields: tuple[FieldChange, ...]
    origins: tuple[str, ...]  # of the declarations, sorted; of a resource that is removed, in the base
    where: tuple[Where, ...]  # sorted by school


class IntentDiff(Frozen):
    """All that differs between two states of the manifests.

    Schools and hosts that come or go are told once, and not with each of their resources.
    """

    format_version: Literal["1.0"] = "1.0"
    base: str  # a commit
    head: str  # a commit, or "working tree"
    schools_added: tuple[Where, ...] = ()
    schools_removed: tuple[Where, ...] = ()
    hosts_added: tuple[Where, ...] = ()  # of schools that are in both
    hosts_removed: tuple[Where, ...] = ()
    schools_whole: tuple[Where, ...] = ()  # with the head's hosts: mistakes of the base hide what they had
    base_mistakes: tuple[str, ...] = ()  # the first of them, `file:line:column: message`
    base_mistakes_count: int = 0
    changes: tuple[IntentChange, ...] = ()  # by kind and name
    same_inputs: int = 0  # schools that were not compiled, since nothing that they are made from differs
    files_differ: int = 0  # manifests, templates and files beside them

    @property
    def empty(self) -> bool:
        """Whether no host's resources change."""
        return not (
            self.schools_added
            or self.schools_removed
            or self.hosts_added
            or self.hosts_removed
            or self.schools_whole
            or self.changes
        )

    @property
    def schools(self) -> tuple[str, ...]:
        """The schools of the head that something changes for, sorted."""
        hosts = (self.schools_added, self.schools_whole, self.hosts_added, self.hosts_removed)
        told = (*hosts, *(change.where for change in self.changes))
        return tuple(sorted({where.school for part in told for where in part}))
