"""What is not to be there is told by its identity alone: reading and removing it need no more."""

from __future__ import annotations

import pytest

from engine.kinds.contract import Difference, Essential, Impossible
from engine.kinds.table import KINDS, SPECS
from engine.model.observation import Absent, Present
from engine.model.plan import Action
from engine.model.resource import Spec

WHOLE: dict[str, dict[str, object]] = {
    "share": {"name": "Old", "path": r"D:\Old"},
    "printer": {"name": "Old", "driver": "Generic", "port": "IP_1"},
    "printer_port": {"name": "IP_1", "address": "10.0.0.1"},
    "registry_value": {"key": r"HKLM\SOFTWARE\Old", "name": "X", "type": "dword", "data": 1},
}


def essential_fields(kind: str) -> frozenset[str]:
    return frozenset(
        name
        for name, field in SPECS[kind].model_fields.items()
        if any(isinstance(mark, Essential) for mark in field.metadata)
    )


def both(kind: str) -> tuple[Spec, Spec]:
    """A whole spec, and the one that only tells which resource it is."""
    whole = WHOLE[kind]
    identity = {name: value for name, value in whole.items() if name not in essential_fields(kind)}
    return SPECS[kind].model_validate(whole), SPECS[kind].model_validate(identity)


def test_these_are_the_kinds_with_essential_fields() -> None:
    assert {kind for kind in SPECS if essential_fields(kind)} == set(WHOLE)


@pytest.mark.parametrize("kind", WHOLE)
def test_it_is_read_and_removed_by_its_identity(kind: str) -> None:
    whole, identity = both(kind)
    known = KINDS[kind]
    assert known.identity(identity) == known.identity(whole)
    assert known.observe(identity) == known.observe(whole)
    gone = Difference(Action.DELETE, Present(state={}), {}, frozenset(), {})
    assert known.steps(identity, gone) == known.steps(whole, gone) != ()
    assert known.derived(identity) == ()
    assert known.dependencies(identity) == ()


@pytest.mark.parametrize("kind", ["share", "printer_port", "registry_value"])
def test_it_cannot_be_made(kind: str) -> None:
    _, identity = both(kind)
    missing = Difference(Action.CREATE, Absent(), {}, frozenset(), {})
    with pytest.raises(Impossible, match="not declared"):
        KINDS[kind].steps(identity, missing)
