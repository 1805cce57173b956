"""Installs and removes the product of a package: files, registry, the installer's database."""

from __future__ import annotations

from collections.abc import Mapping

from engine.rehearsal.windows.installers.conditions import ConditionInvalid, evaluate
from engine.rehearsal.windows.installers.layout import Layout, lay_out
from engine.rehearsal.windows.installers.log import InstallerLog
from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.installers.package import MsiPackage, PackageInvalid, read_payload
from engine.rehearsal.windows.installers.products import InstalledProduct, WrittenValue
from engine.rehearsal.windows.installers.registration import put, register, unregister
from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.reboot import rename_at_start
from engine.rehearsal.windows.wow64 import View


class InstallFailed(Exception):
    """The transaction ends and is rolled back: msiexec exits with 1603."""


def computer_properties(machine: Machine) -> dict[str, str]:
    """Properties that Windows Installer sets from the computer it runs on ("Property Reference")."""
    # Windows Installer has called every Windows since 8.1 version 603.
    return {
        "VersionNT": "603",
        "VersionNT64": "603",
        "WindowsBuild": "9600",
        "MsiNTProductType": "3" if machine.is_server else "1",
        "Privileged": "1" if machine.user.is_administrator else "",
        "AdminUser": "1" if machine.user.is_administrator else "",
        "ComputerName": machine.name,
        "UILevel": "2",
    }


def install(
    machine: Machine,
    package: MsiPackage,
    given: Mapping[str, str],
    log: InstallerLog,
    source: str,
) -> None:
    """Run the package's own sequence as far as it is known: detect, check, replace, copy, register.

    Raises:
        InstallFailed: the user is no administrator, a launch condition does not hold, the payload cannot
            be unpacked, or the disk is full. Nothing of the product stays behind.
    """
    properties = {**computer_properties(machine), **package.properties, **given}
    if machine.products.find(package.product_code):
        properties["Installed"] = "1"
    replaced = _find_related(machine, package, properties, log)
    _check(machine, package, properties, log)
    layout = lay_out(package, properties)
    if "RemoveExistingProducts" in dict(package.actions):
        for product in replaced:
            log.say(f"Removing related product {product.code}, version {product.version}")
            remove(machine, product)
    written = _put_in_place(machine, package, layout, log)
    machine.products.add(written)
    size = sum(file.size for file in layout.files) // 1024 + 1
    register(machine.registry, written, size, source)
    log.say(f"Windows Installer installed the product. Product Name: {written.name}.")


def wants_restart(package: MsiPackage, properties: Mapping[str, str]) -> bool:
    """Whether the package's sequence schedules or forces a restart."""
    return any(
        name in ("ScheduleReboot", "ForceReboot") and evaluate(condition, properties)
        for name, condition in package.actions
    )


def remove(machine: Machine, product: InstalledProduct) -> bool:
    """Take a product away: its files, its folders where they are empty by then, its registry entries.

    Returns whether a restart is needed, because files that are in use are only deleted at the next start.
    """
    in_use = [path for path in product.files if not _delete(machine, path)]
    for path in in_use:
        rename_at_start(machine.registry, path)
    for folder in sorted(product.folders, key=len, reverse=True):
        if machine.files.exists(folder) and not machine.files.names_in(folder):
            machine.files.remove(folder)
    for value in product.values:
        if machine.registry.exists(value.key, value.view):
            machine.registry.remove_value(value.key, value.name, value.view)
    machine.products.drop(product.code)
    others = machine.products.related(product.upgrade_code)
    unregister(machine.registry, product, last_of_its_kind=not others)
    return bool(in_use)


def _delete(machine: Machine, path: str) -> bool:
    try:
        machine.files.remove(path)
    except NtError as error:
        if error.status is NtStatus.SHARING_VIOLATION:
            return False
        raise
    return True


def _find_related(
    machine: Machine, package: MsiPackage, properties: dict[str, str], log: InstallerLog
) -> list[InstalledProduct]:
    """FindRelatedProducts: set each rule's property; returns what is to be removed."""
    replaced = []
    for rule in package.upgrades:
        for product in machine.products.related(rule.upgrade_code):
            if product.code.upper() == package.product_code or not rule.covers(product.version):
                continue
            log.say(f"FindRelatedProducts: Found application: {product.code}")
            known = properties.get(rule.action_property)
            properties[rule.action_property] = f"{known};{product.code}" if known else product.code
            if not rule.only_detect:
                replaced.append(product)
    return replaced


def _check(machine: Machine, package: MsiPackage, properties: Mapping[str, str], log: InstallerLog) -> None:
    for condition, text in package.launch_conditions:
        try:
            holds = evaluate(condition, properties)
        except ConditionInvalid as error:
            raise InstallFailed(str(error)) from error
        if not holds:
            shown = text.replace("[ProductName]", package.name)
            log.message(f"{package.name} -- {shown}")
            log.action("LaunchConditions", 3)
            raise InstallFailed(shown)
    if not machine.user.is_administrator:
        log.error(
            1925,
            "You do not have sufficient privileges to complete this installation for all users of the"
            " machine.  Log on as administrator and then retry this installation.",
        )
        raise InstallFailed("not an administrator")


def _put_in_place(
    machine: Machine, package: MsiPackage, layout: Layout, log: InstallerLog
) -> InstalledProduct:
    try:
        payload = read_payload(package)
    except PackageInvalid as error:
        log.error(1305, f"Error reading from file. {error}")
        raise InstallFailed(str(error)) from error
    placed: list[str] = []
    try:
        for folder in layout.folders:
            machine.files.make_directory(folder)
        for file in layout.files:
            log.say(f"Executing op: FileCopy(SourceName={file.key},DestName={file.path})")
            placed.append(file.path)
            machine.files.write_file(file.path, payload[file.key])
    except NtError as error:
        log.error(1304, f"Error writing to file: {placed[-1] if placed else ''}. {error}")
        log.say("Rolling back")
        for path in placed:
            if machine.files.exists(path):
                machine.files.remove(path)
        raise InstallFailed(str(error)) from error
    values = [_owned(value.key, machine.user.user_sid) for value in layout.values]
    for key, value in zip(values, layout.values, strict=True):
        put(machine.registry, key, value.name, value.value, value.view)
    return InstalledProduct(
        code=package.product_code,
        name=package.name,
        version=package.version,
        publisher=package.properties.get("Manufacturer", ""),
        upgrade_code=package.properties.get("UpgradeCode", "").upper(),
        package_code=package.package_code,
        view=View.BITS_64 if package.is_64_bit else View.BITS_32,
        folders=layout.folders,
        files=tuple(file.path for file in layout.files),
        values=tuple(
            WrittenValue(key, value.name, value.view)
            for key, value in zip(values, layout.values, strict=True)
        ),
    )


def _owned(key: str, user_sid: str) -> str:
    """A key of HKCU is one of the installing user's own hive."""
    return f"HKU\\{user_sid}{key.removeprefix('HKCU')}" if key.startswith("HKCU") else key
