"""Installed programs."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.kinds.contract import Part
from engine.kinds.detection import Detection
from engine.kinds.paths import FileName, Sha256
from engine.kinds.versions import VersionWanted, parse_version, parse_wanted
from engine.model.resource import Spec
from engine.model.step import ExitCodes

_TIMEOUT = Field(ge=1, le=6 * 3600, examples=[1800])


class Installer(Part):
    """The file that installs the program, and how to run it without anybody watching."""

    type: Literal["msi", "exe"]
    """`msi` is run by Windows Installer, `exe` by itself."""
    file: Annotated[FileName, Field(examples=["GeoGebra-6.0.885.msi"])]
    """The file's name on the host while it is installed."""
    source: Annotated[str, Field(min_length=1, examples=["files/software/GeoGebra-6.0.885.msi"])]
    """Where the file is on the controller."""
    sha256: Sha256
    """Its SHA-256: 64 hexadecimal digits. A file with another one is never sent."""
    size: Annotated[int, Field(ge=1)]
    """Its size in bytes."""
    version: Annotated[str, Field(min_length=1, examples=["6.0.885"])]
    """The version that it installs."""
    arguments: Annotated[tuple[str, ...], Field(examples=[["ALLUSERS=1"], ["/S"]])] = ()
    """Arguments, one an item. For an msi they follow `/i FILE /qn /norestart /L*v LOG`."""
    timeout_seconds: Annotated[int, _TIMEOUT] = 1800
    """How long it may run."""
    exit_codes: ExitCodes = ExitCodes()
    """What its exit codes mean."""


class Uninstall(Part):
    """How to remove a program that Windows Installer does not know."""

    executable: Annotated[str, Field(min_length=1, examples=[r"C:\Program Files\Audacity\unins000.exe"])]
    """The program on the host that removes it."""
    arguments: Annotated[tuple[str, ...], Field(examples=[["/VERYSILENT", "/NORESTART"]])] = ()
    """Its arguments, one an item."""
    timeout_seconds: Annotated[int, _TIMEOUT] = 1800
    """How long it may run."""
    exit_codes: ExitCodes = ExitCodes()
    """What its exit codes mean."""


def _admits(wanted: str, version: str) -> bool:
    parsed = parse_version(version)
    return parsed is not None and parse_wanted(wanted).admits(parsed)


class SoftwareSpec(Spec):
    """A program in a version, from the district's catalog.

    `version: '>=6.0.8'` is content with a newer one, which may have updated itself. An exact version is meant
    exactly: where a newer one is found, the resource is reported as unreadable with the reason and nothing
    is done, since installers refuse to go back, and removing a program may remove what people set up in it.
    """

    id: Annotated[str, Field(min_length=1, examples=["geogebra"])]
    """The product's short name in the catalog."""
    title: Annotated[str, Field(min_length=1, examples=["GeoGebra Classic 6"])]
    """The product's name for people."""
    version: Annotated[VersionWanted, Field(examples=["6.0.885", ">=6.0.8"])] = ">=0"
    """The version that is wanted: exactly (`6.0.8`), at least (`>=6.0.8`), or any (`>=0`)."""
    detection: Detection
    """How to tell that it is installed, and in which version."""
    installer: Installer | None = None
    """How to install it. Left out only where the program is declared absent."""
    uninstall: Uninstall | None = None
    """How to remove it. A program of Windows Installer needs none: its product code is enough."""

    @model_validator(mode="after")
    def _installer_is_new_enough(self) -> Self:
        if self.installer is not None and not _admits(self.version, self.installer.version):
            raise ValueError(
                f"the installer's version {self.installer.version} is not the wanted {self.version}"
            )
        return self
