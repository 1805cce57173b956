r"""The ledger as it is stored on a host: one string value for each resource that Rollcall owns there.

The values stand under `HKLM\SOFTWARE\Rollcall\Ledger` and are named `kind/name` without case; each holds an
entry as compact JSON. Whoever can write there is an administrator of that host; entries are checked all the
same before anything is made of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from pydantic import AwareDatetime, Field, JsonValue, ValidationError

from engine.kinds.registry import Place, Stored, key_query, remove_statement, set_statement, stored
from engine.kinds.replies import Unreadable, asked, objects, text
from engine.kinds.table import KINDS, SpecError, spec_from_json
from engine.model.address import Address
from engine.model.base import Frozen
from engine.model.command import Statement
from engine.model.ledger import Ledger, LedgerEntry
from engine.model.observation import Unknown
from engine.model.query import Answers, Ask, PsObject

_HIVE = "HKLM"
_KEY = r"SOFTWARE\Rollcall\Ledger"
_FORMAT = 1
_LIMIT = 256 * 1024  # characters of one value that are looked at

LEDGER_QUERY: Ask = key_query(_HIVE, _KEY)


class _Line(Frozen):
    """An entry as it is stored. School and host are not in it: the machine may be renamed or move."""

    format: int
    kind: str = Field(min_length=1)
    name: str = Field(min_length=1)
    digest: str
    revision: str
    run: str
    applied: AwareDatetime
    protected: bool
    spec: dict[str, JsonValue]


@dataclass(frozen=True, slots=True)
class BrokenEntry:
    """A value of the ledger that cannot be understood: it is reported and left alone."""

    value_name: str
    reason: str


@dataclass(frozen=True, slots=True)
class LedgerReading:
    """All entries of a host by address, and the values that are none."""

    entries: Ledger
    broken: tuple[BrokenEntry, ...] = ()


def value_name(kind: str, name: str) -> str:
    """The name of an entry's value: Windows compares names of resources and values without case."""
    return f"{kind}/{name}".casefold()


def write_entry(entry: LedgerEntry) -> Statement:
    """The statement that records an entry, in place of an older one of the same resource."""
    line = _Line(
        format=_FORMAT,
        kind=entry.address.kind,
        name=entry.address.name,
        digest=entry.digest,
        revision=entry.revision,
        run=entry.run,
        applied=entry.applied,
        protected=entry.protected,
        spec=entry.spec,
    )
    data = json.dumps(line.model_dump(mode="json"), separators=(",", ":"))
    return set_statement(_place(entry.address), "string", data)


def remove_entry(address: Address) -> Statement:
    """The statement that ends the ownership of a resource; an entry that is gone already is no error."""
    return remove_statement(_place(address))


def _place(address: Address) -> Place:
    return Place(hive=_HIVE, subkey=_KEY, name=value_name(address.kind, address.name))


def parse_ledger(school: str, host: str, answers: Answers) -> LedgerReading | Unknown:
    """All entries of a host; `Unknown` if the ledger could not be read. No such key is an empty ledger."""
    try:
        found = objects(answers, LEDGER_QUERY)
        if not found:
            raise Unreadable(f"{asked(LEDGER_QUERY)}: an empty answer")
        read = [_value(each) for each in found]
    except Unreadable as problem:
        return Unknown(reason=f"ledger: {problem}")
    entries = [_entry(school, host, line) for line in read if isinstance(line, _Line)]
    return LedgerReading(
        entries={entry.address: entry for entry in entries},
        broken=tuple(each for each in read if isinstance(each, BrokenEntry)),
    )


def _entry(school: str, host: str, line: _Line) -> LedgerEntry:
    return LedgerEntry(
        address=Address.of(school, host, line.kind, line.name),
        spec=line.spec,
        digest=line.digest,
        revision=line.revision,
        run=line.run,
        applied=line.applied,
        protected=line.protected,
    )


def _value(found: PsObject) -> _Line | BrokenEntry | None:
    name = text(found, "Name")
    try:
        value = stored(found)
    except Unreadable as problem:
        return BrokenEntry(name, str(problem))
    match value:
        case None:
            return None
        case Stored(type="string", data=str(data)):
            line = _line(name, data)
            return BrokenEntry(name, line) if isinstance(line, str) else line
        case Stored():
            return BrokenEntry(name, "not a string")


def _line(name: str, data: str) -> _Line | str:
    """The entry, or what is wrong with it."""
    if len(data) > _LIMIT:
        return "too long for an entry"
    try:
        line = _Line.model_validate_json(data)
        spec = spec_from_json(line.kind, line.spec)
    except ValidationError as problem:
        return f"not an entry: {problem.errors(include_url=False)[0]['msg']}"
    except SpecError as problem:
        return str(problem)
    if line.format != _FORMAT:
        return f"written in format {line.format} by another version of Rollcall"
    own = value_name(line.kind, line.name)
    if name.casefold() != own or value_name(line.kind, KINDS[line.kind].identity(spec)) != own:
        return "holds the entry of another resource"
    return line
