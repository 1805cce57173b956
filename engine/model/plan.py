"""The plan: what would change, why, by which steps, and what must still be true when they run.

This is a public, versioned format. Apply walks it without the manifests; every view for people is drawn
from it and from nothing else.
"""

from __future__ import annotations

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, JsonValue

from engine.model.address import Address
from engine.model.base import FieldValue, Frozen, State
from engine.model.observation import Absent, Present
from engine.model.query import Query
from engine.model.step import Step

FORMAT_VERSION = "2.0"  # 2: files that are sent are told by their path in the manifests folder
_VERSION = re.compile(r"[0-9]{1,4}\.[0-9]{1,4}", re.ASCII)


def _known_version(version: str) -> str:
    if not _VERSION.fullmatch(version):
        raise ValueError("its format_version is no version of the format")
    major, minor = map(int, version.split("."))
    known_major, known_minor = map(int, FORMAT_VERSION.split("."))
    if (major, minor) > (known_major, known_minor):
        raise ValueError(f"it was made by a newer Rollcall (plan format {version}); make the plan again here")
    if major != known_major:
        raise ValueError(
            f"it was made by an older Rollcall (plan format {version}); make the plan again here"
        )
    return version


class Action(StrEnum):
    """What happens to a resource."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    DELETE = "delete"
    ADOPT = "adopt"  # it matches already; only the ledger is written
    FORGET = "forget"  # only the ledger entry is removed


class Reason(StrEnum):
    """Why a change is planned: explains, never decides."""

    NOT_ON_HOST = "not on the host"
    DIFFERS = "the manifest changed, or it was never applied"
    DRIFTED = "changed on the host since the last apply"
    DECLARED_ABSENT = "declared absent"
    NO_LONGER_DECLARED = "no longer declared"
    KEPT = "no longer declared, but people have changed it or others may need it: it stays"
    FOUND_MATCHING = "found on the host as declared, not managed before"
    FOUND_DIFFERENT = "found on the host, not managed before, and differs"
    PROTECTION_CHANGED = "its protection changed"
    ENTRY_OUT_OF_DATE = "as declared, but what the host's ledger remembers of it is out of date"
    DECLARED_FORGET = "declared forget"
    CANNOT_CHANGE_IN_PLACE = "Windows cannot change this in place"
    FOUND_UNCHANGEABLE = "found on the host, not managed before, and Windows cannot change this in place"


class FieldChange(Frozen):
    """One field's difference. `diff` is a unified diff where the field is a text."""

    field: str
    before: FieldValue = None
    after: FieldValue = None
    diff: str | None = None


class Change(Frozen):
    """One resource's change with everything that apply needs."""

    address: Address
    action: Action
    reason: Reason
    spec: dict[str, JsonValue]  # the kind's spec, to read the object again by
    fields: tuple[FieldChange, ...] = ()
    before: State | None = None  # None: absent
    after: State | None = None
    precondition: Annotated[Present | Absent, Field(discriminator="type")]
    reads: tuple[Query, ...]  # how to observe it again
    steps: tuple[Step, ...]
    needs: tuple[Address, ...] = ()  # changes of this plan that must succeed first
    follows: tuple[Address, ...] = ()  # changes of this plan that must have ended first
    waiting: str = ""  # why it will be deferred if nothing happens on the host until its turn has come
    origin: str = ""  # file:line:column of the declaration
    revision: str = ""
    protected: bool = False


BlockedOutcome = Literal["unknown", "refused", "conflict", "needs", "broken"]


class Blocked(Frozen):
    """A resource that cannot be planned, and why: unread state, no such account, protection.

    `broken` means that its kind does not keep its contract: a defect of Rollcall, not of the host.
    """

    address: Address
    outcome: BlockedOutcome
    reason: str
    origin: str = ""


class HostStatus(StrEnum):
    READ = "read"
    UNREACHABLE = "unreachable"  # off, in a bag, no network: pending work, not a failure
    FAILED = "failed"  # it answered, but not as it should: password, certificate, protocol


class HostPlan(Frozen):
    """How reading one host went."""

    host: str
    school: str
    status: HostStatus
    error: str = ""  # one line: host, step, cause
    unchanged: int = 0  # resources that are as declared
    pending_reboot: bool = False


class Plan(Frozen):
    """Changes in an order in which each follows what it needs."""

    format_version: Annotated[str, AfterValidator(_known_version)] = FORMAT_VERSION
    created: datetime
    revision: str  # of the manifests: a git commit, or the digest of the files
    target: str  # "live", or "rehearsal"
    hosts: tuple[HostPlan, ...]
    changes: tuple[Change, ...]
    blocked: tuple[Blocked, ...] = ()
