"""Installed programs."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.kinds.contract import Dependency, Difference, Impossible, Kind, Part, Removal
from engine.kinds.detection import ByFileVersion, ByRegistryValue, Detection, Found
from engine.kinds.known_versions import (
    KnownVersion,
    Uninstall,
    newest_installed,
    removal_steps,
    version_queries,
)
from engine.kinds.paths import LOGS, PlainName, Sha256, same_name, staged_folder
from engine.kinds.replies import Unreadable, objects, text, unknown_if_unreadable
from engine.kinds.versions import ANY, Comparison, parse_wanted
from engine.model.base import State
from engine.model.command import Argument, Statement
from engine.model.names import check_component
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers, Ask, Query
from engine.model.resource import Spec
from engine.model.source import SourceText
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
from engine.model.words import quoted

_TIMEOUT = Field(ge=1, le=6 * 3600, examples=[1800])


class Installer(Part):
    """The file that installs the program, and how to run it without anybody watching."""

    type: Literal["msi", "exe"]
    """`msi` is run by Windows Installer, `exe` by itself."""
    file: Annotated[PlainName, AfterValidator(check_component), Field(examples=["GeoGebra-6.0.885.msi"])]
    """The file's name on the host while it is installed."""
    source: Annotated[SourceText, Field(examples=["media/GeoGebra-6.0.885.msi"])]
    """Where the file comes from: its path below the manifests folder, a UNC path, or an https address."""
    sha256: Sha256
    """Its SHA-256: 64 hexadecimal digits. A file with another one is never sent."""
    size: Annotated[int, Field(ge=1)]
    """Its size in bytes."""
    signer: Annotated[str | None, Field(min_length=1, examples=["International GeoGebra Institute"])] = None
    """The name (CN) in the Authenticode signature that the file must carry; left out, it is not looked at.
    Windows judges the signature on the host, before the file is run."""
    version: Annotated[str, Field(min_length=1, examples=["6.0.885"])]
    """The version that it installs."""
    arguments: Annotated[tuple[str, ...], Field(examples=[["ALLUSERS=1"], ["/S"]])] = ()
    """Arguments, one an item. For an msi they follow `/i FILE /qn /norestart /L*v LOG`."""
    timeout_seconds: Annotated[int, _TIMEOUT] = 1800
    """How long it may run."""
    exit_codes: ExitCodes = ExitCodes()
    """What its exit codes mean."""


ProductId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", examples=["geogebra"])]
ProcessName = Annotated[PlainName, AfterValidator(check_component), Field(examples=["GeoGebra"])]


class SoftwareSpec(Spec):
    """A program in a version, from the district's catalog.

    `version: '>=6.0.8'` is content with a newer one, which may have updated itself. An exact version is meant
    exactly: where a newer one is found, the resource is reported as unreadable with the reason and nothing
    is done, since installers refuse to go back, and removing a program may remove what people set up in it.
    """

    id: ProductId
    """The product's short name in the catalog."""
    title: Annotated[str, Field(min_length=1, examples=["GeoGebra Classic 6"])]
    """The product's name for people."""
    version: Annotated[str, AfterValidator(str.strip), Field(examples=["6.0.885", ">=6.0.8"])] = ANY
    """The version that is wanted: exactly (`6.0.8`), at least (`>=6.0.8`), or any (`>=0`)."""
    comparison: Literal["numbers", "text"] = "numbers"
    """How an installed version is compared with the wanted one: number by number, or as a text."""
    compared_parts: Annotated[int | None, Field(ge=1, examples=[3])] = None
    """How many leading numbers of a version count; left out, all do."""
    detection: Detection
    """How to tell that it is installed, and in which version."""
    installer: Installer | None = None
    """How to install it. Left out only where the program is declared absent."""
    uninstall: Uninstall | None = None
    """How to remove it. A program of Windows Installer needs none: its product code is enough."""
    other_versions: tuple[KnownVersion, ...] = ()
    """Other versions that the catalog knows, where they are recognised or removed in another way."""
    requires: tuple[ProductId, ...] = ()
    """Products that must be installed first."""
    supersedes: tuple[ProductId, ...] = ()
    """Products that must be removed first."""
    blocking_applications: tuple[ProcessName, ...] = ()
    """Processes, without .exe. While one of them runs on the host, nothing is installed or removed."""
    restart: Literal["report", "ignore"] = "report"
    """Whether a restart that an installer asks for is due, or the product works without one. One that the
    installer has begun by itself (exit code 1641) counts in both."""
    stays: bool = False
    """It came along with another product: it stays on the host when nothing asks for it any more."""

    @property
    def compared(self) -> Comparison:
        """How its versions are compared."""
        return Comparison(parts=self.compared_parts, as_text=self.comparison == "text")

    @model_validator(mode="after")
    def _version_can_be_compared(self) -> Self:
        self.compared.check_wanted(self.version)
        return self

    @model_validator(mode="after")
    def _installer_is_new_enough(self) -> Self:
        if self.installer is not None and not self.compared.admits(self.version, self.installer.version):
            raise ValueError(
                f"the installer's version {self.installer.version} is not the wanted {self.version}"
            )
        return self


_NO_PROCESS = ("NoProcessFoundForGivenName",)
_RESTART_BEGUN = 1641  # ERROR_SUCCESS_REBOOT_INITIATED


def _observe(spec: SoftwareSpec) -> tuple[Query, ...]:
    running = _process_query(spec)
    own = () if running is None else (running,)
    return tuple(dict.fromkeys((*version_queries(_known(spec)), *own, *_watches(spec))))


def _known(spec: SoftwareSpec) -> tuple[KnownVersion, ...]:
    """All versions, the wanted one first."""
    wanted = KnownVersion(
        version=_installed_version(spec), detection=spec.detection, uninstall=spec.uninstall
    )
    return (wanted, *spec.other_versions)


def _staged(installer: Installer) -> str:
    return f"{staged_folder(installer.sha256)}\\{installer.file}"


def _process_query(spec: SoftwareSpec) -> Ask | None:
    """Windows Installer says itself when it is busy (1618); a program of its own must be looked for."""
    if spec.installer is None or spec.installer.type != "exe":
        return None
    return _running(spec.installer.file.rpartition(".")[0] or spec.installer.file)


def _running(name: str) -> Ask:
    return Ask(
        statement=Statement.of("Get-Process", {"Name": name}), properties=("Name", "Path"), together="Name"
    )


def _watches(spec: SoftwareSpec) -> tuple[Ask, ...]:
    return tuple(_running(name) for name in spec.blocking_applications)


def _waits(spec: SoftwareSpec, answers: Answers) -> str:
    """Which of the blocking applications is open. One that cannot be looked for may be."""
    try:
        for name, query in zip(spec.blocking_applications, _watches(spec), strict=True):
            if objects(answers, query, _NO_PROCESS):
                return f"{name} is running on the host"
    except Unreadable as problem:
        return f"it cannot be told what is running on the host: {problem}"
    return ""


def _refuse_if_running(spec: SoftwareSpec, answers: Answers) -> None:
    query = _process_query(spec)
    if query is None or spec.installer is None:
        return
    path = _staged(spec.installer)
    processes = objects(answers, query, _NO_PROCESS) or ()
    if any(same_name(text(process, "Path"), path) for process in processes):
        raise Unreadable("its installer, started by an earlier run, is still running on the host")


def _found(spec: SoftwareSpec, answers: Answers) -> Found | None:
    return newest_installed(_known(spec), answers, spec.compared)


def _installed_version(spec: SoftwareSpec) -> str:
    """What is there after an installation."""
    if spec.installer is not None:
        return spec.installer.version
    return spec.version if spec.comparison == "text" else str(parse_wanted(spec.version).version)


@unknown_if_unreadable
def _parse(spec: SoftwareSpec, answers: Answers) -> Observation:
    _refuse_if_running(spec, answers)
    found = _found(spec, answers)
    if found is None:
        return Absent()
    by_numbers = found.comparable and spec.comparison == "numbers"
    if by_numbers and found.version is None and spec.version != ANY:
        raise Unreadable(f"it is installed, but its version {quoted(found.shown)} holds no number")
    return Present(state={"version": found.shown})


@unknown_if_unreadable
def _wanted(spec: SoftwareSpec, answers: Answers) -> State:
    found = _found(spec, answers)
    goal: State = {"version": spec.compared.form(_installed_version(spec))}
    if found is None or not found.comparable:
        return goal
    if spec.compared.admits(spec.version, found.shown):
        return {"version": found.shown}
    if spec.compared.is_newer(found.shown, spec.version):
        raise Unreadable(
            f"version {found.shown} is installed, which is newer than the wanted {spec.version}: "
            "ask for it with >=, or have the newer one removed"
        )
    return goal


def _steps(spec: SoftwareSpec, difference: Difference) -> tuple[Step, ...]:
    match difference.action:
        case Action.CREATE | Action.UPDATE:
            if spec.installer is None:
                raise Impossible("the catalog has no installer for it")
            return _install(spec, spec.installer)
        case Action.DELETE:
            return _remove(spec, difference.answers)
        case _:
            return ()


def _codes(spec: SoftwareSpec, codes: ExitCodes) -> ExitCodes:
    """The exit codes' meaning for this product: one that works without a restart is simply done.

    A restart that has begun is one all the same (Microsoft, "MsiExec.exe and InstMsi.exe error messages").
    """
    if spec.restart == "report":
        return codes
    begun = tuple(code for code in codes.reboot if code == _RESTART_BEGUN)
    done = tuple(code for code in codes.reboot if code != _RESTART_BEGUN)
    return ExitCodes(success=(*codes.success, *done), reboot=begun, retry=codes.retry)


def _install(spec: SoftwareSpec, installer: Installer) -> tuple[Step, ...]:
    path = _staged(installer)
    put = PutFile(
        path=path,
        content=SourceContent(source=installer.source),
        sha256=installer.sha256,
        size=installer.size,
    )
    staged = (MakeDirectory(path=staged_folder(installer.sha256)), put, *_check(installer))
    if installer.type == "msi":
        log = rf"{LOGS}\{spec.id}-install.log"
        run = RunProcess(
            executable="msiexec.exe",
            arguments=("/i", path, "/qn", "/norestart", "/L*v", log, *installer.arguments),
            timeout_seconds=installer.timeout_seconds,
            exit_codes=_codes(spec, installer.exit_codes),
            log=log,
        )
        return (MakeDirectory(path=LOGS), *staged, run, RemoveFile(path=path))
    run = RunProcess(
        executable=path,
        arguments=installer.arguments,
        timeout_seconds=installer.timeout_seconds,
        exit_codes=_codes(spec, installer.exit_codes),
    )
    return (*staged, run, RemoveFile(path=path))


def _check(installer: Installer) -> tuple[Step, ...]:
    """Let the host judge the signature; where that fails, the staged file is removed and nothing runs."""
    if installer.signer is None:
        return ()
    parameters: dict[str, Argument] = {"Path": _staged(installer), "CommonName": installer.signer}
    return (Invoke(statements=(Statement.of("Assert-RollcallSigner", parameters),)),)


def _remove(spec: SoftwareSpec, answers: Answers) -> tuple[Step, ...]:
    try:
        steps = removal_steps(_known(spec), answers, spec.compared, spec.id)
    except Unreadable as problem:
        raise Impossible(f"what is installed cannot be told: {problem}") from None
    return tuple(
        step.model_copy(update={"exit_codes": _codes(spec, step.exit_codes)})
        if isinstance(step, RunProcess)
        else step
        for step in steps
    )


def _keeps(spec: SoftwareSpec, _observed: State) -> bool:
    """No longer declared, it stays where others may need it, and where nothing says how to remove it."""
    no_way = spec.uninstall is None and isinstance(spec.detection, ByRegistryValue | ByFileVersion)
    return spec.stays or no_way


def _remembered(spec: SoftwareSpec) -> SoftwareSpec:
    return spec.model_copy(update={"installer": None, "version": ANY, "supersedes": ()})


def _dependencies(spec: SoftwareSpec) -> tuple[Dependency, ...]:
    return (
        *(Dependency("software", other) for other in spec.requires),
        *(Dependency("software", other, gone=True) for other in spec.supersedes),
    )


SOFTWARE = Kind(
    name="software",
    spec=SoftwareSpec,
    removal=Removal.DELETE,
    identity=lambda spec: spec.id,
    observe=_observe,
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
    remembered=_remembered,
    keeps=_keeps,
    dependencies=_dependencies,
    watches=_watches,
    waits=_waits,
)
