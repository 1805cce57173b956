"""msiexec does what a package's own tables say, and its exit codes are Windows Installer's."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

import pytest

from engine.rehearsal.media.build import build_installer
from engine.rehearsal.media.spec import Installer
from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.installers.msiexec import MsiCode, run_msiexec
from engine.rehearsal.windows.installers.products import Products
from engine.rehearsal.windows.installers.registration import UNINSTALL, packed
from engine.rehearsal.windows.journal import Counters, Journal
from engine.rehearsal.windows.wow64 import View
from tests.rehearsal.windows.installers.conftest import TEACHER, MemoryFiles

PACKAGE = "C:\\Media\\demo.msi"


def demo(version: str = "1.2.3", **changes: str | float) -> Installer:
    fields = {
        "file": "demo.msi",
        "id": "demo",
        "title": "Demo",
        "version": version,
        "publisher": "Example",
        "folder": "Demo",
        "seconds": 0.0,
        **changes,
    }
    return Installer.model_validate(
        {**fields, "files": {"demo.exe": f"demo {version}", "readme.txt": "hello"}}
    )


def run(machine: Machine, *arguments: str) -> MsiCode:
    return asyncio.run(run_msiexec(machine, arguments, asyncio.Lock())).code


def put(files: MemoryFiles, product: Installer, path: str = PACKAGE) -> None:
    files.write_file(path, build_installer(product))


def test_a_package_installs_its_files_and_registers_itself(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo())
    assert run(machine, "/i", PACKAGE, "/qn", "/norestart") is MsiCode.SUCCESS
    assert files.read_file("C:\\Program Files\\Demo\\demo.exe") == b"demo 1.2.3"
    entry = dict(machine.registry.values(f"{UNINSTALL}\\{demo().product}"))
    assert entry["DisplayVersion"].data == "1.2.3"
    assert entry["WindowsInstaller"].data == 1
    location = machine.registry.value("HKLM\\SOFTWARE\\Example\\Demo", "InstallDir")
    assert location is not None
    assert location.data == "C:\\Program Files\\Demo\\"


def test_a_32_bit_package_lands_in_the_32_bit_places(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo(platform="Intel"))
    assert run(machine, "/i", PACKAGE, "/qn") is MsiCode.SUCCESS
    assert files.exists("C:\\Program Files (x86)\\Demo\\demo.exe")
    assert not machine.registry.exists(f"{UNINSTALL}\\{demo().product}", View.BITS_64)
    assert machine.registry.exists(f"{UNINSTALL}\\{demo().product}", View.BITS_32)


def test_a_newer_package_replaces_the_older_product(machine: Machine, files: MemoryFiles) -> None:
    for version in ("1.2.3", "1.3.0"):
        put(files, demo(version))
        assert run(machine, "/i", PACKAGE, "/qn") is MsiCode.SUCCESS
    assert machine.products.find(demo("1.2.3").product) is None
    assert [p.version for p in machine.products.related(demo().upgrade)] == ["1.3.0"]
    assert files.read_file("C:\\Program Files\\Demo\\demo.exe") == b"demo 1.3.0"
    codes = f"HKLM\\SOFTWARE\\Classes\\Installer\\UpgradeCodes\\{packed(demo().upgrade)}"
    assert [name for name, _ in machine.registry.values(codes)] == [packed(demo("1.3.0").product)]


def test_an_older_package_is_refused_by_its_launch_condition(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo("2.0.0"))
    run(machine, "/i", PACKAGE, "/qn")
    put(files, demo("1.0.0"))
    assert run(machine, "/i", PACKAGE, "/qn", "/l*v", "C:\\Media\\log.txt") is MsiCode.INSTALL_FAILURE
    log = files.read_file("C:\\Media\\log.txt").decode("utf-16")
    assert "A newer version of Demo is already installed." in log
    assert machine.products.find(demo("2.0.0").product) is not None


def test_removal_leaves_nothing(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo())
    run(machine, "/i", PACKAGE, "/qn")
    assert run(machine, "/x", demo().product, "/qn") is MsiCode.SUCCESS
    assert not files.exists("C:\\Program Files\\Demo")
    assert not machine.registry.exists(f"{UNINSTALL}\\{demo().product}")
    assert machine.registry.value("HKLM\\SOFTWARE\\Example\\Demo", "Version") is None
    assert run(machine, "/x", demo().product, "/qn") is MsiCode.UNKNOWN_PRODUCT


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("/i", "C:\\Media\\none.msi", "/qn"), MsiCode.INSTALL_PACKAGE_OPEN_FAILED),
        (("/i", "C:\\Media\\text.msi", "/qn"), MsiCode.INSTALL_PACKAGE_INVALID),
        (("/i", PACKAGE, "/qn", "/frobnicate"), MsiCode.INVALID_COMMAND_LINE),
        (("/qn",), MsiCode.INVALID_COMMAND_LINE),
        (("/i", PACKAGE, "/qn", "stray"), MsiCode.INVALID_COMMAND_LINE),
        (("/i", PACKAGE, "/qn", "/log", "C:\\no\\such\\log.txt"), MsiCode.INSTALL_LOG_FAILURE),
        (("/i", PACKAGE, "/qn", "INSTALLDIR=C:\\Tools\\Demo"), MsiCode.SUCCESS),
    ],
)
def test_exit_codes(machine: Machine, files: MemoryFiles, arguments: Sequence[str], code: MsiCode) -> None:
    put(files, demo())
    files.write_file("C:\\Media\\text.msi", b"this is no package")
    assert run(machine, *arguments) is code


def test_a_folder_property_moves_the_product(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo())
    run(machine, "/i", PACKAGE, "/quiet", "INSTALLDIR=C:\\Tools\\Demo")
    assert files.exists("C:\\Tools\\Demo\\demo.exe")


def test_the_same_product_in_another_package_is_refused(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo())
    run(machine, "/i", PACKAGE, "/qn")
    put(files, demo(publisher="Somebody else", product_code=demo().product))
    assert run(machine, "/i", PACKAGE, "/qn") is MsiCode.PRODUCT_VERSION


def test_a_teacher_may_not_install_for_everybody(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo())
    assert run(replace(machine, user=TEACHER), "/i", PACKAGE, "/qn") is MsiCode.INSTALL_FAILURE
    assert not files.exists("C:\\Program Files\\Demo\\demo.exe")


def test_a_full_disk_leaves_nothing_of_the_product(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo())
    files.room = sum(map(len, files.content.values())) + 12  # enough for the first file only
    assert run(machine, "/i", PACKAGE, "/qn") is MsiCode.INSTALL_FAILURE
    assert not files.exists("C:\\Program Files\\Demo\\demo.exe")
    assert machine.products.find(demo().product) is None
    assert not machine.registry.exists(f"{UNINSTALL}\\{demo().product}")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("/norestart",), MsiCode.SUCCESS_REBOOT_REQUIRED),
        ((), MsiCode.SUCCESS_REBOOT_INITIATED),
        (("REBOOT=ReallySuppress",), MsiCode.SUCCESS_REBOOT_REQUIRED),
    ],
)
def test_a_package_that_wants_a_restart_says_so(
    machine: Machine, files: MemoryFiles, options: tuple[str, ...], code: MsiCode
) -> None:
    put(files, demo(restart="needed"))
    assert run(machine, "/i", PACKAGE, "/qn", *options) is code


def test_two_installations_at_once_are_refused(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo(seconds=0.05))
    put(files, demo("9.9", id="other", title="Other"), "C:\\Media\\other.msi")

    async def both() -> list[MsiCode]:
        lock = asyncio.Lock()
        outcomes = await asyncio.gather(
            run_msiexec(machine, ("/i", PACKAGE, "/qn"), lock),
            run_msiexec(machine, ("/i", "C:\\Media\\other.msi", "/qn"), lock),
        )
        return [outcome.code for outcome in outcomes]

    assert asyncio.run(both()) == [MsiCode.SUCCESS, MsiCode.INSTALL_ALREADY_RUNNING]


def test_without_a_silent_option_it_waits_for_somebody(machine: Machine, files: MemoryFiles) -> None:
    put(files, demo())

    async def impatient() -> None:
        await asyncio.wait_for(run_msiexec(machine, ("/i", PACKAGE), asyncio.Lock()), 0.1)

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())


def test_what_is_installed_and_how_often_survives(
    machine: Machine, files: MemoryFiles, tmp_path_factory: pytest.TempPathFactory
) -> None:
    journal = Journal(Counters())
    file = tmp_path_factory.mktemp("state") / "products.json"
    kept = replace(machine, products=Products(file, journal, ()))
    put(files, demo())
    run(kept, "/i", PACKAGE, "/qn")
    kept.products.save()
    again = Products(file, Journal(Counters()), ())
    assert again.find(demo().product) == kept.products.find(demo().product)
    assert again.runs == {"demo.msi": 1}
