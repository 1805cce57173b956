"""What an error does to its object, its statement and its batch."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.windows.powershell.records import CommandCall
from tests.support.simulated_windows import Console, call, open_host


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(open_host(tmp_path))


def test_a_non_terminating_error_ends_nothing(console: Console) -> None:
    result = console.batch([call("Get-Service", Name=("nope", "Spooler"))], [call("Get-Service", "WinRM")])
    assert [item.to_string for item in result.objects] == ["Spooler", "WinRM"]
    assert result.error_ids == ["NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand"]
    assert not result.errors[0].terminating


def test_a_terminating_error_ends_its_statement_only(console: Console) -> None:
    result = console.batch(
        [call("Get-Service", "Spooler"), call("Stop-Service", Nonsense=1)], [call("Get-Service", "WinRM")]
    )
    assert [item.to_string for item in result.objects] == ["WinRM"]
    assert result.errors[0].terminating
    assert result.failure is None


def test_an_unknown_command_ends_its_statement_before_anything_ran(console: Console) -> None:
    result = console.batch([call("Stop-Service", "Spooler"), call("Format-Everything")])
    assert result.error_ids == ["CommandNotFoundException"]
    assert "'Format-Everything' is not recognized" in result.errors[0].message
    assert console.host.counters.writes == 0


def test_error_action_stop_ends_the_batch(console: Console) -> None:
    result = console.batch(
        [call("Get-SmbShare", "nope", ErrorAction="Stop")], [call("Stop-Service", "Spooler")]
    )
    assert result.failure is not None
    assert result.failure.error_id == "CmdletizationQuery_NotFound_Name,Get-SmbShare"
    assert result.failure.exception_type == "Microsoft.PowerShell.Cmdletization.Cim.CimJobException"
    assert result.failure.message.startswith("No MSFT_SMBShare objects found")
    assert result.errors == []
    assert console.host.counters.writes == 0


def test_error_action_stop_does_not_touch_what_is_terminating_anyway(console: Console) -> None:
    result = console.batch(
        [call("Get-SmbShare", Nonsense=1, ErrorAction="Stop")], [call("Get-Service", "WinRM")]
    )
    assert result.failure is None
    assert result.error_ids == ["NamedParameterNotFound,Get-SmbShare"]
    assert [item.to_string for item in result.objects] == ["WinRM"]


@pytest.mark.parametrize("action", ["SilentlyContinue", "Ignore", 0, 4])
def test_errors_can_be_silenced(console: Console, action: str | int) -> None:
    result = console.run("Get-Service", Name=("nope", "Spooler"), ErrorAction=action)
    assert [item.to_string for item in result.objects] == ["Spooler"]
    assert result.errors == []


def test_errors_can_be_merged_into_the_output_in_order(console: Console) -> None:
    merging = CommandCall("Get-Service", False, (("Name", ("nope", "Spooler")),), merge_error_to_output=True)
    result = console.batch([merging])
    assert result.errors == []
    assert [error.target_name for error in result.merged] == ["nope"]
    assert [item.to_string for item in result.objects] == ["Spooler"]


def test_what_if_changes_nothing(console: Console) -> None:
    console.host.files.make_directory(r"D:\Staff")
    before = console.host.counters.writes
    for statement in (
        call("New-SmbShare", "Staff", r"D:\Staff", WhatIf=None),
        call("Stop-Service", "Spooler", WhatIf=None),
        call("Set-Service", "Spooler", StartupType="Disabled", WhatIf=True),
        call("Add-PrinterPort", "p", "10.0.0.1", WhatIf=True),
        call("Remove-SmbShare", "C$", WhatIf=True),
    ):
        result = console.batch([statement])
        assert result.errors == []
        assert result.output == []
    assert console.host.counters.writes == before


def test_nobody_is_there_to_confirm(console: Console) -> None:
    for command in ("Remove-SmbShare", "Set-SmbShare"):
        result = console.run(command, "C$")
        assert result.error_ids == [f"HostFunctionNotImplemented,{command}"]
        assert result.errors[0].terminating
    assert console.host.counters.writes == 0
    assert console.run("Stop-Service", "Spooler", Confirm=True).errors
    assert not console.run("Set-SmbShare", "C$", Description="x", Confirm=False).errors


def test_a_module_s_name_may_stand_before_the_command(console: Console) -> None:
    assert console.run(r"SmbShare\Get-SmbShare", "C$").only().prop("Name") == "C$"
