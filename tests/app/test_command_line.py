"""The one line that a person types for a simulated host."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.commandline import UnreadableCommand, parse_command_line
from engine.model.command import Argument, Command, Statement


@pytest.mark.parametrize(
    ("line", "parameters"),
    [
        ("Get-SmbShare", {}),
        ("Get-SmbShare -Name Staff", {"Name": "Staff"}),
        (r"Get-Item -LiteralPath D:\Shares\Staff", {"LiteralPath": r"D:\Shares\Staff"}),
        ("Set-SmbShare -Name 'It''s' -Force", {"Name": "It's", "Force": True}),
        ('Set-SmbShare -Description "two  words, ""quoted"""', {"Description": 'two  words, "quoted"'}),
        ("Set-SmbShare -Force:$false -Name:Staff", {"Force": False, "Name": "Staff"}),
        ("Set-SmbShare -ConcurrentUserLimit 20", {"ConcurrentUserLimit": 20}),
        ("Set-SmbShare -ConcurrentUserLimit '20'", {"ConcurrentUserLimit": "20"}),
        ("Set-X -Data -5", {"Data": -5}),
        ("Grant-X -AccountName a, 'b c',d", {"AccountName": ("a", "b c", "d")}),
        ("Set-X -Values 1,2", {"Values": (1, 2)}),
        ("Set-X -A $true -B $NULL", {"A": True, "B": ""}),
        ("Set-X -Text ''", {"Text": ""}),
    ],
)
def test_what_is_understood(line: str, parameters: dict[str, Argument]) -> None:
    assert parse_command_line(line) == Statement.of(line.split()[0], parameters)


def test_pipes_join_commands() -> None:
    statement = parse_command_line("Get-SmbShare -Name Staff | Remove-SmbShare -Force")

    assert statement.commands == (
        Command.of("Get-SmbShare", {"Name": "Staff"}),
        Command.of("Remove-SmbShare", {"Force": True}),
    )


@pytest.mark.parametrize(
    "line",
    [
        "",
        "|",
        "Get-SmbShare |",
        "Get-SmbShare; Remove-SmbShare",
        "Get-SmbShare Staff",
        "notepad",
        "Set-X -Name $name",
        'Set-X -Name "$name"',
        'Set-X -Name "a`nb"',
        "Set-X -Name (Get-Date)",
        "Set-X -Name @(1)",
        "Set-X -Name {1}",
        "Set-X -Name 'open",
        "Set-X -Name a,",
        "Set-X -Name 1,a",
        "Get-X > file",
        "& Get-X",
        "Get-X -Name a # comment",
    ],
)
def test_what_is_refused(line: str) -> None:
    with pytest.raises(UnreadableCommand):
        parse_command_line(line)


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=30))
def test_any_text_travels_unchanged_in_single_quotes(text: str) -> None:
    line = "Set-SmbShare -Description '" + text.replace("'", "''") + "'"

    assert parse_command_line(line) == Statement.of("Set-SmbShare", {"Description": text})


@given(st.text(max_size=60))
def test_whatever_is_typed_is_read_or_refused(line: str) -> None:
    with suppress(UnreadableCommand):
        assert parse_command_line(line).commands
