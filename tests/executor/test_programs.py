"""Programs: exit codes, tries, restarts, logs; and being cancelled."""

from __future__ import annotations

from collections import deque
from threading import Event

import pytest

from engine.model.errors import DeadlineExceeded, HostUnreachable
from engine.model.result import ChangeResult, Outcome, RunResult
from tests.support.fakehost import FakeFleet
from tests.support.rollout import (
    Heard,
    address,
    apply_to,
    messages,
    outcomes,
    plan_of,
    program,
    school,
    thing,
)


def _install(fleet: FakeFleet, *, codes: tuple[int, ...] = ()) -> RunResult:
    plan = plan_of(fleet, school([program("geogebra", "6.0.8"), thing("other")]))
    fleet["SRV"].exit_codes = deque(codes)
    return apply_to(fleet, plan)


def _of(result: RunResult, name: str) -> ChangeResult:
    return next(item for item in result.results if item.address.name == name)


@pytest.mark.parametrize("code", [0, 1707])
def test_success(code: int) -> None:
    result = _of(_install(FakeFleet.of("SRV"), codes=(code,)), "geogebra")

    assert (result.outcome, result.reboot_required) == (Outcome.CHANGED, False)


@pytest.mark.parametrize("code", [3010, 1641])
def test_success_that_wants_a_restart(code: int) -> None:
    result = _of(_install(FakeFleet.of("SRV"), codes=(code,)), "geogebra")

    assert (result.outcome, result.reboot_required) == (Outcome.CHANGED, True)


def test_what_only_shows_after_a_restart_is_deferred() -> None:
    fleet = FakeFleet.of("SRV")

    def before_the_restart(act: str) -> None:
        if act == "invoke":
            fleet["SRV"].programs.clear()

    fleet["SRV"].before = before_the_restart

    result = _of(_install(fleet, codes=(3010,)), "geogebra")

    assert (result.outcome, result.reboot_required) == (Outcome.DEFERRED, True)


def test_a_host_that_restarts_by_itself_is_deferred_and_the_rest_pending() -> None:
    fleet = FakeFleet.of("SRV")

    def restart(act: str) -> None:
        if act == "RemoveFile stage/geogebra":
            fleet["SRV"].error = HostUnreachable("SRV", "write", "connection reset")

    fleet["SRV"].before = restart

    result = _install(fleet, codes=(1641,))

    assert outcomes(result) == {"geogebra": Outcome.DEFERRED, "other": Outcome.UNREACHABLE}


def test_another_installation_is_waited_for() -> None:
    fleet = FakeFleet.of("SRV")

    result = _install(fleet, codes=(1618, 1618, 0))

    assert outcomes(result)["geogebra"] is Outcome.CHANGED
    assert fleet["SRV"].counts["processes"] == 3


def test_waiting_for_another_installation_has_an_end() -> None:
    fleet = FakeFleet.of("SRV")

    result = _install(fleet, codes=(1618,) * 9)

    assert outcomes(result) == {"geogebra": Outcome.FAILED, "other": Outcome.CHANGED}
    assert fleet["SRV"].counts["processes"] == 3
    assert messages(result)["geogebra"] == "setup.exe: exit code 1618, after 2 further tries"


def test_what_an_orphaned_installer_brought_about_is_not_installed_twice() -> None:
    fleet = FakeFleet.of("SRV")
    reads: list[str] = []

    def the_old_one_ends(act: str) -> None:
        if act == "read" and "run geogebra" in fleet["SRV"].acts:
            reads.append(act)
            fleet["SRV"].programs["geogebra"] = "6.0.8"

    fleet["SRV"].before = the_old_one_ends

    result = _install(fleet, codes=(1618, 0))

    assert outcomes(result)["geogebra"] is Outcome.CHANGED
    assert fleet["SRV"].counts["processes"] == 1
    assert reads


def test_a_failed_installer_shows_the_end_of_its_log_without_secrets() -> None:
    fleet = FakeFleet.of("SRV")
    fleet["SRV"].files["log/geogebra"] = (
        b"x" * 9000 + b"\r\nPIDKEY=ABC-123 PASSWORD: hunter2\r\nError 1603\r\n"
    )

    result = _of(_install(fleet, codes=(1603,)), "geogebra")

    assert result.outcome is Outcome.FAILED
    assert result.message == "setup.exe: exit code 1603"
    assert result.detail.endswith("PIDKEY=*** PASSWORD: ***\nError 1603")
    assert len(result.detail) <= 4096


def test_a_failed_installer_leaves_no_package_behind() -> None:
    fleet = FakeFleet.of("SRV")

    _install(fleet, codes=(1603,))

    assert "stage/geogebra" not in fleet["SRV"].files


def test_a_program_that_takes_too_long_fails_alone() -> None:
    fleet = FakeFleet.of("SRV")

    def hang(act: str) -> None:
        if act == "run geogebra":
            raise DeadlineExceeded("SRV", "run setup.exe", "longer than 60 s")

    fleet["SRV"].before = hang

    assert outcomes(_install(fleet)) == {"geogebra": Outcome.FAILED, "other": Outcome.CHANGED}


def test_cancelling_finishes_the_running_step_and_starts_nothing_more() -> None:
    fleet = FakeFleet.of("SRV", "PC1")
    queue = thing("b")
    wanted = school(
        [thing("a"), queue, thing("c"), thing("on-PC1", "PC1", needs=[queue.address])], ("SRV", "PC1")
    )
    plan = plan_of(fleet, wanted)
    cancel = Event()
    fleet["SRV"].before = lambda act: cancel.set() if act == "Set-Thing b" else None

    result = apply_to(fleet, plan, cancel=cancel)

    assert outcomes(result) == {
        "a": Outcome.CHANGED,
        "b": Outcome.CHANGED,
        "c": Outcome.NOT_STARTED,
        "on-PC1": Outcome.NOT_STARTED,
    }
    assert result.cancelled
    assert set(fleet["SRV"].ledger) == {address("a"), address("b")}
    assert fleet["SRV"].leased_by is None
    assert set(outcomes(apply_to(fleet, plan_of(fleet, wanted))).values()) == {Outcome.CHANGED}


def test_cancelling_lets_a_running_program_end_and_records_it() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([program("geogebra", "6.0.8"), program("audacity", "3.7")]))
    cancel = Event()
    fleet["SRV"].before = lambda act: cancel.set() if act == "run geogebra" else None

    result = apply_to(fleet, plan, cancel=cancel)

    assert outcomes(result) == {"geogebra": Outcome.CHANGED, "audacity": Outcome.NOT_STARTED}
    assert address("geogebra", kind="program") in fleet["SRV"].ledger


def test_a_cancelled_change_starts_no_program_any_more() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([program("geogebra", "6.0.8")]))
    cancel = Event()
    fleet["SRV"].before = lambda act: cancel.set() if act == "PutFile stage/geogebra" else None

    result = apply_to(fleet, plan, cancel=cancel)

    assert outcomes(result) == {"geogebra": Outcome.NOT_STARTED}
    assert fleet["SRV"].counts["processes"] == 0
    assert fleet["SRV"].files == {}


def test_a_long_pause_ends_when_the_run_is_cancelled() -> None:
    fleet = FakeFleet.of("SRV")
    plan = plan_of(fleet, school([program("geogebra", "6.0.8")]))
    fleet["SRV"].exit_codes = deque((1618,))
    cancel = Event()
    fleet["SRV"].before = lambda act: cancel.set() if act == "run geogebra" else None

    result = apply_to(fleet, plan, Heard(), cancel, retry_pauses=(3600.0,))

    assert outcomes(result) == {"geogebra": Outcome.NOT_STARTED}
    assert fleet["SRV"].counts["processes"] == 1
