r"""The ledger: what Rollcall owns on a host, kept on the host itself.

One string value for each resource under `HKLM\SOFTWARE\Rollcall\Ledger`, named `kind/name` without case, with
an entry as compact JSON. It is written in the same pipeline as the change that it records. Whoever can write
there is an administrator of that host; entries are checked all the same before anything is made of them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from pydantic import AwareDatetime, JsonValue, ValidationError

from engine.kinds.registry import Place, Stored, key_query, remove_statement, set_statement, stored
from engine.kinds.replies import Unreadable, asked, objects, text
from engine.kinds.table import KINDS, SpecError, spec_from_json, spec_to_json
from engine.model.base import Frozen, State
from engine.model.command import Statement
from engine.model.observation import Unknown
from engine.model.query import Answers, Ask, PsObject
from engine.model.resource import Spec
from engine.model.step import Invoke, Step

_HIVE = "HKLM"
_KEY = r"SOFTWARE\Rollcall\Ledger"
_FORMAT = 1
_ENTRY_LIMIT = 256 * 1024  # characters of one entry that are looked at

LEDGER_QUERY: Ask = key_query(_HIVE, _KEY)


class LedgerEntry(Frozen):
    """One owned resource."""

    format: int = _FORMAT
    kind: str
    name: str  # as `Kind.identity` gave it
    digest: str  # of the state that was wanted when it was last applied: `state_digest`
    revision: str  # of the manifests
    run: str  # the apply that wrote it
    time: AwareDatetime  # when, in UTC
    protected: bool = False
    spec: dict[str, JsonValue]  # the kind's `remembered` spec: to observe it by, and to remove it


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """A value of the ledger that cannot be understood: it is reported and left alone."""

    value_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class Ledger:
    """All entries of a host by their value's name (see `entry_key`), and the values that are none."""

    entries: Mapping[str, LedgerEntry]
    broken: tuple[BrokenEntry, ...] = ()

    def find(self, kind: str, name: str) -> LedgerEntry | None:
        return self.entries.get(entry_key(kind, name))


def entry_key(kind: str, name: str) -> str:
    """The name of an entry's value: Windows compares names of resources and values without case."""
    return f"{kind}/{name}".casefold()


def state_digest(state: State) -> str:
    """SHA-256 (hex) of a canonical state, the same for equal states."""
    canonical = json.dumps(state, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


def new_entry(
    kind: str, spec: Spec, wanted: State, *, revision: str, run: str, time: datetime, protected: bool
) -> LedgerEntry:
    """The entry for a resource that is as wanted."""
    owner = KINDS[kind]
    return LedgerEntry(
        kind=kind,
        name=owner.identity(spec),
        digest=state_digest(wanted),
        revision=revision,
        run=run,
        time=time,
        protected=protected,
        spec=spec_to_json(owner.remembered(spec)),
    )


def write_entry(entry: LedgerEntry) -> Statement:
    """The statement that records an entry."""
    data = json.dumps(entry.model_dump(mode="json"), separators=(",", ":"))
    return set_statement(_place(entry.kind, entry.name), "string", data)


def remove_entry(kind: str, name: str) -> Statement:
    """The statement that ends the ownership of a resource; an entry that is gone already is no error."""
    return remove_statement(_place(kind, name))


def _place(kind: str, name: str) -> Place:
    return Place(hive=_HIVE, subkey=_KEY, name=entry_key(kind, name))


def recorded_with(steps: Iterable[Step], statement: Statement) -> tuple[Step, ...]:
    """The steps with a ledger statement after them: in the last one's pipeline, if it is a pipeline."""
    before = tuple(steps)
    match before:
        case (*others, Invoke(statements=statements)):
            return (*others, Invoke(statements=(*statements, statement)))
        case _:
            return (*before, Invoke(statements=(statement,)))


def parse_ledger(answers: Answers) -> Ledger | Unknown:
    """All entries of a host; `Unknown` if the ledger could not be read. No key is an empty ledger."""
    try:
        found = objects(answers, LEDGER_QUERY)
        if not found:
            raise Unreadable(f"{asked(LEDGER_QUERY)}: an empty answer")
        read = [_value(each) for each in found]
    except Unreadable as problem:
        return Unknown(reason=f"ledger: {problem}")
    entries = {entry_key(each.kind, each.name): each for each in read if isinstance(each, LedgerEntry)}
    broken = tuple(each for each in read if isinstance(each, BrokenEntry))
    return Ledger(entries=MappingProxyType(entries), broken=broken)


def _value(found: PsObject) -> LedgerEntry | BrokenEntry | None:
    name = text(found, "Name")
    try:
        value = stored(found)
    except Unreadable as problem:
        return BrokenEntry(name, str(problem))
    match value:
        case None:
            return None
        case Stored(type="string", data=str(data)):
            return _entry(name, data)
        case Stored():
            return BrokenEntry(name, "not a string")


def _entry(value_name: str, data: str) -> LedgerEntry | BrokenEntry:
    if len(data) > _ENTRY_LIMIT:
        return BrokenEntry(value_name, "too long for an entry")
    try:
        entry = LedgerEntry.model_validate_json(data)
    except ValidationError as problem:
        return BrokenEntry(value_name, f"not an entry: {problem.errors(include_url=False)[0]['msg']}")
    if entry.format != _FORMAT:
        return BrokenEntry(value_name, f"written in format {entry.format} by another version of Rollcall")
    if value_name.casefold() != entry_key(entry.kind, entry.name):
        return BrokenEntry(value_name, "holds the entry of another resource")
    try:
        spec = spec_from_json(entry.kind, entry.spec)
    except SpecError as problem:
        return BrokenEntry(value_name, str(problem))
    if entry_key(entry.kind, KINDS[entry.kind].identity(spec)) != entry_key(entry.kind, entry.name):
        return BrokenEntry(value_name, "its spec is of another resource")
    return entry
