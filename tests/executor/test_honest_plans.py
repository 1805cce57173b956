"""What the planner makes of every kind's cases passes the checks of apply, also after a stay in a file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.executor.check import check, objection
from engine.kinds.table import KINDS, spec_to_json
from engine.model.address import Address
from engine.model.ledger import LedgerEntry
from engine.model.observation import Present
from engine.model.plan import Action, Change, Plan
from engine.model.query import Answers
from engine.model.resource import Spec
from engine.planner.changes import Case
from engine.planner.decide import decide_declared, decide_orphan
from tests.support.kind_cases import FILES, load

NOW = datetime(2026, 9, 1, tzinfo=UTC)


def _changes(path: Path) -> Iterator[tuple[Change, Spec, Answers]]:
    """All changes that a case can lead to: declared, declared absent, and no longer declared."""
    case = load(path)
    kind = case.kind
    address = Address.of("dundalk-hs", "SRV", kind.name, kind.identity(case.spec))
    remembered = kind.remembered(case.spec)
    entry = LedgerEntry(
        address=address, spec=spec_to_json(remembered), digest="", revision="r", run="1", applied=NOW
    )
    declared = Case(address, case.spec, kind, case.answers, None, "r")
    orphan = Case(address, remembered, kind, case.answers, entry, "r")
    decisions = (
        (case.spec, decide_declared(declared)),
        (case.spec, decide_declared(declared, absent=True)),
        (remembered, decide_orphan(orphan)),
    )
    for spec, decision in decisions:
        if isinstance(decision, Change):
            yield decision, spec, case.answers


def _from_file(change: Change) -> Change:
    plan = Plan(created=NOW, revision="r", target="live", hosts=(), changes=(change,))
    saved = Plan.model_validate_json(plan.model_dump_json())
    check(saved, KINDS)
    return saved.changes[0]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_nothing_speaks_against_an_honest_change(path: Path) -> None:
    for change, spec, answers in _changes(path):
        saved = _from_file(change)
        kind = KINDS[saved.address.kind]

        assert kind.spec.model_validate(saved.spec) == spec
        assert objection(saved, kind, spec, saved.precondition, answers) is None


def test_every_kind_and_action_is_among_them() -> None:
    seen = {(change.address.kind, change.action) for path in FILES for change, _, _ in _changes(path)}
    actions = {kind: {action for each, action in seen if each == kind} for kind in KINDS}

    assert {Action.UPDATE, Action.REPLACE, Action.CREATE, Action.DELETE} <= {action for _, action in seen}
    assert all(Action.ADOPT in found for found in actions.values())
    assert all(found & {Action.DELETE, Action.FORGET} for found in actions.values())


def test_a_step_more_is_spoken_against_whatever_the_kind() -> None:
    for path in FILES:
        for change, spec, answers in _changes(path):
            if change.steps and isinstance(change.precondition, Present):
                more = change.model_copy(update={"steps": (*change.steps, *change.steps)})
                assert objection(more, KINDS[change.address.kind], spec, change.precondition, answers)
