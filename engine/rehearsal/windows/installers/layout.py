"""Where a package puts things: folders, files and registry entries, with properties filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from engine.rehearsal.windows.installers.conditions import evaluate
from engine.rehearsal.windows.installers.package import Component, MsiPackage, RegistryEntry
from engine.rehearsal.windows.registry import RegistryType, Value
from engine.rehearsal.windows.wow64 import View

# "System Folder Properties" of the Windows Installer SDK, as a machine-wide installation sees them.
SYSTEM_FOLDERS: Mapping[str, str] = {
    "ProgramFiles64Folder": "C:\\Program Files",
    "ProgramFilesFolder": "C:\\Program Files (x86)",
    "CommonFiles64Folder": "C:\\Program Files\\Common Files",
    "CommonFilesFolder": "C:\\Program Files (x86)\\Common Files",
    "CommonAppDataFolder": "C:\\ProgramData",
    "WindowsFolder": "C:\\Windows",
    "System64Folder": "C:\\Windows\\System32",
    "SystemFolder": "C:\\Windows\\SysWOW64",
    "FontsFolder": "C:\\Windows\\Fonts",
    "TempFolder": "C:\\Windows\\Temp",
    "ProgramMenuFolder": "C:\\ProgramData\\Microsoft\\Windows\\Start Menu\\Programs",
    "StartMenuFolder": "C:\\ProgramData\\Microsoft\\Windows\\Start Menu",
    "DesktopFolder": "C:\\Users\\Public\\Desktop",
    "TARGETDIR": "C:",
}
_HIVES = {-1: "HKLM", 0: "HKCR", 1: "HKCU", 2: "HKLM", 3: "HKU"}
_REFERENCE = re.compile(r"\[(?P<sign>[#$!%]?)(?P<name>[A-Za-z_][A-Za-z0-9_.]*)\]|\[\\(?P<escaped>.)\]")


@dataclass(frozen=True, slots=True)
class PlacedFile:
    key: str
    path: str
    size: int


@dataclass(frozen=True, slots=True)
class PlacedValue:
    """A registry value to be written; `key` starts with its hive."""

    key: str
    name: str
    value: Value
    view: View


@dataclass(frozen=True, slots=True)
class Layout:
    folders: tuple[str, ...]
    files: tuple[PlacedFile, ...]
    values: tuple[PlacedValue, ...]


def lay_out(package: MsiPackage, properties: Mapping[str, str]) -> Layout:
    """Everything the package would put on a computer, given its properties and the command line's."""
    folders = _Folders(package, properties)
    level = int(properties.get("INSTALLLEVEL", "1"))
    chosen = {
        key: component
        for key, component in package.components.items()
        if 0 < component.feature_level <= level and evaluate(component.condition, properties)
    }
    files = tuple(
        PlacedFile(file.key, f"{folders.path(chosen[file.component].directory)}\\{file.name}", file.size)
        for file in package.files
        if file.component in chosen
    )
    texts = _Texts(properties, folders, {file.key: file.path for file in files})
    values = tuple(
        placed
        for entry in package.registry
        if entry.component in chosen
        for placed in _place(entry, chosen[entry.component], texts)
    )
    return Layout(tuple(dict.fromkeys(folders.path(c.directory) for c in chosen.values())), files, values)


class _Folders:
    def __init__(self, package: MsiPackage, properties: Mapping[str, str]) -> None:
        self._directories = package.directories
        self._properties = properties

    def __contains__(self, key: str) -> bool:
        return key in self._directories

    def path(self, key: str) -> str:
        """The folder's path without a trailing backslash; a property of its name overrides it."""
        if override := self._properties.get(key):
            return override.rstrip("\\")
        if key in SYSTEM_FOLDERS:
            return SYSTEM_FOLDERS[key]
        directory = self._directories[key]
        parent = self.path(directory.parent) if directory.parent else SYSTEM_FOLDERS["TARGETDIR"]
        return parent if directory.name in (".", "SourceDir") else f"{parent}\\{directory.name}"


class _Texts:
    """Fills in formatted texts: `[Property]`, `[#file]`, `[DIRECTORY]`, `[\\[]`."""

    def __init__(self, properties: Mapping[str, str], folders: _Folders, files: Mapping[str, str]) -> None:
        self._properties = properties
        self._folders = folders
        self._files = files

    def fill(self, text: str) -> str:
        return _REFERENCE.sub(self._value, text)

    def _value(self, match: re.Match[str]) -> str:
        if match["escaped"]:
            return match["escaped"]
        name = match["name"]
        if match["sign"] in ("#", "!"):
            return self._files.get(name, "")
        if name in self._folders:
            return self._folders.path(name) + "\\"
        return self._properties.get(name, "")


def _place(entry: RegistryEntry, component: Component, texts: _Texts) -> tuple[PlacedValue, ...]:
    """The value of a Registry row; one with no value is a key alone, which comes with its values."""
    if entry.value is None and entry.name in ("+", "-", "*"):
        return ()
    key = f"{_HIVES[entry.root]}\\{texts.fill(entry.key)}"
    value = _typed(texts.fill(entry.value or ""))
    view = View.BITS_64 if component.is_64_bit else View.BITS_32
    return (PlacedValue(key, texts.fill(entry.name or ""), value, view),)


def _typed(value: str) -> Value:
    """The prefixes of the Registry table's Value column."""
    if value.startswith("##"):
        return Value(RegistryType.String, value[1:])
    if value.startswith("#x"):
        return Value(RegistryType.Binary, bytes.fromhex(value[2:]))
    if value.startswith("#%"):
        return Value(RegistryType.ExpandString, value[2:])
    if value.startswith("#"):
        return Value(RegistryType.DWord, int(value[1:]) & 0xFFFFFFFF)
    if "[~]" in value:
        return Value(RegistryType.MultiString, tuple(part for part in value.split("[~]") if part))
    return Value(RegistryType.String, value)
