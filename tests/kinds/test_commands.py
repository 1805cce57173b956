"""Every command that a kind, the ledger or a probe sends binds as PowerShell binds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

import engine.kinds
from engine.kinds.ledger import LEDGER_QUERY, remove_entry, write_entry
from engine.kinds.reboot import PENDING_REBOOT_QUERY
from engine.kinds.scripts import functions
from engine.kinds.table import KINDS, spec_to_json
from engine.model.address import Address
from engine.model.command import Command, Statement
from engine.model.ledger import LedgerEntry
from engine.model.query import Ask, Query
from engine.model.step import Invoke
from engine.transport.psrp.grouping import TABLE, alone
from tests.support.kind_cases import FILES, load
from tests.support.kind_samples import samples
from tests.support.signatures import documented, of_function, problems

DOCUMENTED = documented(Path(__file__))
OWN = {name: of_function(text) for name, text in functions().items()}


def _statements() -> Iterator[Statement]:
    yield from _asked((LEDGER_QUERY, PENDING_REBOOT_QUERY))
    for sample in samples():
        kind = KINDS[sample.kind]
        for spec in (sample.spec, kind.remembered(sample.spec), *(each.spec for each in sample.mutations)):
            yield from _asked(kind.observe(spec))
        entry = LedgerEntry(
            address=Address.of("school", "host", sample.kind, kind.identity(sample.spec)),
            spec=spec_to_json(kind.remembered(sample.spec)),
            digest="",
            revision="",
            run="",
            applied=datetime(2026, 9, 1, tzinfo=UTC),
        )
        yield write_entry(entry)
        yield remove_entry(entry.address)
    for path in FILES:
        case = load(path)
        yield from _asked(case.kind.observe(case.spec))
        if isinstance(case.body.get("steps"), list):
            for step in case.steps():
                yield from step.statements if isinstance(step, Invoke) else ()


def _asked(queries: tuple[Query, ...]) -> Iterator[Statement]:
    """As they are sent: in a pipe that makes rows, and with several texts in one parameter."""
    for group in alone(query for query in queries if isinstance(query, Ask)):
        yield group.statement
        together = group.asks[0].together
        if together:
            *_, command = group.asks[0].statement.commands
            both = {n: (str(v), f"{v}") if n == together else v for n, v in command.parameters}
            yield Statement.of(command.name, both)


COMMANDS = sorted({command for statement in _statements() for command in statement.commands}, key=repr)
NAMES = {command.name for command in COMMANDS}


@pytest.mark.parametrize("name", sorted(NAMES - set(OWN)))
def test_cmdlets_bind_as_microsoft_documents_them(name: str) -> None:
    if DOCUMENTED is None:
        pytest.skip("no shared/windows/powershell-cmdlets.json beside the repository")
    signature = DOCUMENTED.commands[name]
    for command in COMMANDS:
        if command.name == name:
            assert problems(command, signature, DOCUMENTED.common) == [], command


@pytest.mark.parametrize("name", sorted(OWN))
def test_functions_bind_to_their_own_parameters(name: str) -> None:
    used = [command for command in COMMANDS if command.name == name]
    assert used, "no kind calls it"
    for command in used:
        assert problems(command, OWN[name]) == [], command


def test_nothing_is_sent_that_was_not_bound_here() -> None:
    """Every `Verb-Noun` that stands in quotes in the kinds' code was seen above."""
    sources = Path(engine.kinds.__file__).parent.glob("*.py")
    quoted = {
        name
        for source in sources
        for name in re.findall(r'"([A-Z][a-z]+-[A-Z]\w+)"', source.read_text(encoding="utf-8"))
    }
    assert quoted == NAMES - {TABLE}


def test_a_cmdlet_and_a_function_never_share_a_name() -> None:
    if DOCUMENTED is None:
        pytest.skip("no shared/windows/powershell-cmdlets.json beside the repository")
    assert not {name.casefold() for name in OWN} & {name.casefold() for name in DOCUMENTED.commands}


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        (Command.of("X", {"Key": "a", "View": 64, "Name": ""}), "mandatory"),
        (Command.of("X", {"Hive": "HKCU", "Key": "a", "View": 64, "Name": ""}), "Hive is no"),
        (Command.of("X", {"Hive": "HKLM", "Key": "a", "View": "64", "Name": ""}), "View is no"),
        (Command.of("X", {"Hive": "HKLM", "Key": "a", "View": 65, "Name": ""}), "View is no"),
        (
            Command.of("X", {"Hive": "HKLM", "Key": "a", "View": 64, "Name": "", "Force": True}),
            "no parameter Force",
        ),
    ],
)
def test_the_check_itself_finds_what_does_not_bind(command: Command, problem: str) -> None:
    found = problems(command, OWN["Remove-RollcallRegistryValue"])
    assert len(found) == 1
    assert problem in found[0]
