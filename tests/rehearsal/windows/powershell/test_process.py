"""Get-Process, as it shows the native programs that run on a simulated host."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from engine.rehearsal.media.build import build_installer
from engine.rehearsal.media.spec import Installer
from tests.support.simulated_windows import ADMINISTRATOR, Console, Result, open_host

SETUP = r"C:\Stage\sample-setup.exe"
PRODUCT = Installer(
    file="sample-setup.exe",
    id="sample",
    title="Sample",
    version="1.0",
    publisher="Example",
    folder="Sample",
    uninstall_key="Sample",
    silent="/S",
    seconds=30,
)


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(open_host(tmp_path))


def while_it_runs(console: Console, **named: str) -> Result:
    """Ask while an installer is at work, then end it."""

    async def ask() -> Result:
        host = console.host
        host.files.write_file(SETUP, build_installer(PRODUCT))
        process = host.processes.start(SETUP, ["/S"], host.principals.token_for(ADMINISTRATOR))
        await asyncio.sleep(0)
        try:
            return console.run("Get-Process", **named)
        finally:
            process.terminate()
            await process.wait()

    return asyncio.run(ask())


def test_a_program_is_stopped_by_its_owner_and_by_administrators(console: Console) -> None:
    async def stop() -> tuple[Result, Result, int]:
        host = console.host
        host.files.write_file(SETUP, build_installer(PRODUCT))
        process = host.processes.start(SETUP, ["/S"], host.principals.token_for(ADMINISTRATOR))
        await asyncio.sleep(0)
        refused = Console(host, "a.rivera").run("Stop-Process", Name="sample-setup")
        done = console.run("Stop-Process", Id=process.id, Force=True)
        return refused, done, (await process.wait()).code

    refused, done, code = asyncio.run(stop())
    assert refused.error_ids == ["CouldNotStopProcess,Microsoft.PowerShell.Commands.StopProcessCommand"]
    assert done.errors == []
    assert code == 1
    assert console.run("Stop-Process", Name="sample-setup").error_ids == [
        "NoProcessFoundForGivenName,Microsoft.PowerShell.Commands.StopProcessCommand"
    ]


@pytest.mark.parametrize("name", ["sample-setup", "SAMPLE-SETUP", "sample-*"])
def test_a_running_program_is_shown_by_its_name_with_its_path(console: Console, name: str) -> None:
    shown = while_it_runs(console, Name=name).only()
    assert shown.prop("ProcessName") == "sample-setup"
    assert shown.prop("Path") == SETUP


def test_what_does_not_run_is_an_error_of_its_own(console: Console) -> None:
    result = console.run("Get-Process", Name="sample-setup")
    assert result.output == []
    assert result.error_ids == ["NoProcessFoundForGivenName,Microsoft.PowerShell.Commands.GetProcessCommand"]


def test_a_pattern_without_match_is_no_error(console: Console) -> None:
    result = console.run("Get-Process", Name="sample-*")
    assert (result.output, result.errors) == ([], [])


def test_an_id_that_nobody_has(console: Console) -> None:
    assert console.run("Get-Process", Id=4242).error_ids == [
        "NoProcessFoundForGivenId,Microsoft.PowerShell.Commands.GetProcessCommand"
    ]


def test_a_program_that_was_started_runs_until_it_is_stopped(console: Console) -> None:
    window = r"C:\Program Files\Sample\Sample.exe"

    async def use() -> tuple[Result, Result]:
        console.host.files.make_directory(r"C:\Program Files\Sample")
        console.host.files.write_file(window, build_installer(PRODUCT))
        assert console.run("Start-Process", window).output == []
        await asyncio.sleep(0)
        running = console.run("Get-Process", Name="Sample")
        (process,) = console.host.processes.running
        console.run("Stop-Process", Name="Sample", Force=None)
        await process.wait()
        return running, console.run("Get-Process", Name="Sample")

    running, gone = asyncio.run(use())
    assert running.only().prop("Path") == window
    assert gone.output == []


def test_a_program_that_is_not_there_cannot_be_started(console: Console) -> None:
    result = console.run("Start-Process", r"C:\Nowhere\x.exe")
    assert result.error_ids == ["InvalidOperationException,Microsoft.PowerShell.Commands.StartProcessCommand"]
    assert "cannot find the file" in result.errors[0].message
