"""EXE installers: program files that carry a resource which says what they install.

What a real EXE does cannot be read from its file. One without that resource is refused aloud, never
taken for done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from ntpath import basename, dirname

import pefile
from pydantic import ValidationError

from engine.rehearsal.media.spec import Installer
from engine.rehearsal.windows.installers.exits import LaunchFailed, ProcessExit, Win32
from engine.rehearsal.windows.installers.layout import SYSTEM_FOLDERS
from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.installers.registration import UNINSTALL, drop_key, put
from engine.rehearsal.windows.ntstatus import NtError
from engine.rehearsal.windows.registry import RegistryType, Value
from engine.rehearsal.windows.wow64 import View

_UNINSTALLER = "uninstall.exe"
_UNKNOWN = b"The rehearsal does not know what this program does; it was not run.\r\n"
_RESTART_NEEDED = 3010
_NO_SPACE = 112  # ERROR_DISK_FULL


def load_program(machine: Machine, path: str) -> Installer | None:
    """What the program file at `path` says of itself; None where it says nothing.

    Raises:
        LaunchFailed: there is no such file, it may not be read, or it is no program.
    """
    try:
        content = machine.files.read_file(path)
    except NtError as error:
        raise LaunchFailed(Win32.FILE_NOT_FOUND) from error
    try:
        image = pefile.PE(data=content)
        entries = image.DIRECTORY_ENTRY_RESOURCE.entries
    except pefile.PEFormatError as error:
        raise LaunchFailed(Win32.BAD_EXE_FORMAT) from error
    except AttributeError:
        return None  # a program without resources
    for entry in entries:
        if str(entry.name) == "REHEARSAL":
            data = entry.directory.entries[0].directory.entries[0].data.struct
            try:
                return Installer.model_validate_json(image.get_data(data.OffsetToData, data.Size))
            except ValidationError:
                return None
    return None


async def run_program(machine: Machine, path: str, arguments: Sequence[str]) -> ProcessExit:
    """Run an installer, or the uninstaller that it left in the product's folder.

    Without its silent switch it shows a window that nobody on a network logon can see, and waits for ever.

    Raises:
        LaunchFailed: see `load_program`; or the user is no administrator, which installers demand.
    """
    product = load_program(machine, path)
    if product is None:
        return ProcessExit(1, stderr=_UNKNOWN)
    if not machine.user.is_administrator:
        raise LaunchFailed(Win32.ELEVATION_REQUIRED)
    if product.silent.casefold() not in (argument.casefold() for argument in arguments):
        await asyncio.Event().wait()
    machine.products.ran(basename(path).casefold())
    await asyncio.sleep(product.seconds)
    if basename(path).casefold() == _UNINSTALLER:
        return _uninstall(machine, product, dirname(path))
    try:
        _install(machine, product, machine.files.read_file(path))
    except NtError as error:
        return ProcessExit(_NO_SPACE, stderr=f"{error}\r\n".encode())
    return ProcessExit(_RESTART_NEEDED if product.restart == "needed" else 0)


def _install(machine: Machine, product: Installer, itself: bytes) -> None:
    view = View.BITS_64 if product.platform == "x64" else View.BITS_32
    root = SYSTEM_FOLDERS["ProgramFiles64Folder" if view is View.BITS_64 else "ProgramFilesFolder"]
    folder = f"{root}\\{product.folder}"
    machine.files.make_directory(folder)
    for name, text in product.files.items():
        machine.files.write_file(f"{folder}\\{name}", text.encode())
    for name in _programs(product):
        machine.files.write_file(f"{folder}\\{name}", itself)
    entry = {
        "DisplayName": product.title,
        "DisplayVersion": product.version,
        "Publisher": product.publisher,
        "InstallLocation": folder,
        "UninstallString": f'"{folder}\\{_UNINSTALLER}"',
        "QuietUninstallString": f'"{folder}\\{_UNINSTALLER}" {product.silent}',
    }
    for name, text in entry.items():
        key = f"{UNINSTALL}\\{product.uninstall_key}"
        put(machine.registry, key, name, Value(RegistryType.String, text), view)


def _programs(product: Installer) -> tuple[str, ...]:
    """The program files that it leaves: copies of itself, whose version is the product's."""
    return (product.program, _UNINSTALLER) if product.program else (_UNINSTALLER,)


def _uninstall(machine: Machine, product: Installer, folder: str) -> ProcessExit:
    view = View.BITS_64 if product.platform == "x64" else View.BITS_32
    for name in (*product.files, *_programs(product)):
        if machine.files.exists(f"{folder}\\{name}"):
            machine.files.remove(f"{folder}\\{name}")
    if not machine.files.names_in(folder):
        machine.files.remove(folder)
    drop_key(machine.registry, f"{UNINSTALL}\\{product.uninstall_key}", view)
    return ProcessExit(0)
