"""catalog/software/<id>.yaml and catalog/printers/<model>.yaml: what the district offers."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.manifest.documents.base import Document, Identifier, Sha256, Text

_GUID = re.compile(r"\{[0-9A-F]{8}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{4}-[0-9A-F]{12}\}\Z")


def _guid(text: str) -> str:
    upper = text.upper()
    if not _GUID.match(upper):
        raise ValueError(
            "a product code looks like `{12345678-ABCD-1234-ABCD-1234567890AB}`, with its braces"
        )
    return upper


Guid = Annotated[str, AfterValidator(_guid)]
Minutes = Annotated[int, Field(ge=1, le=600)]


class Installer(Document):
    """The file that installs one version."""

    type: Literal["msi", "exe"]
    """`msi` is run by Windows Installer, `exe` by itself."""
    source: Text
    """The file, relative to the manifests folder."""
    sha256: Sha256
    """The file's SHA-256; a file with another one is never run."""
    arguments: tuple[Text, ...] = ()
    """One argument an item. An msi gets `/i FILE /qn /norestart` and a log by itself."""
    timeout_minutes: Minutes = 30
    """How long it may take."""


class UninstallEntry(Document):
    """An entry of "Apps & features", by the name of its registry key or by the name people see."""

    key: Text | None = None
    """The key's name below `...\\CurrentVersion\\Uninstall`."""
    display_name: Text | None = None
    """The name people see, exactly."""
    view: Literal["64", "32"] | None = None
    """Which view of the registry holds it; left out, either."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.key is None) == (self.display_name is None):
            raise ValueError("give either `key` or `display_name`")
        return self


class RegistryMark(Document):
    """A registry value that only this product writes."""

    key: Text
    """The key with its root, such as `HKLM\\SOFTWARE\\Example`."""
    name: Text
    """The value's name."""
    view: Literal["64", "32"] = "64"
    """Which view of the registry holds it."""
    data: int | str | None = None
    """What it must hold; without it the data is taken as the installed version."""


class Detection(Document):
    """How to tell that the product is installed, and in which version. Exactly one way is given."""

    product_code: Guid | None = None
    """Windows Installer's code of exactly this version."""
    upgrade_code: Guid | None = None
    """Windows Installer's code of all versions of the product."""
    uninstall_entry: UninstallEntry | None = None
    """An entry of "Apps & features"."""
    registry_value: RegistryMark | None = None
    """A registry value."""
    file_version: Text | None = None
    """A program file that carries the product's version, such as `C:\\Program Files\\X\\x.exe`."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            names = "product_code, upgrade_code, uninstall_entry, registry_value, file_version"
            raise ValueError(f"give exactly one of {names}")
        return self


class ExitCodes(Document):
    """What the installer's exit codes mean; any other is a failure."""

    success: tuple[int, ...] = (0, 1707)
    """Done."""
    reboot: tuple[int, ...] = (3010, 1641)
    """Done, and a restart is due."""
    retry: tuple[int, ...] = (1618,)
    """Another installation is running: try again later."""


class Uninstall(Document):
    """How to remove a product that Windows Installer does not know."""

    executable: Text
    """The program on the host that removes it."""
    arguments: tuple[Text, ...] = ()
    """One argument an item, silent."""
    timeout_minutes: Minutes = 30
    """How long it may take."""


class SoftwareVersion(Document):
    """One version that the district offers."""

    version: Text
    """The version as the product reports it."""
    installer: Installer
    """How it is installed."""
    detection: Detection
    """How it is recognised."""
    exit_codes: ExitCodes = ExitCodes()
    """What the installer's exit codes mean."""
    uninstall: Uninstall | None = None
    """How it is removed; an msi needs nothing here."""


class SoftwareDocument(Document):
    """One product of the catalog."""

    software: Identifier
    """The product's short name: the name of its file."""
    title: Text
    """The product's name for people."""
    publisher: Text
    """Who makes it."""
    versions: Annotated[tuple[SoftwareVersion, ...], Field(min_length=1)]
    """The versions offered; the order does not matter."""


class DriverFiles(Document):
    """The files that a manufacturer delivers a driver in."""

    folder: Text
    """Their folder, relative to the manifests folder."""
    inf: Text
    """The name of the file that describes the package."""
    files: Annotated[dict[Text, Sha256], Field(min_length=1)]
    """All files of the package, with the INF and its catalog (.cat): name and SHA-256."""


class PrinterDocument(Document):
    """One printer model of the catalog."""

    printer: Identifier
    """The model's short name: the name of its file."""
    title: Text
    """The model's name for people."""
    driver: Text
    """The driver's name, exactly as Windows shows it."""
    package: DriverFiles | None = None
    """The driver's files; a driver that ships with Windows needs none."""
