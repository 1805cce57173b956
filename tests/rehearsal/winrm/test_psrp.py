"""PSRP as an unmodified pypsrp client sees it."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

import pytest
from pypsrp.complex_objects import PSInvocationState, RunspacePoolState
from pypsrp.powershell import PowerShell, RunspacePool
from pypsrp.serializer import TaggedValue

from engine.rehearsal.windows.powershell import records
from engine.rehearsal.windows.powershell.records import (
    CommandCall,
    ErrorCategory,
    ErrorRecord,
    Output,
    Pause,
    PsEnum,
    PsObject,
    Record,
    WarningRecord,
)
from engine.rehearsal.winrm.seam import BatchEnded
from tests.support.winrm_host import Running

_NOT_FOUND = ErrorRecord(
    exception_type="System.Management.Automation.CommandNotFoundException",
    message="The term 'Get-Nothing' is not recognized.",
    error_id="CommandNotFoundException",
    category=ErrorCategory.ObjectNotFound,
    target_name="Get-Nothing",
    target_type="String",
    reason="CommandNotFoundException",
    activity="",
)


def test_statements_pipes_and_arguments_arrive_as_they_were_given(running: Running) -> None:
    seen: list[Sequence[Sequence[CommandCall]]] = []

    def script(statements: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        seen.append(statements)
        yield Output(len(statements))

    running.host.script = script
    with running.client() as wsman, RunspacePool(wsman) as pool:
        ps = PowerShell(pool)
        ps.add_cmdlet("Get-SmbShare").add_parameter("Name", ["Staff", "Hand-In"]).add_parameter("Force")
        ps.add_cmdlet("Select-Object").add_argument("Path")
        ps.add_statement().add_cmdlet("Get-Service").add_parameter("Count", 3)
        assert ps.invoke() == [2]
    (first, second) = seen[0]
    assert [call.text for call in first] == ["Get-SmbShare", "Select-Object"]
    assert first[0].arguments == (("Name", ("Staff", "Hand-In")), ("Force", None))
    assert first[1].arguments == ((None, "Path"),)
    assert second[0].arguments == (("Count", 3),)


def test_values_keep_their_types(running: Running) -> None:
    enum = PsEnum("Microsoft.PowerShell.Cmdletization.GeneratedTypes.SmbShare.CachingMode", "Manual", 1)
    share = PsObject(
        ("Microsoft.Management.Infrastructure.CimInstance#ROOT/Microsoft/Windows/SMB/MSFT_SmbShare",),
        {"Name": "Staff", "Size": records.UInt64(2**63), "CachingMode": enum, "Nothing": None},
        "MSFT_SmbShare",
    )
    custom = PsObject(("System.Management.Automation.PSCustomObject", "System.Object"), {"Found": True})

    def script(_: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        yield from (
            Output(value) for value in (share, custom, (1, "two"), "Ünï \u2603 _x0041_ \n", b"\0\xff")
        )

    running.host.script = script
    with running.client() as wsman, RunspacePool(wsman) as pool:
        found = PowerShell(pool).add_cmdlet("Get-Everything").invoke()
    assert found[0].types == [*share.type_names, "System.Object"]
    assert str(found[0]) == "MSFT_SmbShare"
    properties = found[0].adapted_properties
    assert (properties["Name"], properties["Size"], properties["Nothing"]) == ("Staff", 2**63, None)
    assert str(properties["CachingMode"]) == "Manual"
    assert properties["CachingMode"].types[0] == enum.type_name
    assert found[1].extended_properties == {"Found": True}
    assert found[2:] == [[1, "two"], "Ünï \u2603 _x0041_ \n", b"\0\xff"]


def test_errors_and_warnings_come_on_their_own_streams(running: Running) -> None:
    def script(_: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        yield Output("before")
        yield _NOT_FOUND
        yield WarningRecord("mind the gap")
        yield Output(_NOT_FOUND)

    running.host.script = script
    with running.client() as wsman, RunspacePool(wsman) as pool:
        ps = PowerShell(pool).add_cmdlet("Get-Nothing")
        output = ps.invoke()
    assert output[0] == "before"
    assert str(output[1]) == _NOT_FOUND.message
    assert ps.state == PSInvocationState.COMPLETED
    (error,) = ps.streams.error
    assert (str(error), error.fq_error) == (_NOT_FOUND.message, "CommandNotFoundException")
    assert (error.category, error.reason) == (13, "CommandNotFoundException")
    assert (error.target_name, error.target_type) == ("Get-Nothing", "String")
    assert error.exception is not None
    assert error.exception.types[0] == _NOT_FOUND.exception_type
    assert [warning.message for warning in ps.streams.warning] == ["mind the gap"]


def test_a_stopping_error_fails_the_pipeline_and_not_the_pool(running: Running) -> None:
    def script(_: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        yield Output("before")
        raise BatchEnded(_NOT_FOUND)

    running.host.script = script
    with running.client() as wsman, RunspacePool(wsman) as pool:
        failed = PowerShell(pool).add_cmdlet("Get-Nothing")
        assert failed.invoke() == ["before"]
        assert failed.had_errors
        assert failed.state == PSInvocationState.FAILED
        assert failed.streams.error[-1].fq_error == "CommandNotFoundException"
        running.host.script = lambda _: iter([Output("after")])
        assert PowerShell(pool).add_cmdlet("Get-Something").invoke() == ["after"]


def test_two_megabytes_go_in_and_three_come_out(running: Running) -> None:
    running.host.script = lambda statements: iter(
        [Output(len(str(statements[0][0].arguments[0][1]))), Output("y" * 3_000_000)]
    )
    with running.client() as wsman, RunspacePool(wsman) as pool:
        ps = PowerShell(pool).add_cmdlet("Set-Content").add_parameter("Value", "x" * 2_000_000)
        length, text = ps.invoke()
    assert (length, len(text)) == (2_000_000, 3_000_000)


def test_a_pipeline_can_be_stopped(running: Running) -> None:
    def script(_: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        yield Output("started")
        while True:
            yield Pause(0.05)

    running.host.script = script
    with running.client() as wsman, RunspacePool(wsman) as pool:
        ps = PowerShell(pool).add_cmdlet("Wait-Forever")
        ps.begin_invoke()
        ps.poll_invoke(timeout=5)
        ps.stop()
        assert ps.state == PSInvocationState.STOPPED
        running.host.script = lambda _: iter([Output("free")])
        assert PowerShell(pool).add_cmdlet("Get-Something").invoke() == ["free"]


def test_a_long_command_answers_polls_until_it_is_done(running: Running) -> None:
    running.host.script = lambda _: iter([Pause(2.5), Output("late")])
    with running.client() as wsman:
        wsman.operation_timeout = 1
        with RunspacePool(wsman) as pool:
            before = running.host.counters.http_requests
            assert PowerShell(pool).add_cmdlet("Start-Sleep").invoke() == ["late"]
            polls = running.host.counters.http_requests - before - 1
    assert polls >= 3  # two time-outs (fault 2150858793) before the answer


def test_one_runspace_lives_as_long_as_the_shell(running: Running) -> None:
    with running.client() as wsman, RunspacePool(wsman) as pool:
        for _ in range(3):
            PowerShell(pool).add_cmdlet("Get-Something").invoke()
    assert running.host.engines == 1


@pytest.mark.parametrize(("auth", "tls", "logon"), [("basic", True, 0), ("ntlm", False, 3)])
def test_requests_are_as_many_as_with_windows(running: Running, auth: str, tls: bool, logon: int) -> None:
    for pipelines in (0, 1, 5):
        running.host.counters.http_requests = 0
        with running.client(auth, tls) as wsman, RunspacePool(wsman) as pool:
            for _ in range(pipelines):
                PowerShell(pool).add_cmdlet("Get-Something").add_statement().add_cmdlet("Two").invoke()
        assert running.host.counters.http_requests == 4 + logon + 2 * pipelines


def test_secure_strings_are_opened_with_the_exchanged_key(running: Running) -> None:
    with running.client() as wsman, RunspacePool(wsman) as pool:
        pool.exchange_keys()
        ps = PowerShell(pool).add_cmdlet("Set-Secret").add_parameter("Value", TaggedValue("SS", "pä55"))
        assert ps.invoke() == ["pä55"]


def test_a_pool_reports_and_changes_its_state(running: Running) -> None:
    with running.client() as wsman:
        with RunspacePool(wsman, max_runspaces=3) as pool:
            assert pool.get_available_runspaces() == 3
            pool.reset_runspace_state()
            assert pool.state == RunspacePoolState.OPENED
        assert pool.state == RunspacePoolState.CLOSED


def test_pipelines_of_one_pool_run_side_by_side_up_to_its_size(running: Running) -> None:
    running.host.script = lambda _: iter([Pause(0.2), Output("done")])
    with running.client() as wsman, RunspacePool(wsman, max_runspaces=2) as pool:
        pipelines = [PowerShell(pool).add_cmdlet("Get-Slow") for _ in range(4)]
        for ps in pipelines:
            ps.begin_invoke()
        deadline = time.monotonic() + 15
        for ps in pipelines:
            while ps.state not in (PSInvocationState.COMPLETED,) and time.monotonic() < deadline:
                ps.poll_invoke(timeout=5)
            assert ps.output == ["done"]
    assert running.host.engines == 2


def test_a_breakdown_of_the_rehearsal_is_an_error_and_no_silence(running: Running) -> None:
    def script(_: Sequence[Sequence[CommandCall]]) -> Iterator[Record]:
        yield Output("before")
        raise ZeroDivisionError

    running.host.script = script
    with running.client() as wsman, RunspacePool(wsman) as pool:
        ps = PowerShell(pool).add_cmdlet("Get-Something")
        assert ps.invoke() == ["before"]
        assert ps.streams.error[-1].fq_error == "RehearsalFailed"


def test_what_cannot_be_run_is_an_error_and_no_silence(running: Running) -> None:
    with running.client() as wsman, RunspacePool(wsman) as pool:
        ps = PowerShell(pool).add_cmdlet("Get-Something")
        ps.invoke(input=b"ab")
        assert ps.state == PSInvocationState.FAILED
        assert ps.streams.error[-1].fq_error == "NotSupported"
