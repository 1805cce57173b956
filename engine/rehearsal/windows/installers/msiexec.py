"""Windows Installer's program: what its exit codes say is what happened ("Error Codes" of its SDK)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from ntpath import basename

from engine.rehearsal.windows.installers.commandline import (
    Act,
    CommandLineInvalid,
    MsiexecCall,
    Restart,
    parse_call,
)
from engine.rehearsal.windows.installers.log import InstallerLog
from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.installers.package import MsiPackage, PackageInvalid, read_package
from engine.rehearsal.windows.installers.transaction import (
    InstallFailed,
    computer_properties,
    install,
    remove,
    wants_restart,
)
from engine.rehearsal.windows.ntstatus import NtError

_USUAL_SECONDS = 0.2


class MsiCode(IntEnum):
    SUCCESS = 0
    INSTALL_FAILURE = 1603
    UNKNOWN_PRODUCT = 1605
    INSTALL_ALREADY_RUNNING = 1618
    INSTALL_PACKAGE_OPEN_FAILED = 1619
    INSTALL_PACKAGE_INVALID = 1620
    INSTALL_LOG_FAILURE = 1622
    PRODUCT_VERSION = 1638
    INVALID_COMMAND_LINE = 1639
    SUCCESS_REBOOT_INITIATED = 1641
    SUCCESS_REBOOT_REQUIRED = 3010


@dataclass(frozen=True, slots=True)
class MsiOutcome:
    code: MsiCode
    restart_pending: bool = False


async def run_msiexec(machine: Machine, arguments: Sequence[str], lock: asyncio.Lock) -> MsiOutcome:
    """One run of msiexec. `lock` is the computer's _MSIExecute mutex: one transaction at a time.

    Without a silent option it shows a dialog that nobody on a network logon can see, and waits for ever.
    """
    try:
        call = parse_call(arguments)
    except CommandLineInvalid:
        return MsiOutcome(MsiCode.INVALID_COMMAND_LINE)
    if not call.silent:
        await asyncio.Event().wait()
    log = InstallerLog(" ".join(arguments))
    if call.log is not None and not _can_log(machine, call.log, log):
        return MsiOutcome(MsiCode.INSTALL_LOG_FAILURE)
    if lock.locked():
        outcome = MsiOutcome(MsiCode.INSTALL_ALREADY_RUNNING)
        log.say("Another installation is in progress. Complete that installation before this one.")
    else:
        async with lock:
            outcome = await _work(machine, call, log)
    log.say(f"MainEngineThread is returning {outcome.code.value}")
    if call.log is not None:
        _can_log(machine, call.log, log)  # a disk that is full by now takes nothing back
    return outcome


def _can_log(machine: Machine, path: str, log: InstallerLog) -> bool:
    try:
        log.write(machine.files, path)
    except NtError:
        return False
    return True


async def _work(machine: Machine, call: MsiexecCall, log: InstallerLog) -> MsiOutcome:
    try:
        package = _open(machine, call, log)
    except _CannotOpen as error:
        return MsiOutcome(error.code)
    machine.products.ran((basename(call.subject) if not call.names_product else call.subject).casefold())
    seconds = package.properties.get("RehearsalSeconds") if package else None
    await asyncio.sleep(float(seconds) if seconds else _USUAL_SECONDS)
    if call.act is Act.UNINSTALL:
        return _uninstall(machine, call, package, log)
    if package is None:
        return _repair(machine, call, log)
    return _install(machine, call, package, log)


class _CannotOpen(Exception):
    def __init__(self, code: MsiCode) -> None:
        super().__init__(code)
        self.code = code


def _open(machine: Machine, call: MsiexecCall, log: InstallerLog) -> MsiPackage | None:
    """The package that is named by its path; None where an installed product is named by its code."""
    if call.names_product:
        if machine.products.find(call.subject) is None:
            log.message(f"Unknown product {call.subject}")
            raise _CannotOpen(MsiCode.UNKNOWN_PRODUCT)
        return None
    try:
        content = machine.files.read_file(call.subject)
    except NtError as error:
        log.say(f"Note: 1: 2203 2: {call.subject} 3: {error}")
        raise _CannotOpen(MsiCode.INSTALL_PACKAGE_OPEN_FAILED) from error
    try:
        return read_package(content)
    except PackageInvalid as error:
        log.say(f"Note: 1: 2219 2: {call.subject}: {error}")
        raise _CannotOpen(MsiCode.INSTALL_PACKAGE_INVALID) from error


def _uninstall(
    machine: Machine, call: MsiexecCall, package: MsiPackage | None, log: InstallerLog
) -> MsiOutcome:
    product = machine.products.find(package.product_code if package else call.subject)
    if product is None:
        return MsiOutcome(MsiCode.UNKNOWN_PRODUCT)
    if not machine.user.is_administrator:
        log.error(1730, "You must be an Administrator to remove this application.")
        return MsiOutcome(MsiCode.INSTALL_FAILURE)
    restart = remove(machine, product)
    log.say(f"Windows Installer removed the product. Product Name: {product.name}.")
    if restart and call.restart is not Restart.NEVER:
        return MsiOutcome(MsiCode.SUCCESS_REBOOT_INITIATED)
    return MsiOutcome(MsiCode.SUCCESS_REBOOT_REQUIRED if restart else MsiCode.SUCCESS)


def _repair(machine: Machine, call: MsiexecCall, log: InstallerLog) -> MsiOutcome:
    """A product named by its code is configured from its cached package, which is not kept here."""
    product = machine.products.find(call.subject)
    if product is None:
        return MsiOutcome(MsiCode.UNKNOWN_PRODUCT)
    if not all(machine.files.exists(path) for path in product.files):
        log.error(1706, "No valid source could be found for the product.")
        return MsiOutcome(MsiCode.INSTALL_FAILURE)
    return MsiOutcome(MsiCode.SUCCESS)


def _install(machine: Machine, call: MsiexecCall, package: MsiPackage, log: InstallerLog) -> MsiOutcome:
    present = machine.products.find(package.product_code)
    if present is not None and present.package_code != package.package_code:
        log.message(f"{package.name} -- Another version of this product is already installed.")
        return MsiOutcome(MsiCode.PRODUCT_VERSION)
    if present is not None and call.act is Act.INSTALL:
        return MsiOutcome(MsiCode.SUCCESS)  # maintenance mode with nothing to change
    if present is None and call.act is Act.REPAIR:
        return MsiOutcome(MsiCode.UNKNOWN_PRODUCT)
    properties = {**computer_properties(machine), **package.properties, **call.properties}
    try:
        install(machine, package, call.properties, log, call.subject)
    except InstallFailed as error:
        log.action("INSTALL", 3)
        log.say(f"{package.name} -- Installation failed. {error}")
        return MsiOutcome(MsiCode.INSTALL_FAILURE)
    log.action("INSTALL", 1)
    if call.restart is Restart.ALWAYS:
        return MsiOutcome(MsiCode.SUCCESS_REBOOT_INITIATED)
    if not wants_restart(package, properties):
        return MsiOutcome(MsiCode.SUCCESS)
    if call.restart is Restart.NEVER:
        return MsiOutcome(MsiCode.SUCCESS_REBOOT_REQUIRED, restart_pending=True)
    return MsiOutcome(MsiCode.SUCCESS_REBOOT_INITIATED)
