"""Reads an MSI package: what its own tables say it is, needs and installs. Knows no host."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pymsi.msi.msi import Msi
from pymsi.package import Package

_X64_COMPONENT = 256  # msidbComponentAttributes64bit
_MIN_INCLUSIVE, _MAX_INCLUSIVE, _ONLY_DETECT = 256, 512, 2  # msidbUpgradeAttributes...

Row = Mapping[str, str | int | None]


class PackageInvalid(Exception):
    """The file is no MSI package, or one of its tables makes no sense."""


@dataclass(frozen=True, slots=True)
class Component:
    key: str
    directory: str
    condition: str
    is_64_bit: bool
    feature_level: int  # the lowest level of the features that want it


@dataclass(frozen=True, slots=True)
class PackagedFile:
    key: str
    name: str
    component: str
    size: int  # bytes


@dataclass(frozen=True, slots=True)
class RegistryEntry:
    root: int  # -1 by ALLUSERS, 0 HKCR, 1 HKCU, 2 HKLM, 3 HKU
    key: str
    name: str | None
    value: str | None
    component: str


@dataclass(frozen=True, slots=True)
class UpgradeRule:
    """A range of versions of a related product; the first three parts of a version count."""

    upgrade_code: str
    minimum: str | None
    maximum: str | None
    min_inclusive: bool
    max_inclusive: bool
    only_detect: bool
    action_property: str

    def covers(self, version: str) -> bool:
        """Whether an installed product of this version is meant."""
        found = version_key(version)
        if self.minimum:
            low = version_key(self.minimum)
            if found < low or (found == low and not self.min_inclusive):
                return False
        if self.maximum:
            high = version_key(self.maximum)
            if found > high or (found == high and not self.max_inclusive):
                return False
        return True


@dataclass(frozen=True, slots=True)
class Directory:
    parent: str | None
    name: str  # "." is the parent itself


@dataclass(frozen=True, slots=True)
class MsiPackage:
    properties: Mapping[str, str]
    package_code: str
    is_64_bit: bool
    directories: Mapping[str, Directory]
    components: Mapping[str, Component]
    files: tuple[PackagedFile, ...]
    registry: tuple[RegistryEntry, ...]
    upgrades: tuple[UpgradeRule, ...]
    launch_conditions: tuple[tuple[str, str], ...]  # condition, text when it does not hold
    actions: tuple[tuple[str, str], ...]  # name, condition; in sequence
    content: bytes

    @property
    def product_code(self) -> str:
        return self.properties["ProductCode"].upper()

    @property
    def name(self) -> str:
        return self.properties["ProductName"]

    @property
    def version(self) -> str:
        return self.properties["ProductVersion"]


def version_key(version: str) -> tuple[int, int, int]:
    """The three parts by which Windows Installer compares product versions; it ignores a fourth."""
    parts = [int(part) for part in re.findall(r"\d+", version)[:3]] + [0, 0, 0]
    return parts[0], parts[1], parts[2]


def read_package(content: bytes) -> MsiPackage:
    """Read a package from its bytes.

    Raises:
        PackageInvalid: it is no compound file, no database, or lacks what every package must have.
    """
    try:
        package = Package(io.BytesIO(content), strict=False)
        return _read(package, content)
    except Exception as error:
        raise PackageInvalid(f"not a Windows Installer package: {error}") from error


def read_payload(package: MsiPackage) -> dict[str, bytes]:
    """The bytes of every packaged file, by its key in the File table.

    Raises:
        PackageInvalid: a cabinet is missing (a package with cabinets beside it) or broken.
    """
    try:
        msi = Msi(Package(io.BytesIO(package.content), strict=False), load_data=True, strict=False)
        return {key: bytes(file.resolve().decompress()) for key, file in msi.files.items()}
    except Exception as error:
        raise PackageInvalid(f"its files cannot be unpacked: {error}") from error


def _rows(package: Package, table: str) -> Iterator[Row]:
    found = package.get(table)
    yield from found.iter(localize=True) if found is not None else ()


def _text(row: Row, column: str) -> str:
    value = row[column]
    return "" if value is None else str(value)


def _number(row: Row, column: str) -> int:
    value = row[column]
    return value if isinstance(value, int) else 0


def _read(package: Package, content: bytes) -> MsiPackage:
    properties = {_text(row, "Property"): _text(row, "Value") for row in _rows(package, "Property")}
    for name in ("ProductCode", "ProductName", "ProductVersion"):
        if not properties.get(name):
            raise PackageInvalid(f"the Property table has no {name}")
    summary = package.summary
    if summary is None:
        raise PackageInvalid("there is no summary information")
    return MsiPackage(
        properties=properties,
        package_code=str(summary.uuid()).upper(),
        is_64_bit=(summary.arch() or "").casefold() in ("x64", "amd64", "arm64"),
        directories=dict(_directory(row) for row in _rows(package, "Directory")),
        components=_components(package),
        files=tuple(
            PackagedFile(
                _text(row, "File"), _text(row, "FileName"), _text(row, "Component_"), _number(row, "FileSize")
            )
            for row in _rows(package, "File")
        ),
        registry=tuple(_registry(row) for row in _rows(package, "Registry")),
        upgrades=tuple(_upgrade(row) for row in _rows(package, "Upgrade")),
        launch_conditions=tuple(
            (_text(row, "Condition"), _text(row, "Description")) for row in _rows(package, "LaunchCondition")
        ),
        actions=tuple(
            (_text(row, "Action"), _text(row, "Condition"))
            for row in sorted(
                _rows(package, "InstallExecuteSequence"), key=lambda row: _number(row, "Sequence")
            )
            if _number(row, "Sequence") > 0
        ),
        content=content,
    )


def _directory(row: Row) -> tuple[str, Directory]:
    parent = _text(row, "Directory_Parent")
    # DefaultDir is target:source; each may be short|long.
    target = _text(row, "DefaultDir").split(":")[0].rpartition("|")[2]
    key = _text(row, "Directory")
    return key, Directory(parent if parent and parent != key else None, target)


def _components(package: Package) -> dict[str, Component]:
    levels = {_text(row, "Feature"): _number(row, "Level") for row in _rows(package, "Feature")}
    wanted: dict[str, list[int]] = {}
    for row in _rows(package, "FeatureComponents"):
        wanted.setdefault(_text(row, "Component_"), []).append(levels.get(_text(row, "Feature_"), 0))
    return {
        _text(row, "Component"): Component(
            _text(row, "Component"),
            _text(row, "Directory_"),
            _text(row, "Condition"),
            bool(_number(row, "Attributes") & _X64_COMPONENT),
            min((level for level in wanted.get(_text(row, "Component"), ()) if level > 0), default=0),
        )
        for row in _rows(package, "Component")
    }


def _registry(row: Row) -> RegistryEntry:
    name, value = row["Name"], row["Value"]
    return RegistryEntry(
        _number(row, "Root"),
        _text(row, "Key"),
        None if name is None else str(name),
        None if value is None else str(value),
        _text(row, "Component_"),
    )


def _upgrade(row: Row) -> UpgradeRule:
    attributes = _number(row, "Attributes")
    return UpgradeRule(
        _text(row, "UpgradeCode").upper(),
        _text(row, "VersionMin") or None,
        _text(row, "VersionMax") or None,
        bool(attributes & _MIN_INCLUSIVE),
        bool(attributes & _MAX_INCLUSIVE),
        bool(attributes & _ONLY_DETECT),
        _text(row, "ActionProperty"),
    )
