"""Printer drivers."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.kinds.contract import Part
from engine.kinds.paths import FileName, PlainName, Sha256, same_name
from engine.model.resource import Spec


class PackageFile(Part):
    """One file of a driver package."""

    name: Annotated[FileName, Field(examples=["hpcu270u.inf"])]
    """The file's name as the INF file refers to it."""
    source: Annotated[str, Field(min_length=1, examples=["files/drivers/hp-upd/hpcu270u.inf"])]
    """Where the file is on the controller."""
    sha256: Sha256
    """Its SHA-256: 64 hexadecimal digits."""
    size: Annotated[int, Field(ge=0)]
    """Its size in bytes."""


class DriverPackage(Part):
    """The files that a manufacturer delivers a driver in, all in one folder."""

    inf: Annotated[FileName, Field(examples=["hpcu270u.inf"])]
    """Which of the files describes the package."""
    files: Annotated[tuple[PackageFile, ...], Field(min_length=1)]
    """All files of the package, with the INF file and its catalog (.cat), which holds the signature."""

    @model_validator(mode="after")
    def _complete(self) -> Self:
        names = [file.name.casefold() for file in self.files]
        if not any(same_name(name, self.inf) for name in names):
            raise ValueError(f"{self.inf} is not among the files of the package")
        if len(set(names)) != len(names):
            raise ValueError("two files of the package have the same name")
        return self


class PrinterDriverSpec(Spec):
    """A printer driver for 64-bit Windows, known to the print spooler.

    A driver that is no longer declared stays on the host: other queues may use it.
    """

    name: Annotated[PlainName, Field(examples=["HP Universal Printing PCL 6"])]
    """The driver's name, exactly as Windows shows it and as the INF file spells it."""
    package: DriverPackage | None = None
    """The files to install it from. A driver that ships with Windows, or is in the host's driver store
    already, needs none."""
