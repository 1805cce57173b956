"""How an installed product shows in the registry: Programs and Features, and the installer's own keys."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.rehearsal.windows.installers.package import version_key
from engine.rehearsal.windows.installers.products import InstalledProduct
from engine.rehearsal.windows.registry import Registry, RegistryType, Value
from engine.rehearsal.windows.wow64 import View

UNINSTALL = "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall"
_UPGRADE_CODES = (
    "HKLM\\SOFTWARE\\Classes\\Installer\\UpgradeCodes",
    "HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Installer\\UpgradeCodes",
)
_PRODUCTS = "HKLM\\SOFTWARE\\Classes\\Installer\\Products"


def packed(code: str) -> str:
    """A GUID as Windows Installer names keys by it: groups reversed, punctuation left out."""
    first, second, third, *rest = code.strip("{}").upper().split("-")
    tail = "".join(rest)
    swapped = "".join(tail[i + 1] + tail[i] for i in range(0, len(tail), 2))
    return first[::-1] + second[::-1] + third[::-1] + swapped


def upgrade_code_keys(upgrade_code: str) -> tuple[str, ...]:
    """The keys whose value names are the packed codes of all products with this UpgradeCode."""
    return tuple(f"{place}\\{packed(upgrade_code)}" for place in _UPGRADE_CODES)


def put(registry: Registry, key: str, name: str, value: Value, view: View) -> None:
    """Write a value, with its key where there is none."""
    registry.create(key, view)
    registry.set(key, name, value, view)


def drop_key(registry: Registry, key: str, view: View) -> None:
    """Remove a key with all below it; none is no error."""
    if registry.exists(key, view):
        registry.remove(key, view, recurse=True)


def register(registry: Registry, product: InstalledProduct, size: int, source: str) -> None:
    """Write what Windows Installer writes at PublishProduct and RegisterProduct. `size` is in KiB."""
    major, minor, build = version_key(product.version)
    removal = f"MsiExec.exe /X{product.code}"
    entry = {
        "DisplayName": Value(RegistryType.String, product.name),
        "DisplayVersion": Value(RegistryType.String, product.version),
        "Publisher": Value(RegistryType.String, product.publisher),
        "InstallDate": Value(RegistryType.String, datetime.now(UTC).strftime("%Y%m%d")),
        "InstallSource": Value(RegistryType.String, source),
        "UninstallString": Value(RegistryType.ExpandString, removal),
        "ModifyPath": Value(RegistryType.ExpandString, removal),
        "WindowsInstaller": Value(RegistryType.DWord, 1),
        "EstimatedSize": Value(RegistryType.DWord, size),
        "Language": Value(RegistryType.DWord, 1033),
        "Version": Value(RegistryType.DWord, major << 24 | minor << 16 | build),
        "VersionMajor": Value(RegistryType.DWord, major),
        "VersionMinor": Value(RegistryType.DWord, minor),
    }
    for name, value in entry.items():
        put(registry, f"{UNINSTALL}\\{product.code}", name, value, product.view)
    name_of_product = Value(RegistryType.String, product.name)
    put(registry, f"{_PRODUCTS}\\{packed(product.code)}", "ProductName", name_of_product, View.BITS_64)
    if product.upgrade_code:
        for key in upgrade_code_keys(product.upgrade_code):
            put(registry, key, packed(product.code), Value(RegistryType.String, ""), View.BITS_64)


def unregister(registry: Registry, product: InstalledProduct, *, last_of_its_kind: bool) -> None:
    """Take away what `register` wrote; the upgrade code's key goes with the last product that has it."""
    drop_key(registry, f"{UNINSTALL}\\{product.code}", product.view)
    drop_key(registry, f"{_PRODUCTS}\\{packed(product.code)}", View.BITS_64)
    if not product.upgrade_code:
        return
    for key in upgrade_code_keys(product.upgrade_code):
        if last_of_its_kind:
            drop_key(registry, key, View.BITS_64)
        elif registry.exists(key):
            registry.remove_value(key, packed(product.code))
