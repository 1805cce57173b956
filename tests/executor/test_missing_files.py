"""A file that could not be had costs the changes that send it, and what needs those, before any step."""

from __future__ import annotations

from threading import Event

from engine.executor.apply import Tools, apply
from engine.executor.options import RunOptions
from engine.model.plan import Plan
from engine.model.result import Outcome, RunResult
from engine.model.step import PutFile
from tests.support.fakehost import FakeFleet
from tests.support.fakekinds import KINDS, erase, record
from tests.support.rollout import Heard, address, messages, outcomes, paper, plan_of, school, thing

WHY = r"manifests/catalog/software/x.yaml:7:15: \\FS01\m\x.msi could not be fetched: it does not answer"


def _apply(fleet: FakeFleet, plan: Plan, heard: Heard) -> RunResult:
    (sent,) = (step for change in plan.changes for step in change.steps if isinstance(step, PutFile))
    tools = Tools(fleet, KINDS, record, erase, {sent.sha256: WHY})
    return apply(plan, tools, heard, Event(), RunOptions("run-1", "a.rivera"))


def test_only_what_needs_the_file_fails() -> None:
    fleet, heard = FakeFleet.of("SRV"), Heard()
    needs = [address("p", "SRV", "paper")]
    plan = plan_of(
        fleet,
        school([thing("a", colour="blue"), paper("p", "1"), thing("z", needs=needs, colour="red")]),
    )

    result = _apply(fleet, plan, heard)

    assert outcomes(result) == {"a": Outcome.CHANGED, "p": Outcome.FAILED, "z": Outcome.SKIPPED}
    assert messages(result)["p"] == WHY
    assert "p" not in {started.name for started in heard.changes}
    assert fleet["SRV"].files == {}


def test_what_is_as_wanted_already_needs_no_file() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([paper("p", "1")]))
    (change,) = plan.changes
    (step,) = (step for step in change.steps if isinstance(step, PutFile))
    fleet["SRV"].files[step.path] = b"1"

    assert outcomes(_apply(fleet, plan, Heard())) == {"p": Outcome.UNCHANGED}
