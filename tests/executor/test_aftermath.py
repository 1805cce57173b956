"""What happens around a program besides its exit code: uninstallers that go on, hosts that refuse a step."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import pytest

from engine.model.errors import AccessDenied, DeadlineExceeded, DiskFull, HostError, StepFailed
from engine.model.plan import Action, Plan
from engine.model.result import ChangeResult, Outcome, RunResult
from tests.support.fakehost import FakeFleet, FakeHost
from tests.support.rollout import address, apply_to, messages, outcomes, plan_of, program, school, thing

GEOGEBRA = address("geogebra", kind="program")


def _installed() -> FakeFleet:
    fleet = FakeFleet.of("SRV")
    apply_to(fleet, plan_of(fleet, school([program("geogebra", "6.0.8")])))
    assert GEOGEBRA in fleet["SRV"].ledger
    return fleet


def _removal(fleet: FakeFleet) -> Plan:
    plan = plan_of(fleet, school([]))
    assert [change.action for change in plan.changes] == [Action.DELETE]
    fleet["SRV"].acts.clear()
    return plan


def _gone_after(host: FakeHost, looks: int) -> Callable[[str], None]:
    """An uninstaller that has returned and still works until the host was spoken to so often."""
    left = looks

    def work(act: str) -> None:
        nonlocal left
        if "run geogebra" not in host.acts or act not in {"invoke", "read"}:
            return
        if left:
            host.programs["geogebra"] = "6.0.8"
            left -= 1
        else:
            host.programs.pop("geogebra", None)

    return work


def _of(result: RunResult, name: str) -> ChangeResult:
    return next(item for item in result.results if item.address.name == name)


@pytest.mark.parametrize("looks", [2, 3, 4])
def test_an_uninstaller_that_returns_early_is_waited_for(looks: int) -> None:
    fleet = _installed()
    plan = _removal(fleet)
    fleet["SRV"].before = _gone_after(fleet["SRV"], looks)

    result = apply_to(fleet, plan, removal_pauses=(0.0, 0.0, 0.0))

    assert outcomes(result) == {"geogebra": Outcome.CHANGED}
    assert GEOGEBRA not in fleet["SRV"].ledger
    assert fleet["SRV"].counts["processes"] == 2, "it was installed once and removed once"
    assert plan_of(fleet, school([])).changes == ()


def test_waiting_for_an_uninstaller_has_an_end_and_the_ledger_keeps_the_program() -> None:
    fleet = _installed()
    plan = _removal(fleet)
    fleet["SRV"].before = _gone_after(fleet["SRV"], 10_000)

    result = apply_to(fleet, plan, removal_pauses=(0.0, 0.0, 0.0))

    assert messages(result) == {"geogebra": "its steps ran, but it is still there"}
    assert fleet["SRV"].acts.count("read") == 1 + 3
    assert GEOGEBRA in fleet["SRV"].ledger
    assert [change.action for change in plan_of(fleet, school([])).changes] == [Action.DELETE]


def test_a_removal_that_shows_at_once_is_not_looked_at_again() -> None:
    fleet = _installed()

    result = apply_to(fleet, _removal(fleet))

    assert outcomes(result) == {"geogebra": Outcome.CHANGED}
    assert fleet["SRV"].acts.count("read") == 1


def test_only_what_a_program_removes_is_waited_for() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([thing("a", colour="red"), program("geogebra", "6.0.8")]))
    fleet["SRV"].deaf.add("a")
    fleet["SRV"].before = lambda act: fleet["SRV"].programs.clear() if act == "invoke" else None
    fleet["SRV"].acts.clear()

    result = apply_to(fleet, plan, removal_pauses=(0.0,) * 50)

    assert set(outcomes(result).values()) == {Outcome.FAILED}
    assert fleet["SRV"].acts.count("read") <= 2


def _refused_at(fleet: FakeFleet, error: HostError, where: str) -> None:
    def refuse(act: str) -> None:
        if act == where:
            raise error

    fleet["SRV"].before = refuse


@pytest.mark.parametrize(
    "error",
    [
        StepFailed("SRV", "run setup.exe", "cannot be started"),
        DiskFull("SRV", "put", "the disk is full"),
        AccessDenied("SRV", "run setup.exe", "access denied"),
    ],
)
def test_a_step_that_is_refused_leaves_no_staged_file_and_the_rest_goes_on(error: HostError) -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([program("geogebra", "6.0.8"), thing("other")]))
    _refused_at(fleet, error, "run geogebra")

    result = apply_to(fleet, plan)

    assert outcomes(result) == {"geogebra": Outcome.FAILED, "other": Outcome.CHANGED}
    assert fleet["SRV"].files == {}


def test_a_restart_that_is_due_is_told_even_if_a_later_step_is_refused() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([program("geogebra", "6.0.8")]))
    fleet["SRV"].exit_codes = deque((3010,))
    _refused_at(fleet, AccessDenied("SRV", "delete file", "access denied"), "RemoveFile stage/geogebra")

    result = _of(apply_to(fleet, plan), "geogebra")

    assert (result.outcome, result.reboot_required) == (Outcome.FAILED, True)


def test_a_restart_that_is_due_is_told_even_if_the_host_is_given_up() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([program("geogebra", "6.0.8")]))
    fleet["SRV"].exit_codes = deque((3010,))
    _refused_at(fleet, DeadlineExceeded("SRV", "delete file", "too long"), "RemoveFile stage/geogebra")

    result = _of(apply_to(fleet, plan), "geogebra")

    assert (result.outcome, result.reboot_required) == (Outcome.FAILED, True)


def test_nothing_is_tidied_on_a_host_that_another_controller_has() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([program("geogebra", "6.0.8")]))

    def taken(act: str) -> None:
        if act == "PutFile stage/geogebra":
            fleet["SRV"].leased_by = "somebody else"

    fleet["SRV"].before = taken

    result = apply_to(fleet, plan)

    assert outcomes(result) == {"geogebra": Outcome.REFUSED}
    assert fleet["SRV"].files == {"stage/geogebra": b"6.0.8"}
    assert "RemoveFile stage/geogebra" not in fleet["SRV"].acts
