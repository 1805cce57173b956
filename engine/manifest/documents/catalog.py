"""catalog/software/<id>.yaml and catalog/printers/<model>.yaml: what the district offers."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, ConfigDict, Field, ValidationInfo, field_validator, model_validator

from engine.manifest.documents.base import Document, Identifier, Sha256, Text
from engine.manifest.documents.evaluation import Evaluation
from engine.model.form import Form
from engine.model.names import check_component
from engine.model.printing import Duplex, Paper
from engine.model.source import ProjectFile, SourceText, parse_source

_NO_PROCESS = re.compile(r"""[\\/:*?"<>|\[\]\x00-\x1f]""")
_GUID = Form(
    r"\{[0-9A-Fa-f]{8}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{4}-[0-9A-Fa-f]{12}\}",
    "a product code looks like `{12345678-ABCD-1234-ABCD-1234567890AB}`, with its braces",
    numbers=False,
)


def _process(text: str) -> str:
    if text.casefold().endswith(".exe"):
        raise ValueError(f"write the process as `Get-Process` shows it, without .exe: `{text[:-4]}`")
    if _NO_PROCESS.search(text):
        raise ValueError("write the name of a process, such as `GeoGebra`: no path and no wildcards")
    return check_component(text)


Guid = Annotated[
    str,
    AfterValidator(_GUID.check),
    AfterValidator(str.upper),
    _GUID,
    Field(examples=["{12345678-ABCD-1234-ABCD-1234567890AB}"]),
]
Minutes = Annotated[int, Field(ge=1, le=360, examples=[30])]
Source = Annotated[
    SourceText,
    Field(
        examples=[
            "media/geogebra-6.0.848.msi",
            r"\\BCPS-FS01\media\geogebra-6.0.848.msi",
            "https://media.bcps.example/geogebra-6.0.848.msi",
        ]
    ),
]
ProcessName = Annotated[
    Text,
    AfterValidator(_process),
    Form(
        r"""(?![\s\S]*\.[Ee][Xx][Ee]$)[^\\/:*?"<>|\[\]]*""",
        "the name of a process, such as `GeoGebra`: no path, no wildcards, no .exe",
    ),
    Field(max_length=250),
]


_SWITCHES = re.compile(r"[/-][^\s'\"]+(?:\s+[/-][^\s'\"]+)+")


def _argument(value: str) -> str:
    """Two switches in one item are one argument with a blank in it, which no installer takes."""
    if _SWITCHES.fullmatch(value):
        items = ", ".join(value.split())
        raise ValueError(f"each switch is an item of its own: write `[{items}]`")
    return value


Argument = Annotated[Text, AfterValidator(_argument)]


class Installer(Document):
    """The file that installs one version."""

    type: Literal["msi", "exe"]
    """`msi` is run by Windows Installer, `exe` by itself. The file's name ends in the same."""
    source: Source
    """Where the file is: a path below the manifests folder, a server's share, or an https address. The
    controller fetches it; the hosts never do."""
    size: Annotated[int | None, Field(ge=1, examples=[84_213_760])] = None
    """The file's size in bytes. It must be given for a file on a share or the web, which is fetched only when
    it is needed, and is checked where it is given."""
    sha256: Annotated[
        Sha256, Field(examples=["1b3e18bfbc996090a1f1c45c2d5ce38c5bfe48918cb67ee531120db2cd4e5011"])
    ]
    """The file's SHA-256; a file with another one is never run."""
    signer: Annotated[Text | None, Field(examples=["International GeoGebra Institute"])] = None
    """The name (CN) in the Authenticode signature that the file must carry. Left out, it is not looked at."""
    scope: Literal["machine", "user"] = "machine"
    """What the msi says: `machine` installs for everybody. A `user` one installs for the account that runs
    it, so it is refused unless `ALLUSERS=1` is among the arguments, which makes it install for everybody."""
    arguments: Annotated[tuple[Argument, ...], Field(examples=[["ALLUSERS=1"], ["/S"]])] = ()
    """One argument an item. An msi gets `/i FILE /qn /norestart` and a log by itself; an exe needs its
    maker's silent switch here, or `[]` where it asks nobody anything."""
    timeout_minutes: Minutes = 30
    """How long it may take."""

    @field_validator("source")
    @classmethod
    def _is_of_its_type(cls, source: str, info: ValidationInfo) -> str:
        name, wanted = parse_source(source).name, info.data.get("type")
        ending = name.rpartition(".")[2].casefold()
        if wanted is None or ending == wanted:
            return source
        if ending in ("msi", "exe"):
            raise ValueError(f"the file is an .{ending}, so write `type: {ending}`, or name another file")
        raise ValueError(f"an installer of `type: {wanted}` is a file whose name ends in .{wanted}")

    @model_validator(mode="after")
    def _asks_nobody(self) -> Self:
        if self.type == "exe" and "arguments" not in self.model_fields_set:
            raise ValueError(
                "an exe by itself waits for somebody to click: write its maker's silent switch, such as"
                " `arguments: [/S]`, or `arguments: []` if it needs none"
            )
        return self

    @model_validator(mode="after")
    def _can_be_had(self) -> Self:
        if self.size is None and not isinstance(parse_source(self.source), ProjectFile):
            raise ValueError("a file on a share or the web needs its `size` in bytes")
        return self

    @model_validator(mode="after")
    def _is_for_everybody(self) -> Self:
        everybody = any(argument.replace(" ", "").upper() == "ALLUSERS=1" for argument in self.arguments)
        if self.scope == "user" and not everybody:
            raise ValueError(
                "its scope is `user`: it would be installed for the account of Rollcall alone, where nobody"
                " sees it; if it can be installed for everybody, write `arguments: [ALLUSERS=1]`"
            )
        return self


class UninstallEntry(Document):
    """An entry of "Apps & features", by the name of its registry key or by the name people see."""

    model_config = ConfigDict(json_schema_extra={"exactly_one": ["key", "display_name"]})

    key: Annotated[Text | None, Field(examples=["Audacity_is1"])] = None
    """The key's name below `...\\CurrentVersion\\Uninstall`."""
    display_name: Annotated[Text | None, Field(examples=["Audacity 3.7.1"])] = None
    """The name people see, exactly."""
    view: Annotated[Literal["64", "32"] | None, Field(examples=["64"])] = None
    """Which view of the registry holds it; left out, either."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.key is None) == (self.display_name is None):
            raise ValueError("give either `key` or `display_name`")
        return self


class RegistryMark(Document):
    """A registry value that only this product writes."""

    key: Annotated[Text, Field(examples=[r"HKLM\SOFTWARE\Example"])]
    """The key with its root, such as `HKLM\\SOFTWARE\\Example`."""
    name: Annotated[Text, Field(examples=["Version"])]
    """The value's name."""
    view: Literal["64", "32"] = "64"
    """Which view of the registry holds it."""
    data: Annotated[int | str | None, Field(examples=["3.1"])] = None
    """What it must hold; without it the data is taken as the installed version."""


# In the order in which they are to be preferred.
DETECTIONS = ("product_code", "upgrade_code", "uninstall_entry", "registry_value", "file_version")


class Detection(Document):
    """How to tell that the product is installed, and in which version. Exactly one way is given.

    Where several would do, take the first of them in this order, which is the order of how sure they are:
    `product_code` and `upgrade_code` are Windows Installer's own record, and with an upgrade code an older or
    newer version is recognised as well; `uninstall_entry` is what an installer of another make registers;
    `registry_value` and `file_version` are for programs that register nothing.
    """

    model_config = ConfigDict(json_schema_extra={"exactly_one": list(DETECTIONS)})

    product_code: Guid | None = None
    """Windows Installer's code of exactly this version, in either view of the registry."""
    upgrade_code: Guid | None = None
    """Windows Installer's code of all versions of the product, in either view of the registry."""
    uninstall_entry: Annotated[UninstallEntry | None, Field(examples=[{"key": "Audacity_is1"}])] = None
    """An entry of "Apps & features"."""
    registry_value: Annotated[
        RegistryMark | None, Field(examples=[{"key": r"HKLM\SOFTWARE\Example", "name": "Version"}])
    ] = None
    """A registry value."""
    file_version: Annotated[Text | None, Field(examples=[r"C:\Program Files\X\x.exe"])] = None
    r"""A program file that carries the product's version. A 32-bit program's is below
    `C:\Program Files (x86)`."""

    @model_validator(mode="after")
    def _one(self) -> Self:
        if len(self.model_fields_set) != 1:
            raise ValueError(f"give exactly one of {', '.join(DETECTIONS)}")
        return self


class ExitCodes(Document):
    """What the installer's exit codes mean; any other is a failure. A list that is given replaces the one it
    is given for, and takes its codes out of those that are not given."""

    success: Annotated[tuple[int, ...], Field(examples=[[0]])] = (0, 1707)
    """Done."""
    reboot: Annotated[tuple[int, ...], Field(examples=[[3010]])] = (3010, 1641)
    """Done, and a restart is due."""
    retry: Annotated[tuple[int, ...], Field(examples=[[1618]])] = (1618,)
    """Another installation is running: try again later."""

    @model_validator(mode="before")
    @classmethod
    def _given_ones_win(cls, data: object) -> object:
        if not isinstance(data, dict):
            return data
        given = [code for codes in data.values() if isinstance(codes, tuple) for code in codes]
        meant = {name: field.default for name, field in cls.model_fields.items() if name not in data}
        rest = {name: tuple(code for code in codes if code not in given) for name, codes in meant.items()}
        return {**rest, **data}

    @model_validator(mode="after")
    def _each_means_one_thing(self) -> Self:
        meanings: dict[int, str] = {}
        for name in ("success", "reboot", "retry"):
            codes: tuple[int, ...] = getattr(self, name)
            for code in codes:
                known = meanings.setdefault(code, name)
                if known != name:
                    raise ValueError(f"the code {code} is both in `{known}` and in `{name}`")
        return self


class Uninstall(Document):
    """How to remove a product that Windows Installer does not know."""

    executable: Annotated[Text, Field(examples=[r"C:\Program Files\GeoGebra\uninstall.exe"])]
    """The program on the host that removes it."""
    arguments: Annotated[tuple[Argument, ...], Field(examples=[["/S"]])] = ()
    """One argument an item, silent."""
    timeout_minutes: Minutes = 30
    """How long it may take."""


class SoftwareVersion(Document):
    """One version that the district offers."""

    version: Annotated[Text, Field(examples=["6.0.848"])]
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

    software: Annotated[Identifier, Field(examples=["geogebra"])]
    """The product's short name: the name of its file."""
    title: Annotated[Text, Field(examples=["GeoGebra Classic"])]
    """The product's name for people."""
    publisher: Annotated[Text, Field(examples=["International GeoGebra Institute"])]
    """Who makes it."""
    homepage: Annotated[Text | None, Field(examples=["https://www.geogebra.org"])] = None
    """Where to read about it."""
    requires: Annotated[tuple[Identifier, ...], Field(examples=[["vc-redist"]])] = ()
    """Products of the catalog that must be installed first. They come along by themselves, in the newest
    version offered, unless a manifest declares them for the host."""
    supersedes: Annotated[tuple[Identifier, ...], Field(examples=[["geogebra-5"]])] = ()
    """Products of the catalog whose place it takes. They are removed from the host before it is installed."""
    blocking_applications: Annotated[tuple[ProcessName, ...], Field(examples=[["GeoGebra"]])] = ()
    """Processes, as `Get-Process` names them (without .exe). While one of them runs on a host, installing and
    removing wait, so that nobody loses work."""
    comparison: Literal["numbers", "text"] = "numbers"
    """How an installed version is compared with the one that is wanted. `numbers`: number by number, where
    missing ones are 0, so 6.0.848 and 6.0.848.0 are the same. `text`: the same text or not, for versions that
    are no numbers; an older one and a newer one cannot be told apart then, so `>=` is not possible."""
    compared_parts: Annotated[int | None, Field(ge=1, le=10, examples=[3])] = None
    """Only so many leading numbers are compared, for products that report fewer than the catalog says (or
    more). Left out, all are."""
    restart: Literal["report", "ignore"] = "report"
    """What the exit codes under `reboot` mean: `report` says that a restart of the host is due, `ignore` is
    for products that work without one. 1641 says that the restart has begun, and is never ignored."""
    evaluation: Evaluation | None = None
    """How far the district's review of it has come; without this block it may be used everywhere."""
    versions: Annotated[tuple[SoftwareVersion, ...], Field(min_length=1)]
    """The versions offered, in any order; but with `comparison: text` the last one counts as the newest."""

    @field_validator("compared_parts")
    @classmethod
    def _parts_are_of_numbers(cls, parts: int | None, info: ValidationInfo) -> int | None:
        if parts is not None and info.data.get("comparison") == "text":
            raise ValueError("it counts numbers, and `comparison: text` compares none")
        return parts

    @field_validator("requires", "supersedes")
    @classmethod
    def _others_once(cls, others: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        twice = next((other for other in others if others.count(other) > 1), None)
        if twice is not None:
            raise ValueError(f"it names `{twice}` twice")
        required: tuple[str, ...] = info.data.get("requires", ())
        both = next((other for other in others if other in required), None)
        if info.field_name == "supersedes" and both is not None:
            raise ValueError(f"`{both}` is under `requires` too")
        return others


class DriverFiles(Document):
    """The files that a manufacturer delivers a driver in."""

    folder: Annotated[Text, Field(examples=["media/hp-upd"])]
    """Their folder, relative to the manifests folder."""
    inf: Annotated[Text, Field(examples=["hpcu270u.inf"])]
    """The name of the file that describes the package."""
    files: Annotated[
        dict[Text, Sha256],
        Field(
            min_length=1,
            examples=[
                {
                    "hpcu270u.inf": "5de2b0cafeae5e08b224045afd2b90768c3346d71cec6466919b49c3d965b758",
                    "hpcu270u.cat": "1b3e18bfbc996090a1f1c45c2d5ce38c5bfe48918cb67ee531120db2cd4e5011",
                }
            ],
        ),
    ]
    """All files of the package, with the INF and its catalog (.cat): name and SHA-256."""


class PrinterOptions(Document):
    """How queues of a model print where a program does not ask for anything else. What is left out stays as
    it is on the server."""

    duplex: Annotated[Duplex | None, Field(examples=["long_edge"])] = None
    """`one_sided`; or both sides, turned like a book (`long_edge`) or like a pad (`short_edge`)."""
    colour: Annotated[bool | None, Field(examples=[False])] = None
    """Print in colour."""
    paper: Annotated[Paper | None, Field(examples=["Letter", "A4"])] = None
    """The paper, as Windows names it."""


class PrinterDocument(Document):
    """One printer model of the catalog."""

    printer: Annotated[Identifier, Field(examples=["hp-m611"])]
    """The model's short name: the name of its file."""
    title: Annotated[Text, Field(examples=["HP LaserJet Enterprise M611"])]
    """The model's name for people."""
    driver: Annotated[Text, Field(examples=["Microsoft PCL6 Class Driver"])]
    """The driver's name, exactly as Windows shows it."""
    package: DriverFiles | None = None
    """The driver's files; a driver that ships with Windows needs none."""
    options: PrinterOptions | None = None
    """How its queues print by default; a printer's own fields of these names win."""
