"""What would hurt whoever checks a pull request: refused with its reason, in little memory and time."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.compiler.hostile import file_cases, growth_cases, template_cases, yaml_cases
from tests.compiler.hostile.case import Case
from tests.compiler.hostile.child import PATIENCE, Outcome

TOP = Path(__file__).parents[3]
CASES: Mapping[str, Case] = {
    case.name: case
    for module in (yaml_cases, template_cases, file_cases, growth_cases)
    for case in module.CASES
}

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the limits of a process are Linux's")


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Outcome]:
    """All cases, each checked in a process of its own: see `child`."""
    base = tmp_path_factory.mktemp("hostile")
    folders = {}
    for name, case in CASES.items():
        (base / name).mkdir()
        folders[name] = str(case.write(base / name))
    done = subprocess.run(
        [sys.executable, "-m", "tests.compiler.hostile.child", *folders.values()],
        cwd=TOP,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=True,
        timeout=PATIENCE * 4,
    )
    found: list[Outcome] = [json.loads(line) for line in done.stdout.splitlines()]
    return dict(zip(CASES, found, strict=True))


def test_there_are_many_and_each_has_its_own_name() -> None:
    modules = (yaml_cases, template_cases, file_cases, growth_cases)
    assert len(CASES) == sum(len(module.CASES) for module in modules) >= 150


@pytest.mark.timeout(PATIENCE * 4)
@pytest.mark.parametrize("name", CASES)
def test_it_is_refused_for_its_reason(name: str, outcomes: Mapping[str, Outcome]) -> None:
    case, outcome = CASES[name], outcomes[name]
    assert outcome["status"] == 0, "it crashed, or was ended by a limit"
    told = outcome["findings"]
    assert {line.rsplit("[", 1)[1].rstrip("]") for line in told} == case.rules
    assert any(case.words in line for line in told)
    assert not any("stolen" in line or "\n" in line for line in told)
