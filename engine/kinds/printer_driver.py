"""Printer drivers."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from engine.kinds.contract import Difference, Kind, Part, Removal
from engine.kinds.paths import FileName, PlainName, Sha256, same_name, spelled_like, staged_folder
from engine.kinds.replies import single_or_absent, text, unknown_if_unreadable
from engine.model.base import State
from engine.model.command import Argument, Statement
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers, Ask, PsObject
from engine.model.resource import Spec
from engine.model.source import ProjectSourceText
from engine.model.step import (
    ExitCodes,
    Invoke,
    MakeDirectory,
    PutFile,
    RemoveFile,
    RunProcess,
    SourceContent,
    Step,
)


class PackageFile(Part):
    """One file of a driver package."""

    name: Annotated[FileName, Field(examples=["hpcu270u.inf"])]
    """The file's name as the INF file refers to it."""
    source: Annotated[ProjectSourceText, Field(examples=["media/hp-upd/hpcu270u.inf"])]
    """Its path below the manifests folder."""
    sha256: Annotated[
        Sha256, Field(examples=["5de2b0cafeae5e08b224045afd2b90768c3346d71cec6466919b49c3d965b758"])
    ]
    """Its SHA-256: 64 hexadecimal digits."""
    size: Annotated[int, Field(ge=0, examples=[48_211])]
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


# Asked by two properties, the cmdlet may report either of them, or both.
_NOT_FOUND = (
    "CmdletizationQuery_NotFound_Name",
    "CmdletizationQuery_NotFound_PrinterEnvironment",
    "CmdletizationQuery_NotFound",
)
_ENVIRONMENT = "Windows x64"
_PNPUTIL_TIMEOUT = 600  # seconds
# Microsoft, "PnPUtil Return values": 259 is no matching device, or a package that is there already.
_PNPUTIL_CODES = ExitCodes(success=(0, 259), reboot=(3010, 1641), retry=())


def _query(spec: PrinterDriverSpec) -> Ask:
    parameters: dict[str, Argument] = {"Name": spec.name, "PrinterEnvironment": _ENVIRONMENT}
    return Ask(statement=Statement.of("Get-PrinterDriver", parameters), properties=("Name",), together="Name")


def _driver(spec: PrinterDriverSpec, answers: Answers) -> PsObject | None:
    return single_or_absent(answers, _query(spec), _NOT_FOUND)


@unknown_if_unreadable
def _parse(spec: PrinterDriverSpec, answers: Answers) -> Observation:
    driver = _driver(spec, answers)
    return Absent() if driver is None else Present(state={"driver": text(driver, "Name")})


@unknown_if_unreadable
def _wanted(spec: PrinterDriverSpec, answers: Answers) -> State:
    driver = _driver(spec, answers)
    return {"driver": spelled_like(spec.name, driver and text(driver, "Name"))}


def _steps(spec: PrinterDriverSpec, difference: Difference) -> tuple[Step, ...]:
    match difference.action:
        case Action.CREATE:
            add = Invoke(statements=(Statement.of("Add-PrinterDriver", {"Name": spec.name}),))
            return (add,) if spec.package is None else _install(spec.package, add)
        case Action.DELETE:
            parameters: dict[str, Argument] = {"Name": spec.name, "PrinterEnvironment": _ENVIRONMENT}
            return (Invoke(statements=(Statement.of("Remove-PrinterDriver", parameters),)),)
        case _:
            return ()


def _install(package: DriverPackage, add: Step) -> tuple[Step, ...]:
    """Stage the package, bring it into the driver store, tell the spooler, clean up."""
    inf = next(file for file in package.files if same_name(file.name, package.inf))
    folder = staged_folder(inf.sha256)
    puts = tuple(
        PutFile(
            path=f"{folder}\\{file.name}",
            content=SourceContent(source=file.source),
            sha256=file.sha256,
            size=file.size,
        )
        for file in package.files
    )
    store = RunProcess(
        executable="pnputil.exe",
        arguments=("/add-driver", f"{folder}\\{inf.name}", "/install"),
        timeout_seconds=_PNPUTIL_TIMEOUT,
        exit_codes=_PNPUTIL_CODES,
    )
    return (MakeDirectory(path=folder), *puts, store, add, *(RemoveFile(path=put.path) for put in puts))


PRINTER_DRIVER = Kind(
    name="printer_driver",
    spec=PrinterDriverSpec,
    removal=Removal.FORGET,
    identity=lambda spec: spec.name,
    observe=lambda spec: (_query(spec),),
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
    remembered=lambda spec: PrinterDriverSpec(name=spec.name),
)
