"""Native programs: EXE installers, system tools, the command interpreter, and how starting one fails."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pefile
import pytest

from engine.rehearsal.media.build import build_installer
from engine.rehearsal.windows.installers.exits import LaunchFailed, ProcessExit, Win32
from engine.rehearsal.windows.installers.inf import InfInvalid, read_inf
from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.installers.processes import Processes
from engine.rehearsal.windows.installers.registration import UNINSTALL
from engine.rehearsal.windows.journal import Counters
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.reboot import is_pending
from tests.rehearsal.windows.installers.conftest import ADMINISTRATOR, TEACHER, MemoryFiles
from tests.rehearsal.windows.installers.test_msiexec import demo

SETUP = "C:\\Media\\setup.exe"
INF = b"""
[Version]
Signature="$Windows NT$"
Class=Printer
Provider=%Maker%
CatalogFile=laser.cat
DriverVer=01/02/2026,7.1.0.0
[Manufacturer]
%Maker%=Models,NTx86,NTamd64.10.0
[Models.NTamd64.10.0]
"Laser 600 PCL 6" = INSTALL,LPTENUM
%Colour% = INSTALL,LPTENUM
[SourceDisksFiles]
laser.dll = 1
[Strings]
Maker="Example Printers"
Colour="Laser 700 Colour"
"""


def run(machine: Machine, token: AccessToken, executable: str, *arguments: str) -> ProcessExit:
    async def wait() -> ProcessExit:
        processes = Processes(lambda user: replace(machine, user=user), Counters())
        return await asyncio.wait_for(processes.start(executable, arguments, token).wait(), 2)

    return asyncio.run(wait())


def put_setup(files: MemoryFiles, version: str = "1.2.3", **changes: str) -> None:
    product = demo(version, file="setup.exe", uninstall_key="Demo_is1", silent="/S", **changes)
    files.write_file(SETUP, build_installer(product))


def test_an_installer_installs_upgrades_and_removes(machine: Machine, files: MemoryFiles) -> None:
    for version in ("1.2.3", "1.3.0"):
        put_setup(files, version)
        assert run(machine, ADMINISTRATOR, SETUP, "/S") == ProcessExit(0)
        shown = machine.registry.value(f"{UNINSTALL}\\Demo_is1", "DisplayVersion")
        assert shown is not None
        assert shown.data == version
    assert machine.products.runs["setup.exe"] == 2
    assert run(machine, ADMINISTRATOR, "C:\\Program Files\\Demo\\uninstall.exe", "/S") == ProcessExit(0)
    assert not machine.registry.exists(f"{UNINSTALL}\\Demo_is1")
    assert not files.exists("C:\\Program Files\\Demo")


def test_an_installer_leaves_a_program_that_carries_its_version(machine: Machine, files: MemoryFiles) -> None:
    put_setup(files, program="demo-app.exe")
    assert run(machine, ADMINISTRATOR, SETUP, "/S") == ProcessExit(0)
    strings = (
        pefile.PE(data=files.read_file("C:\\Program Files\\Demo\\demo-app.exe")).FileInfo[0][0].StringTable[0]
    )
    assert strings.entries[b"FileVersion"] == b"1.2.3"
    assert run(machine, ADMINISTRATOR, "C:\\Program Files\\Demo\\uninstall.exe", "/S") == ProcessExit(0)
    assert not files.exists("C:\\Program Files\\Demo")


def test_an_installer_without_its_silent_switch_waits(machine: Machine, files: MemoryFiles) -> None:
    put_setup(files)
    with pytest.raises(TimeoutError):
        run(machine, ADMINISTRATOR, SETUP)
    assert not machine.registry.exists(f"{UNINSTALL}\\Demo_is1")


def test_an_installer_demands_an_administrator(machine: Machine, files: MemoryFiles) -> None:
    put_setup(files)
    with pytest.raises(LaunchFailed) as failure:
        run(machine, TEACHER, SETUP, "/S")
    assert failure.value.code is Win32.ELEVATION_REQUIRED


@pytest.mark.parametrize(
    ("executable", "code"),
    [
        ("C:\\Media\\none.exe", Win32.FILE_NOT_FOUND),
        ("C:\\Media\\text.exe", Win32.BAD_EXE_FORMAT),
        ("nosuchprogram", Win32.FILE_NOT_FOUND),
        ("C:\\Elsewhere\\msiexec.exe", Win32.FILE_NOT_FOUND),
    ],
)
def test_what_is_no_program_does_not_start(
    machine: Machine, files: MemoryFiles, executable: str, code: Win32
) -> None:
    files.write_file("C:\\Media\\text.exe", b"not a program at all")
    with pytest.raises(LaunchFailed) as failure:
        run(machine, ADMINISTRATOR, executable)
    assert failure.value.code is code


def test_an_installer_that_wants_a_restart_leaves_its_mark(machine: Machine, files: MemoryFiles) -> None:
    files.write_file("C:\\Media\\demo.msi", build_installer(demo(restart="needed")))
    assert (
        run(machine, ADMINISTRATOR, "msiexec.exe", "/i", "C:\\Media\\demo.msi", "/qn", "/norestart").code
        == 3010
    )
    assert is_pending(machine.registry)


def test_a_program_goes_on_when_nobody_waits(machine: Machine, files: MemoryFiles) -> None:
    put_setup(files, seconds="0.05")

    async def walk_away() -> None:
        processes = Processes(lambda user: replace(machine, user=user), Counters())
        process = processes.start(SETUP, ["/S"], ADMINISTRATOR)
        waiter = asyncio.ensure_future(process.wait())
        await asyncio.sleep(0)
        waiter.cancel()
        assert [running.name for running in processes.running] == ["setup"]
        assert (await process.wait()).code == 0
        assert processes.running == ()

    asyncio.run(walk_away())
    assert machine.registry.exists(f"{UNINSTALL}\\Demo_is1")


def test_a_terminated_program_does_nothing_more(machine: Machine, files: MemoryFiles) -> None:
    put_setup(files, seconds="5")

    async def stop() -> ProcessExit:
        processes = Processes(lambda user: replace(machine, user=user), Counters())
        process = processes.start(SETUP, ["/S"], ADMINISTRATOR)
        await asyncio.sleep(0)
        process.terminate()
        return await process.wait()

    assert asyncio.run(stop()).code == 1
    assert not machine.registry.exists(f"{UNINSTALL}\\Demo_is1")


@pytest.mark.parametrize(
    ("line", "result"),
    [
        ("echo hello", ProcessExit(0, b"hello\r\n")),
        ("exit 7", ProcessExit(7)),
        ("echo wrong 1>&2", ProcessExit(0, b"", b"wrong \r\n")),
        ("echo a & exit /b 3 & echo b", ProcessExit(3, b"a \r\n")),
        ("exit 0 && echo never", ProcessExit(0)),
        ("hostname && whoami", ProcessExit(0, b"LAB-PC01\r\nlab\\admin\r\n")),
    ],
)
def test_the_command_interpreter(machine: Machine, line: str, result: ProcessExit) -> None:
    assert run(machine, ADMINISTRATOR, "cmd.exe", "/c", line) == result


def test_the_interpreter_says_what_it_does_not_know(machine: Machine) -> None:
    result = run(machine, ADMINISTRATOR, "cmd", "/c", "frobnicate now && echo done")
    assert result.code == 1
    assert result.stderr.startswith(b"'frobnicate' is not recognized as an internal or external command")
    assert result.stdout == b""


def test_sc_refuses_a_service_that_is_not_there(machine: Machine) -> None:
    result = run(machine, ADMINISTRATOR, "sc.exe", "config", "none", "start=", "delayed-auto")
    assert result.code == 1060


def test_an_inf_names_its_drivers_and_files() -> None:
    package = read_inf(INF)
    assert package.models == ("Laser 600 PCL 6", "Laser 700 Colour")
    assert package.files == ("laser.cat", "laser.dll")
    assert (package.provider, package.version) == ("Example Printers", "7.1.0.0")


def test_an_unsigned_inf_is_refused() -> None:
    with pytest.raises(InfInvalid, match="digital signature"):
        read_inf(INF.replace(b"CatalogFile=laser.cat", b""))


def test_pnputil_stages_a_driver_with_all_its_files(machine: Machine, files: MemoryFiles) -> None:
    files.write_file("C:\\Media\\laser.inf", INF)
    arguments = ("/add-driver", "C:\\Media\\laser.inf", "/install")
    assert run(machine, ADMINISTRATOR, "pnputil.exe", *arguments).code == 2
    for name in ("laser.cat", "laser.dll"):
        files.write_file(f"C:\\Media\\{name}", b"x")
    assert run(machine, ADMINISTRATOR, "pnputil.exe", *arguments).code == 0
    assert machine.printing.install_driver("Laser 600 PCL 6")
