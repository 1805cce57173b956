"""How a program is recognised on a host."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, StrictInt, model_validator

from engine.kinds.contract import Part
from engine.kinds.paths import LocalEntryPath
from engine.kinds.registry import Data, Place, stored, value_query
from engine.kinds.registry_value import normal_key
from engine.kinds.replies import Unreadable, flag, number, objects, single, text
from engine.kinds.versions import Comparison, Version
from engine.model.command import Statement
from engine.model.query import Answers, Ask
from engine.model.words import quoted

GUID = re.compile(r"\{[0-9A-F]{8}(?:-[0-9A-F]{4}){3}-[0-9A-F]{12}\}")


def _guid(text: str) -> str:
    upper = text.upper()
    if not GUID.fullmatch(upper):
        raise ValueError(f"a code looks like {{12345678-ABCD-1234-ABCD-1234567890AB}}: {quoted(text)}")
    return upper


Guid = Annotated[str, AfterValidator(_guid), Field(examples=["{23170F69-40C1-2702-2301-000001000000}"])]
View = Literal["64", "32"]


class ByProductCode(Part):
    """By Windows Installer's code of exactly one version."""

    type: Literal["product_code"] = "product_code"
    code: Guid
    """The product code."""


class ByUpgradeCode(Part):
    """By Windows Installer's code that all versions of a product share."""

    type: Literal["upgrade_code"] = "upgrade_code"
    code: Guid
    """The upgrade code."""


class ByUninstallEntry(Part):
    """By the product's entry under "Apps & features"."""

    type: Literal["uninstall_entry"] = "uninstall_entry"
    key: Annotated[
        str | None, Field(min_length=1, max_length=255, pattern=r"^[^\\\x00]+$", examples=["Audacity_is1"])
    ] = None
    r"""The name of its key below `...\CurrentVersion\Uninstall`."""
    display_name: Annotated[str | None, Field(min_length=1, max_length=255, examples=["Audacity 3.7.1"])] = (
        None
    )
    """The name that people see, exactly but for case; used where the key's name changes with the version."""
    view: View | None = None
    """Which view of the registry holds it; left out, either."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.key is None) == (self.display_name is None):
            raise ValueError("give either key or display_name")
        return self


class ByRegistryValue(Part):
    """By a value that only this product writes."""

    type: Literal["registry_value"] = "registry_value"
    key: Annotated[str, AfterValidator(normal_key), Field(examples=[r"HKLM\SOFTWARE\Example"])]
    """The key with its root."""
    name: Annotated[str, Field(max_length=16_383, examples=["Version"])]
    """The value's name."""
    view: View = "64"
    """Which view of the registry holds it."""
    data: Annotated[StrictInt | str | None, Field(examples=[1])] = None
    """What it holds when the wanted version is installed. Left out, it holds the installed version."""


class ByFileVersion(Part):
    """By the version resource of a program file."""

    type: Literal["file_version"] = "file_version"
    path: Annotated[LocalEntryPath, Field(examples=[r"C:\Program Files\Stellarium\stellarium.exe"])]
    """The file's full path on the host."""


Detection = Annotated[
    ByProductCode | ByUpgradeCode | ByUninstallEntry | ByRegistryValue | ByFileVersion,
    Field(discriminator="type"),
]


@dataclass(frozen=True, slots=True)
class Found:
    """A program that is installed. `comparable` is False where it is only known to be another version."""

    shown: str  # its version in canonical form, or as registered where it holds no number
    version: Version | None
    comparable: bool = True


@dataclass(frozen=True, slots=True)
class Registration:
    """What Windows registers of one product."""

    key: str  # name of its key below Uninstall: the product code, for Windows Installer
    version: str
    windows_installer: bool


def _place(detection: ByRegistryValue) -> Place:
    hive, _, subkey = detection.key.partition("\\")
    return Place(hive=hive, subkey=subkey, name=detection.name, view=detection.view)


def detection_query(detection: Detection) -> Ask:
    """The question that tells if the program is installed."""
    match detection:
        case ByRegistryValue():
            return value_query(_place(detection))
        case ByFileVersion(path=path):
            return Ask(
                statement=Statement.of("Get-RollcallFileVersion", {"Path": path}),
                properties=("Path", "Exists", "FileVersion"),
                together="Path",
            )
        case ByProductCode(code=code):
            return _product_query("KeyName", code)
        case ByUpgradeCode(code=code):
            return _product_query("UpgradeCode", code)
        case ByUninstallEntry(key=None, display_name=name):
            return _product_query("DisplayName", name or "")
        case ByUninstallEntry(key=key):
            return _product_query("KeyName", key or "")


def _product_query(parameter: str, value: str) -> Ask:
    read = ("Found", "KeyName", "View", "DisplayVersion", "WindowsInstaller")
    return Ask(
        statement=Statement.of("Get-RollcallInstalledProduct", {parameter: value}),
        properties=tuple(dict.fromkeys((*read, parameter))),
        together=parameter,
    )


def find_installed(
    detection: Detection, answers: Answers, wanted: str, comparison: Comparison
) -> Found | None:
    """The program as it is installed, in its newest version if there are several; None if it is not.

    Where versions are texts, of which none is newer, it is the wanted one if that is among them. `wanted` is
    also the version that a detection by a fixed registry value stands for.

    Raises:
        Unreadable: the answer does not tell.
    """
    match detection:
        case ByRegistryValue():
            return _by_value(detection, answers, wanted, comparison)
        case ByFileVersion():
            found = single(answers, detection_query(detection))
            return _known(text(found, "FileVersion"), comparison) if flag(found, "Exists") else None
        case _:
            versions = [_known(each.version, comparison) for each in registrations(detection, answers)]
            form = comparison.form(wanted)
            return max(
                versions, key=lambda each: (each.version or Version(()), each.shown == form), default=None
            )


def _known(version: str, comparison: Comparison) -> Found:
    return Found(shown=comparison.form(version), version=comparison.version(version))


def _by_value(
    detection: ByRegistryValue, answers: Answers, wanted: str, comparison: Comparison
) -> Found | None:
    found = stored(single(answers, detection_query(detection)))
    if found is None:
        return None
    if detection.data is None:
        return _known(str(found.data), comparison)
    if _same_data(detection.data, found.data):
        return _known(wanted, comparison)
    return Found(shown="another version", version=None, comparable=False)


def _same_data(wanted: int | str, found: Data) -> bool:
    return str(wanted) == str(found)


def registrations(detection: Detection, answers: Answers) -> tuple[Registration, ...]:
    """What is registered of the product; nothing where it is not recognised by a registration.

    Raises:
        Unreadable: the answer does not tell.
    """
    if isinstance(detection, ByRegistryValue | ByFileVersion):
        return ()
    query = detection_query(detection)
    found = objects(answers, query)
    if not found:
        raise Unreadable("Get-RollcallInstalledProduct: an empty answer")
    view = detection.view if isinstance(detection, ByUninstallEntry) else None
    return tuple(
        Registration(
            key=text(each, "KeyName"),
            version=text(each, "DisplayVersion"),
            windows_installer=flag(each, "WindowsInstaller"),
        )
        for each in found
        if flag(each, "Found") and (view is None or number(each, "View") == int(view))
    )
