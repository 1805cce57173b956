"""Every case under `cases/<kind>/`: what a host answers, and what the kind makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
from pydantic import JsonValue

from engine.kinds.contract import Difference, Impossible, Kind
from engine.kinds.table import KINDS, spec_from_json, spec_to_json
from engine.model.base import State
from engine.model.observation import Absent, Observation, Present, Unknown
from engine.model.plan import Action
from engine.model.query import Answers
from engine.model.resource import Spec
from tests.support.kind_cases import Json, answers_of, shown

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.glob("*/*.json"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_case(path: Path) -> None:
    case = cast("Json", json.loads(path.read_text(encoding="utf-8")))
    kind = KINDS[path.parent.name]
    spec = spec_from_json(kind.name, cast("Json", case["spec"]))
    answers = answers_of(kind, spec, cast("list[Json]", case["answers"]))
    observed = kind.parse(spec, answers)
    assert _told(observed, case["observed"]) == case["observed"]
    wanted: State | Unknown = {}
    if "wanted" in case:
        wanted = kind.wanted(spec, answers)
        assert _told(wanted, case["wanted"]) == case["wanted"]
    if "steps" in case:
        assert _steps(kind, spec, answers, observed, wanted, case) == case["steps"]
    if "keeps" in case:
        assert isinstance(observed, Present)
        assert kind.keeps(spec, observed.state) == case["keeps"]


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_specs_survive_json(path: Path) -> None:
    written = cast("Json", json.loads(path.read_text(encoding="utf-8"))["spec"])
    spec = spec_from_json(path.parent.name, written)
    assert spec_from_json(path.parent.name, json.loads(json.dumps(spec_to_json(spec)))) == spec


def test_every_kind_has_cases_of_each_observation() -> None:
    seen = {
        (
            path.parent.name,
            "present" if "present" in observed else "unknown" if "unknown" in observed else observed,
        )
        for path in FILES
        for observed in [json.loads(path.read_text(encoding="utf-8"))["observed"]]
    }
    expected = {(kind, each) for kind in KINDS for each in ("present", "absent", "unknown")}
    assert expected - seen == {("service", "absent")}  # a service that is not installed cannot be made


def _told(made: Observation | State | Unknown, expected: JsonValue) -> JsonValue:
    """The outcome in the case's own words; of a reason the expected part, where it holds it."""
    match made:
        case Absent():
            return "absent"
        case Present(state=state):
            return {"present": _json(state)}
        case Unknown(reason=reason):
            part = expected.get("unknown") if isinstance(expected, dict) else None
            return {"unknown": part if isinstance(part, str) and part in reason else reason}
        case _:
            return _json(made)


def _json(state: State) -> JsonValue:
    return cast("JsonValue", json.loads(json.dumps(state)))


def _steps(
    kind: Kind[Spec], spec: Spec, answers: Answers, observed: Observation, wanted: State | Unknown, case: Json
) -> JsonValue:
    assert not isinstance(observed, Unknown)
    assert not isinstance(wanted, Unknown)
    before = observed.state if isinstance(observed, Present) else {}
    changed = frozenset(name for name in wanted if before.get(name) != wanted[name])
    if "action" in case:
        action = Action(str(case["action"]))
    elif isinstance(observed, Absent):
        action = Action.CREATE
    else:
        assert changed, "nothing differs, so there are no steps"
        action = Action.REPLACE if kind.replaces(spec, changed) else Action.UPDATE
    wanted = {} if action is Action.DELETE else wanted
    try:
        steps = kind.steps(spec, Difference(action, observed, wanted, changed, answers))
    except Impossible as reason:
        return str(reason)
    return [shown(step) for step in steps]
