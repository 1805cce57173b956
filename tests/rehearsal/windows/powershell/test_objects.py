from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.windows.powershell.records import CommandCall, PsValue
from tests.support.simulated_windows import ADMINISTRATOR, Console, Result, call, open_host


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(open_host(tmp_path))


def names(result: Result) -> list[PsValue]:
    assert result.errors == []
    return [item.prop("Name") for item in result.objects]


SERVICES = call("Get-Service", Name=("Spooler", "WinRM", "BITS", "RemoteAccess"))


@pytest.mark.parametrize(
    ("where", "kept"),
    [
        (call("Where-Object", "Name", EQ=True, Value="spooler"), ["Spooler"]),
        (call("Where-Object", "Name", None, NE=True, Value="spooler"), ["WinRM", "BITS", "RemoteAccess"]),
        (call("Where-Object", "Status", "Running", EQ=None), ["Spooler", "WinRM"]),
        (call("Where-Object", "Status", 1, EQ=None), ["BITS", "RemoteAccess"]),
        (call("Where-Object", "Name", "*o*", Like=True), ["Spooler", "RemoteAccess"]),
        (call("Where-Object", "Name", "^w", Match=True), ["WinRM"]),
        (call("Where-Object", "StartType", 3, GE=True), ["BITS", "RemoteAccess"]),
        (call("Where-Object", "Name", ("bits", "winrm"), In=True), ["WinRM", "BITS"]),
        (call("Where-Object", Property="CanStop"), ["Spooler", "WinRM"]),
    ],
    ids=lambda value: str(value.arguments) if isinstance(value, CommandCall) else "",
)
def test_where(console: Console, where: CommandCall, kept: list[str]) -> None:
    arguments = tuple((name, value) for name, value in where.arguments if (name, value) != (None, None))
    result = console.batch([SERVICES, CommandCall(where.text, False, arguments)])
    assert names(result) == kept


def test_a_script_block_is_no_text_that_is_run(console: Console) -> None:
    result = console.batch([SERVICES, call("Where-Object", FilterScript="$_.Name")])
    assert result.error_ids == ["RehearsalDoesNotEmulate,Where-Object"]


def test_select(console: Console) -> None:
    assert names(console.batch([SERVICES, call("Select-Object", First=1)])) == ["Spooler"]
    assert names(console.batch([SERVICES, call("Select-Object", Skip=3)])) == ["RemoteAccess"]
    assert names(console.batch([SERVICES, call("Select-Object", First=1, Last=1)])) == [
        "Spooler",
        "RemoteAccess",
    ]
    assert names(console.batch([SERVICES, call("Select-Object", Index=(2, 0))])) == ["Spooler", "BITS"]
    chosen = console.batch(
        [
            call("Get-Service", "WinRM"),
            call("Select-Object", ("name", "Nope", "Can*"), ExcludeProperty="*Stop"),
        ]
    ).only()
    assert list(chosen.properties) == ["Name", "Nope", "CanPauseAndContinue", "CanShutdown"]
    assert chosen.type_names[0] == "Selected.System.ServiceProcess.ServiceController"
    assert console.batch([SERVICES, call("Select-Object", ExpandProperty="Name")]).output[0] == "Spooler"
    result = console.batch([call("Get-Service", "WinRM"), call("Select-Object", ExpandProperty="Nope")])
    assert result.error_ids == ["ExpandPropertyNotFound,Microsoft.PowerShell.Commands.SelectObjectCommand"]


def test_sort_and_measure(console: Console) -> None:
    assert names(console.batch([SERVICES, call("Sort-Object", "Name")])) == [
        "BITS",
        "RemoteAccess",
        "Spooler",
        "WinRM",
    ]
    assert names(console.batch([SERVICES, call("Sort-Object", ("Status", "Name"), Descending=None)])) == [
        "WinRM",
        "Spooler",
        "RemoteAccess",
        "BITS",
    ]
    measured = console.batch(
        [call("Write-Output", (1, 2, 6)), call("Measure-Object", Sum=True, Average=True)]
    )
    found = measured.only()
    assert [found.prop(name) for name in ("Count", "Sum", "Average", "Maximum")] == [3, 9.0, 3.0, None]
    assert console.batch([call("Write-Output", (3, 1, 3)), call("Sort-Object", Unique=True)]).output == [1, 3]
    assert console.batch([SERVICES, call("Out-Null")]).output == []


def test_errors_pass_by_a_pipe(console: Console) -> None:
    result = console.batch([call("Get-Service", Name=("nope", "WinRM")), call("Select-Object", "Name")])
    assert result.error_ids == ["NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand"]
    assert [item.prop("Name") for item in result.objects] == ["WinRM"]


def test_a_pause_is_the_caller_s_to_wait(console: Console) -> None:
    assert console.run("Start-Sleep", 2).pauses == [2.0]
    assert console.run("Start-Sleep", Milliseconds=250).pauses == [0.25]


def test_local_groups_and_users(console: Console) -> None:
    group = console.run("Get-LocalGroup", "administrators").only()
    sid = group.prop("SID")
    assert str(getattr(sid, "to_string", "")) == "S-1-5-32-544"
    members = console.run("Get-LocalGroupMember", "Administrators").objects
    assert ADMINISTRATOR in [member.prop("Name") for member in members]
    ending = "Microsoft.PowerShell.Commands.GetLocalGroupMemberCommand"
    assert console.run("Get-LocalGroupMember", "nope").error_ids == [f"GroupNotFound,{ending}"]
    assert console.run("Get-LocalUser", "Guest").only().prop("Enabled") is False
    assert console.run("Get-LocalUser", "nope").errors


def test_commands_are_found_by_name(console: Console) -> None:
    assert names(console.run("Get-Command", "get-smbshare*")) == ["Get-SmbShare", "Get-SmbShareAccess"]
    assert names(console.run("Get-Command", Verb="Grant")) == ["Grant-SmbShareAccess"]
    result = console.run("Get-Command", "Get-Nothing")
    assert result.error_ids == ["CommandNotFoundException,Microsoft.PowerShell.Commands.GetCommandCommand"]
    assert not result.errors[0].terminating
