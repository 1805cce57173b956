"""The ledger's entries on a host."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from pydantic import JsonValue

from engine.kinds.ledger import LEDGER_QUERY, LedgerReading, parse_ledger, remove_entry, write_entry
from engine.kinds.table import KINDS, spec_to_json
from engine.model.address import Address
from engine.model.ledger import LedgerEntry
from engine.model.observation import Unknown
from engine.model.query import Answer, CommandError, PsObject, Reply, Unread
from tests.support.kind_samples import Sample, samples

SCHOOL, HOST = "dundalk-hs", "DHS-SRV01"


def _entry(sample: Sample) -> LedgerEntry:
    kind = KINDS[sample.kind]
    return LedgerEntry(
        address=Address.of(SCHOOL, HOST, sample.kind, kind.identity(sample.spec)),
        spec=spec_to_json(kind.remembered(sample.spec)),
        digest="d" * 64,
        revision="4f2c",
        run="run-1",
        applied=datetime(2026, 9, 1, 7, 0, tzinfo=UTC),
        protected=sample.kind == "share",
    )


def _written(entry: LedgerEntry) -> tuple[str, str]:
    parameters = dict(write_entry(entry).commands[0].parameters)
    name, data = parameters["Name"], parameters["Data"]
    assert isinstance(name, str)
    assert isinstance(data, tuple)
    assert isinstance(data[0], str)
    return name, data[0]


def _value(name: str, data: str, type_: str = "String") -> PsObject:
    return PsObject("", {"KeyExists": True, "ValueExists": True, "Name": name, "Type": type_, "Data": data})


def _parse(answer: Answer) -> LedgerReading | Unknown:
    return parse_ledger(SCHOOL, HOST, {LEDGER_QUERY: answer})


def _reading(*values: PsObject) -> LedgerReading:
    reading = _parse(Reply(values))
    assert isinstance(reading, LedgerReading)
    return reading


def test_what_was_written_is_read_again() -> None:
    entries = [_entry(sample) for sample in samples()]
    reading = _reading(*(_value(*_written(entry)) for entry in entries))
    assert reading.broken == ()
    assert reading.entries == {entry.address: entry for entry in entries}


def test_an_entry_is_removed_under_the_name_it_was_written_under() -> None:
    for sample in samples():
        entry = _entry(sample)
        other_case = Address.of(SCHOOL, HOST, entry.address.kind, entry.address.name.upper())
        removed = dict(remove_entry(other_case).commands[0].parameters)
        assert removed["Name"] == _written(entry)[0]


@pytest.mark.parametrize("exists", [True, False])
def test_no_value_is_an_empty_ledger(exists: bool) -> None:
    nothing = PsObject("", {"KeyExists": exists, "ValueExists": False, "Name": "", "Type": "", "Data": ""})
    assert _reading(nothing) == LedgerReading(entries={})


@pytest.mark.parametrize(
    "answer",
    [
        Unread("the batch stopped"),
        Reply(()),
        Reply((), (CommandError("RollcallRegistryAccessDenied,x", "PermissionDenied", "no", "", "x"),)),
        Reply(("text",)),
        Reply((PsObject("", {"Name": "x"}), 5)),
    ],
)
def test_a_ledger_that_could_not_be_read_is_not_empty(answer: Answer) -> None:
    assert isinstance(_parse(answer), Unknown)


def _broken(change: dict[str, JsonValue]) -> str:
    data = _written(_entry(samples()[0]))[1]
    return json.dumps({**json.loads(data), **change})


@pytest.mark.parametrize(
    "data",
    [
        "",
        "{",
        "[]",
        '{"format": 1}',
        _broken({"format": 2}),
        _broken({"kind": "sorcery"}),
        _broken({"kind": ""}),
        _broken({"name": "D:\\Other"}),
        _broken({"name": ""}),
        _broken({"spec": {"path": "D:\\Windows"}}),
        _broken({"spec": {"path": "..\\x"}}),
        _broken({"applied": "yesterday"}),
        _broken({"more": 1}),
        '"' + "x" * 300_000 + '"',
    ],
    ids=range(14),
)
def test_a_broken_value_is_reported_and_the_others_are_read(data: str) -> None:
    good = _entry(samples()[1])
    name = _written(_entry(samples()[0]))[0]
    reading = _reading(_value(name, data), _value(*_written(good)))
    assert [broken.value_name for broken in reading.broken] == [name]
    assert all(broken.reason for broken in reading.broken)
    assert reading.entries == {good.address: good}


def test_a_value_of_another_type_is_reported() -> None:
    name, data = _written(_entry(samples()[0]))
    assert [each.reason for each in _reading(_value(name, data, "ExpandString")).broken] == ["not a string"]
    assert len(_reading(_value(name, data, "Martian")).broken) == 1


def test_entries_hold_no_more_than_is_needed_later() -> None:
    for sample in samples():
        if sample.kind in ("file", "software"):
            assert "source" not in _written(_entry(sample))[1].replace('"type":"source"', "")
