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
    """Registrations of a product in both views of the registry."""
    registry = call.host.registry
    call.host.journal.read()
    found = False
    for view, bits in ((View.BITS_64, 64), (View.BITS_32, 32)):
        for name in _wanted(call, registry, view):
            key = f"{_UNINSTALL}\\{name}"
            if registry.exists(key, view):
                found = True
                yield Output(_registration(registry, key, name, view, bits))
    if not found:
        yield Output(
            custom_object(
                Found=False, KeyName="", View=0, DisplayName="", DisplayVersion="", WindowsInstaller=False
            )
        )


def _wanted(call: Call, registry: Registry, view: View) -> tuple[str, ...]:
    """The names of the keys to look for in one view."""
    key_name, display_name = call.bound.text("KeyName"), call.bound.text("DisplayName")
    if key_name is not None:
        return (key_name,)
    if display_name is None:
        return _of_upgrade_code(call, registry)
    return tuple(
        name
        for name in (registry.subkeys(_UNINSTALL, view) if registry.exists(_UNINSTALL, view) else ())
        if _text(registry, f"{_UNINSTALL}\\{name}", "DisplayName", view).casefold() == display_name.casefold()
    )


def _text(registry: Registry, key: str, name: str, view: View) -> str:
    value = registry.value(key, name, view)
    return "" if value is None or value.data is None else str(value.data)


def _of_upgrade_code(call: Call, registry: Registry) -> tuple[str, ...]:
    code = packed((call.bound.text("UpgradeCode") or "").strip("{}").replace("-", "")).upper()
    products: dict[str, None] = {}
    for place in _UPGRADE_CODES:
        key = f"{place}\\{code}"
        for name, _ in registry.values(key) if registry.exists(key) else ():
            if len(name) == 32:
                products[f"{{{UUID(packed(name))}}}".upper()] = None
    return tuple(products)


def _registration(registry: Registry, key: str, name: str, view: View, bits: int) -> PsObject:
    return custom_object(
        Found=True,
        KeyName=name,
        View=bits,
        DisplayName=_text(registry, key, "DisplayName", view),
        DisplayVersion=_text(registry, key, "DisplayVersion", view),
        WindowsInstaller=_text(registry, key, "WindowsInstaller", view) == "1",
    )
