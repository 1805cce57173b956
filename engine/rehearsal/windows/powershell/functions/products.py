"""Get-RollcallInstalledProduct."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.functions.emulation import custom_object
from engine.rehearsal.windows.powershell.records import Output, PsObject, Record
from engine.rehearsal.windows.registry import Registry
from engine.rehearsal.windows.wow64 import View

_UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
_UPGRADE_CODES = (
    r"HKLM\SOFTWARE\Classes\Installer\UpgradeCodes",
    r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Installer\UpgradeCodes",
)
# Windows Installer reverses the digits of the first three groups, and swaps the pairs of the rest.
_ORDER = (7, 6, 5, 4, 3, 2, 1, 0, 11, 10, 9, 8, 15, 14, 13, 12, *(at ^ 1 for at in range(16, 32)))


def packed(digits: str) -> str:
    """A GUID's 32 digits in Windows Installer's order; twice gives the first order again."""
    return "".join(digits[at] for at in _ORDER)


def get(call: Call) -> Iterator[Record]:
    """Registrations of products in both views of the registry."""
    call.host.journal.read()
    for parameter in ("KeyName", "DisplayName", "UpgradeCode"):
        for asked in call.bound.texts(parameter):
            yield from _registered(call.host.registry, parameter, asked)


def _registered(registry: Registry, parameter: str, asked: str) -> Iterator[Record]:
    upgrade_code = asked if parameter == "UpgradeCode" else ""
    found = False
    for view, bits in ((View.BITS_64, 64), (View.BITS_32, 32)):
        for name in _wanted(registry, parameter, asked, view):
            key = f"{_UNINSTALL}\\{name}"
            if registry.exists(key, view):
                found = True
                yield Output(_registration(registry, name, upgrade_code, view, bits))
    if not found:
        yield Output(
            custom_object(
                Found=False,
                KeyName=asked if parameter == "KeyName" else "",
                UpgradeCode=upgrade_code,
                View=0,
                DisplayName=asked if parameter == "DisplayName" else "",
                DisplayVersion="",
                WindowsInstaller=False,
            )
        )


def _wanted(registry: Registry, parameter: str, asked: str, view: View) -> tuple[str, ...]:
    """The names of the keys to look for in one view."""
    if parameter == "KeyName":
        return (asked,)
    if parameter == "UpgradeCode":
        return _of_upgrade_code(registry, asked)
    return tuple(
        name
        for name in (registry.subkeys(_UNINSTALL, view) if registry.exists(_UNINSTALL, view) else ())
        if _text(registry, f"{_UNINSTALL}\\{name}", "DisplayName", view).casefold() == asked.casefold()
    )


def _text(registry: Registry, key: str, name: str, view: View) -> str:
    value = registry.value(key, name, view)
    return "" if value is None or value.data is None else str(value.data)


def _of_upgrade_code(registry: Registry, asked: str) -> tuple[str, ...]:
    code = packed(asked.strip("{}").replace("-", "")).upper()
    products: dict[str, None] = {}
    for place in _UPGRADE_CODES:
        key = f"{place}\\{code}"
        for name, _ in registry.values(key) if registry.exists(key) else ():
            if len(name) == 32:
                products[f"{{{UUID(packed(name))}}}".upper()] = None
    return tuple(products)


def _registration(registry: Registry, name: str, upgrade_code: str, view: View, bits: int) -> PsObject:
    key = f"{_UNINSTALL}\\{name}"
    return custom_object(
        Found=True,
        KeyName=name,
        UpgradeCode=upgrade_code,
        View=bits,
        DisplayName=_text(registry, key, "DisplayName", view),
        DisplayVersion=_text(registry, key, "DisplayVersion", view),
        WindowsInstaller=_text(registry, key, "WindowsInstaller", view) == "1",
    )
