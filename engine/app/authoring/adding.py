"""Use case: add an installer to the catalog."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.app.authoring import texts, words
from engine.app.authoring.catalog import SOFTWARE, Entry, read_entries
from engine.app.authoring.media import Placing, hand_written, placed_file, plan_file
from engine.app.authoring.merging import extended, replaced
from engine.app.authoring.writing import Draft, checked_draft, save
from engine.app.errors import NotWritten, WouldReplace
from engine.app.project import Project
from engine.manifest.documents.catalog import SoftwareDocument
from engine.manifest.packages.msi import MsiPackage, NotAPackage, read_msi

Outcome = Literal["created", "extended", "replaced", "unchanged"]


@dataclass(frozen=True, slots=True)
class Wishes:
    """What a person may say about an addition. `identifier` left out: as the product's name proposes."""

    identifier: str | None = None
    folder: str = "media"  # below the manifests, for a file that is not there yet
    replace: bool = False  # a version that the catalog has with another file
    all_users: bool = False  # install a package for everybody that by itself is for one account
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """What was done, or with `dry_run` would be."""

    outcome: Outcome
    file: str  # of the entry, as places name it
    package: MsiPackage
    source: str  # the installer below the manifests folder
    copied: bool
    diff: str
    notes: tuple[str, ...]


def add_package(project: Project, path: Path, wishes: Wishes) -> Addition:
    """Read a Windows Installer package and write it into the catalog.

    A new product gets a file of its own; a version of one that is there is added to its file, whose comments
    and order stay.

    Raises:
        NotWritten: the file is no package, cannot be installed for everybody, or its entry would be wrong.
        WouldReplace: the version, or the place for the file, is taken by another file.
    """
    root = project.manifests.resolve()
    package = _read(path)
    _refuse_personal(package, wishes)
    entries = read_entries(root)
    identifier = _identifier(package, wishes, entries)
    entry = entries.get(identifier)
    placing = plan_file(root, path, wishes.folder, package.sha256, replace=wishes.replace)
    if entry is None:
        draft, outcome = _created(root, identifier, package, placing, wishes)
    else:
        draft, outcome = _changed(entry, package, placing, wishes)
    if draft is not None and not wishes.dry_run:
        with placed_file(path, placing, package.sha256):
            save(draft)
    return Addition(
        outcome=outcome,
        file=f"{root.name}/{SOFTWARE}/{identifier}.yaml",
        package=package,
        source=placing.source,
        copied=placing.is_needed and draft is not None,
        diff="" if draft is None else draft.diff(),
        notes=tuple(_notes(package, entry, identifier, entries)),
    )


def _read(path: Path) -> MsiPackage:
    try:
        return read_msi(path)
    except NotAPackage as error:
        raise NotWritten(f"{path} is no Windows Installer package: {error}{hand_written(path)}") from None
    except OSError as error:
        raise NotWritten(f"{path} cannot be read: {error.strerror or error}") from None


def _refuse_personal(package: MsiPackage, wishes: Wishes) -> None:
    if package.scope == "user" and not wishes.all_users:
        raise NotWritten(
            f"{package.name} installs for the account that runs it, where nobody else sees it;"
            " if its maker says that it can be installed for everybody, add it with --all-users"
        )


def _identifier(package: MsiPackage, wishes: Wishes, entries: Mapping[str, Entry]) -> str:
    """The entry's name: as asked for, else that of the entry with the same upgrade code, else as proposed."""
    if wishes.identifier is not None:
        return words.checked_identifier(wishes.identifier)
    same = [name for name, entry in entries.items() if package.upgrade_code in entry.upgrade_codes]
    if len(same) == 1:
        return same[0]
    if same:
        raise NotWritten(f"{' and '.join(same)} have the upgrade code of this package: say which with --id")
    title = words.proposed_title(package.name)
    proposed = words.chosen_identifier(None, title, "--id")
    if (known := entries.get(proposed)) is not None and known.document.title != title:
        raise NotWritten(
            f"the catalog has a {proposed} already, {known.document.title!r}, and this package has another"
            f" upgrade code: if it is a version of it, say --id {proposed}, else give another name with --id"
        )
    return proposed


def _created(
    root: Path, identifier: str, package: MsiPackage, placing: Placing, wishes: Wishes
) -> tuple[Draft | None, Outcome]:
    file = f"{SOFTWARE}/{identifier}.yaml"
    if (root / file).exists():
        raise NotWritten(f"{root.name}/{file} has mistakes; `rollcall validate` shows them")
    title = words.proposed_title(package.name)
    text = texts.head(identifier, title, package.manufacturer or title)
    version = texts.msi_version(
        package, placing.source, all_users=wishes.all_users, by_product=False, like=None
    )
    return checked_draft(
        root, file, f"{text}versions:\n{version}", SoftwareDocument, "the product"
    ), "created"


def _changed(
    entry: Entry, package: MsiPackage, placing: Placing, wishes: Wishes
) -> tuple[Draft | None, Outcome]:
    known = entry.version(package.version)
    if known is None:
        return extended(entry, package, placing.source, all_users=wishes.all_users), "extended"
    if known.installer.sha256 == package.sha256:
        return None, "unchanged"
    if not wishes.replace:
        raise WouldReplace(
            f"{entry.identifier} {known.version} is in the catalog with another file"
            f" ({known.installer.source}, SHA-256 {known.installer.sha256[:12]}...): hosts that have it would"
            " not notice; if the maker published this version anew, say --replace"
        )
    return replaced(entry, known, package, placing.source), "replaced"


def _notes(
    package: MsiPackage, entry: Entry | None, identifier: str, entries: Mapping[str, Entry]
) -> Iterator[str]:
    """What whoever adds it should know."""
    if entry is None and (other := words.near(identifier, entries)) is not None:
        yield f"the catalog has `{other}` too: if this is a version of that, start again with --id {other}"
    codes = entry.upgrade_codes if entry is not None else frozenset[str]()
    if codes and package.upgrade_code not in codes:
        yield "its upgrade code is another one than that of the versions before: it does not replace them"
    if package.upgrade_code is None:
        yield "it has no upgrade code: only exactly this version is recognised on hosts"
    if package.signer is None:
        yield "it is not signed: nothing but its SHA-256 says that it is what its maker published"
    if package.manufacturer is None:
        yield "it does not say who made it: correct `publisher`"
