"""Use cases: offer a program that is no Windows Installer package, and a printer model."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.app.authoring import texts
from engine.app.authoring.catalog import SOFTWARE, read_entries
from engine.app.authoring.media import described, driver_package, placed_file, plan_file
from engine.app.authoring.texts import Field, fields, list_field, text_field
from engine.app.authoring.words import checked_identifier, near
from engine.app.authoring.writing import Draft, Started, checked_draft, save
from engine.app.errors import InvalidInput, NotWritten
from engine.app.project import Project
from engine.compiler.catalog import version_findings
from engine.compiler.lowering.offers import offer_findings
from engine.manifest.declarations import Body
from engine.manifest.documents.catalog import PrinterDocument, SoftwareDocument
from engine.manifest.files import place, walk_yaml
from engine.manifest.folder import Written
from engine.manifest.nodes import MappingNode
from engine.manifest.packages.digest import Digest
from engine.manifest.roundtrip.rewriting import read_source
from engine.manifest.schema import check
from engine.manifest.yaml import parse_yaml

PRINTERS = "catalog/printers"
_PROGRAM = b"MZ"  # Microsoft, "PE Format": how every program of Windows begins
CLASS_DRIVER = "Microsoft PCL6 Class Driver"  # ships with Windows 10 and Server 2016 and later


@dataclass(frozen=True, slots=True)
class NewProgram:
    """What a person says about a program. One of the last three, `key` to `file_version`, must be given."""

    identifier: str
    file: Path
    version: str
    title: str | None = None
    publisher: str | None = None
    arguments: tuple[str, ...] = ()
    uninstaller: str | None = None
    uninstaller_arguments: tuple[str, ...] = ()
    key: str | None = None
    display_name: str | None = None
    file_version: str | None = None


@dataclass(frozen=True, slots=True)
class NewPrinter:
    """What a person says about a printer model."""

    identifier: str
    title: str | None = None
    driver: str | None = None  # its name as Windows shows it
    inf: Path | None = None  # of the driver's package, below the manifests folder


def new_program(project: Project, wanted: NewProgram, folder: str = "media") -> Started:
    """Write a catalog entry for a program with an installer of its own (.exe), and copy the installer.

    Raises:
        NotWritten: something that must be known is not given, or a name is not possible.
        WouldReplace: the catalog has the product, or another file has the installer's place.
        InvalidInput: what was given does not make an entry.
    """
    root = project.manifests.resolve()
    identifier = checked_identifier(wanted.identifier)
    _refuse_others(wanted.file, identifier)
    _refuse_unknown(wanted)
    file = described(wanted.file)
    placing = plan_file(root, wanted.file, folder, file.sha256, replace=False)
    known = {name: entry.document.title for name, entry in read_entries(root).items()}
    text = _program(identifier, wanted, placing.source, file)
    draft = checked_draft(root, f"{SOFTWARE}/{identifier}.yaml", text, SoftwareDocument, "the product")
    _refuse_misfits(draft)
    with placed_file(wanted.file, placing, file.sha256):
        save(draft)
    notes = [*_near(identifier, wanted.title, known), *_left_open(wanted)]
    return Started(f"{root.name}/{draft.file}", tuple(notes))


def new_printer(project: Project, wanted: NewPrinter) -> Started:
    """Write a catalog entry for a printer model.

    With `inf` the driver's package goes with it, every file of its folder with its SHA-256. Without, the
    driver ships with Windows or is on the servers already.

    Raises:
        NotWritten: a name is not possible, or the package is not one that can be sent.
        WouldReplace: the catalog has the model.
        InvalidInput: what was given does not make an entry.
    """
    root = project.manifests.resolve()
    identifier = checked_identifier(wanted.identifier)
    known = _printers(root)
    driver = _driver(wanted)
    text = fields(
        0,
        Field("printer", identifier),
        text_field("title", wanted.title or identifier.replace("-", " ").title()),
        text_field("driver", driver),
    )
    text += driver_package(root, wanted.inf) if wanted.inf is not None else ""
    draft = checked_draft(root, f"{PRINTERS}/{identifier}.yaml", text, PrinterDocument, "the printer model")
    save(draft)
    notes = [*_near(identifier, wanted.title, known)]
    if driver == CLASS_DRIVER:
        notes.append(f"{CLASS_DRIVER} ships with Windows; if the model needs another, change `driver`")
    return Started(f"{root.name}/{draft.file}", tuple(notes))


def _driver(wanted: NewPrinter) -> str:
    if wanted.driver is None and wanted.inf is not None:
        raise NotWritten(
            "which of the package's drivers is it? Give its name with --driver, as the INF file spells it"
        )
    return wanted.driver or CLASS_DRIVER


def _left_open(wanted: NewProgram) -> Iterator[str]:
    """What was not said, and what was written in its place."""
    guessed = [
        name for name, given in (("title", wanted.title), ("publisher", wanted.publisher)) if given is None
    ]
    if guessed:
        are = "is" if len(guessed) == 1 else "are"
        yield f"{' and '.join(guessed)} {are} made of the short name: read the file, and correct it"
    if not wanted.arguments:
        yield (
            "no --argument was given: unless it asks nobody anything by itself, write its maker's silent"
            " switch under `arguments`, or it will wait for somebody who is not there"
        )
    if wanted.uninstaller is None:
        yield "without --uninstaller Rollcall cannot remove it"


def _refuse_misfits(draft: Draft) -> None:
    """Hold the entry against what programs on hosts can be, as `validate` does.

    Raises:
        InvalidInput: it does not fit.
    """
    node, _ = parse_yaml(draft.text, place(draft.root, draft.file).file)
    document, _ = check(SoftwareDocument, node, "the product") if node is not None else (None, ())
    if document is None or not isinstance(node, MappingNode):
        return
    written = Written(draft.file, node, document, Body())
    versions = version_findings(written)
    if findings := (*versions, *offer_findings(written)):
        raise InvalidInput(findings)


def _refuse_others(file: Path, identifier: str) -> None:
    """
    Raises:
        NotWritten: the file is no program.
    """
    if file.suffix.casefold() == ".msi":
        raise NotWritten(
            f"{file.name} is a package, which says all this itself:"
            f" `rollcall catalog add {file} --id {identifier}`"
        )
    if file.suffix.casefold() != ".exe":
        raise NotWritten(f"{file.name} is no program: an installer's name ends in .exe (or .msi, a package)")
    try:
        with file.open("rb") as stream:
            is_program = stream.read(len(_PROGRAM)) == _PROGRAM
    except OSError as error:
        raise NotWritten(f"{file} cannot be read: {error.strerror or error}") from None
    if not is_program:
        raise NotWritten(f"{file.name} is no program of Windows: it does not begin as one")


def _refuse_unknown(wanted: NewProgram) -> None:
    ways = {
        "--uninstall-key": wanted.key,
        "--display-name": wanted.display_name,
        "--file-version": wanted.file_version,
    }
    given = [name for name, way in ways.items() if way is not None]
    if len(given) > 1:
        raise NotWritten(f"one way to recognise it is enough: give only one of {' and '.join(given)}")
    if not given:
        raise NotWritten(
            "how is it recognised on a host? Give one of --uninstall-key (the key's name below"
            r" HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall on a computer that has it),"
            " --display-name (its name under Apps & features) and --file-version (a program file that carries"
            " its version)"
        )


def _program(identifier: str, wanted: NewProgram, source: str, file: Digest) -> str:
    title = wanted.title or identifier.replace("-", " ").title()
    installer = fields(
        6,
        Field("type", "exe"),
        text_field("source", source),
        Field("size", str(file.size)),
        Field("sha256", file.sha256),
        list_field("arguments", wanted.arguments) or Field("arguments", "[]"),
    )
    entry = fields(8, text_field("key", wanted.key), text_field("display_name", wanted.display_name))
    found = fields(6, text_field("file_version", wanted.file_version))
    removal = ""
    if wanted.uninstaller is not None:
        removal = "    uninstall:\n" + fields(
            6,
            text_field("executable", wanted.uninstaller),
            list_field("arguments", wanted.uninstaller_arguments),
        )
    return (
        f"{texts.head(identifier, title, wanted.publisher or title)}"
        f"versions:\n  - version: {texts.version_text(wanted.version)}\n"
        f"    installer:\n{installer}"
        f"    detection:\n{found or f'      uninstall_entry:{chr(10)}{entry}'}"
        f"{removal}"
    )


def _printers(root: Path) -> dict[str, str]:
    """The titles of the models that can be read, by their short names."""
    titles: dict[str, str] = {}
    for file in walk_yaml(root, PRINTERS, []):
        source, _ = read_source(root, file)
        document, _ = check(PrinterDocument, source.node, "the model") if source is not None else (None, ())
        if document is not None:
            titles[document.printer] = document.title
    return titles


def _near(identifier: str, title: str | None, known: Mapping[str, str]) -> Iterator[str]:
    """Entries that may be the same thing under another name."""
    if (other := near(identifier, known)) is not None:
        yield f"the catalog has `{other}` too ({known[other]}); is it another one?"
    for name, each in known.items():
        if title is not None and each.casefold() == title.casefold() and name != identifier:
            yield f"the catalog has `{name}` with the same title"
