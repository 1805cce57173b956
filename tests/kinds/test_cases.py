"""Every case under `cases/<kind>/`: what a host answers, and what the kind makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest
from pydantic import JsonValue

from engine.kinds.contract import Impossible
from engine.kinds.table import KINDS, spec_from_json, spec_to_json
from engine.model.base import State
from engine.model.observation import Absent, Observation, Present, Unknown
from engine.model.step import RunProcess
from tests.support.kind_cases import FILES, Case, load, shown

each_case = pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")


@each_case
def test_case(path: Path) -> None:
    case = load(path)
    assert _told(case.observed, case.body["observed"]) == case.body["observed"]
    if "wanted" in case.body:
        assert _told(case.wanted, case.body["wanted"]) == case.body["wanted"]
    if "steps" in case.body:
        assert _steps(case) == case.body["steps"]
    if "keeps" in case.body:
        assert isinstance(case.observed, Present)
        assert case.kind.keeps(case.spec, case.observed.state) == case.body["keeps"]
    if "waits" in case.body:
        assert case.kind.waits(case.spec, case.answers) == case.body["waits"]
    if "exit_codes" in case.body:
        runs = [step for step in case.steps() if isinstance(step, RunProcess)]
        assert [run.exit_codes.model_dump(mode="json") for run in runs] == [case.body["exit_codes"]]


@each_case
def test_specs_survive_json(path: Path) -> None:
    case = load(path)
    assert spec_from_json(case.kind.name, json.loads(json.dumps(spec_to_json(case.spec)))) == case.spec


def test_every_kind_has_cases_of_each_observation() -> None:
    seen = {(case.kind.name, type(case.observed)) for case in map(load, FILES)}
    expected = {(kind, each) for kind in KINDS for each in (Present, Absent, Unknown)}
    assert expected - seen == {("service", Absent)}  # a service that is not installed cannot be made


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


def _steps(case: Case) -> JsonValue:
    try:
        return [shown(step) for step in case.steps()]
    except Impossible as reason:
        return str(reason)


@each_case
def test_what_a_change_waits_for_is_among_what_is_read(path: Path) -> None:
    case = load(path)
    assert set(case.kind.watches(case.spec)) <= set(case.kind.observe(case.spec))
