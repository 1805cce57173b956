"""Installers below the manifests folder: where a file goes, and how it gets there."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.app.authoring.texts import fields, text_field
from engine.app.beside import move_new, write_beside
from engine.app.errors import NotWritten, WouldReplace
from engine.manifest.packages.digest import Digest, digest_file
from engine.manifest.roundtrip.forms import quoted
from engine.model.source import BadSource, ProjectFile, parse_source

_PIECE = 1024 * 1024  # bytes


@dataclass(frozen=True, slots=True)
class Placing:
    """Where an installer is, or will be, below the manifests folder. `is_needed`: it must be copied there."""

    source: str  # as manifests name it
    target: Path
    is_needed: bool


def plan_file(root: Path, path: Path, folder: str, sha256: str, *, replace: bool) -> Placing:
    """Where a file goes: it stays where it is if that is below the manifests, else into a folder of them.

    Raises:
        NotWritten: its name or the folder cannot stand in a manifest.
        WouldReplace: another file has its place, and `replace` does not allow that.
    """
    whole = path.resolve()
    if whole.is_relative_to(root):
        return Placing(_checked(whole.relative_to(root).as_posix()), whole, is_needed=False)
    source = _checked("/".join((*Path(folder).parts, path.name)))
    target = root / source
    if not target.parent.resolve().is_relative_to(root):
        raise NotWritten(f"{folder} leads out of {root} by a link")
    if target.is_dir():
        raise NotWritten(f"{target} is a folder")
    if not target.exists():
        return Placing(source, target, is_needed=True)
    if described(target).sha256 == sha256:
        return Placing(source, target, is_needed=False)
    if not replace:
        raise WouldReplace(
            f"{root.name}/{source} is there already and is another file: rename yours, choose another folder"
            " with --to, or say --replace"
        )
    return Placing(source, target, is_needed=True)


@contextmanager
def placed_file(path: Path, placing: Placing, sha256: str) -> Iterator[None]:
    """Put the file in its place, if that is needed, for a block that writes what names it.

    So no manifest ever names a file that is not there. Where the block fails, the file goes again, and one
    that had its place is put back.

    Raises:
        NotWritten: it cannot be copied; nothing was written.
        WouldReplace: another file took its place in the meantime.
    """
    if not placing.is_needed:
        yield
        return
    try:
        before = _put(path, placing.target, sha256)
    except FileExistsError:
        raise WouldReplace(f"{placing.target} is there by now; nothing was written") from None
    except OSError as error:
        raise NotWritten(f"{placing.target} cannot be written: {error.strerror or error}") from None
    try:
        yield
    except BaseException as error:
        _take_back(placing, before, error)
        raise
    if before is not None:
        before.unlink(missing_ok=True)


def _put(path: Path, target: Path, sha256: str) -> Path | None:
    """Move a copy into its place; gives where the file lies now that was there, beside it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    new = write_beside(target, _copied(path, sha256))
    before = None
    try:
        if target.exists():
            before = new.with_suffix(".old")
            target.replace(before)
        move_new(new, target)
    except BaseException:
        new.unlink(missing_ok=True)
        if before is not None:
            before.replace(target)
        raise
    return before


def _take_back(placing: Placing, before: Path | None, error: BaseException) -> None:
    try:
        if before is None:
            placing.target.unlink()
        else:
            before.replace(placing.target)
    except OSError as problem:
        rest = "" if before is None else f"; the file that was there is {before.name} beside it"
        raise NotWritten(
            f"{error}; {placing.target} was written and cannot be taken back:"
            f" {problem.strerror or problem}{rest}"
        ) from error


def _copied(path: Path, sha256: str) -> Iterator[bytes]:
    """The pieces of a file, which must turn out to be the one that was looked at."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while piece := stream.read(_PIECE):
            digest.update(piece)
            yield piece
    if digest.hexdigest() != sha256:
        raise NotWritten(f"{path} was changed while it was read; nothing was written")


def driver_package(root: Path, inf: Path) -> str:
    """The `package` of a printer model as YAML text: its folder, and every file in it with its SHA-256.

    Raises:
        NotWritten: the folder is not below the manifests, holds folders itself, or cannot be read.
    """
    whole = inf.resolve()
    if not whole.exists():
        raise NotWritten(f"there is no file {inf}")
    if whole.suffix.casefold() != ".inf" or not whole.is_file():
        raise NotWritten(f"{inf} is no INF file")
    if not whole.is_relative_to(root):
        raise NotWritten(
            f"{inf} is not below {root}: copy its folder there first, such as to media/{inf.stem}"
        )
    entries = sorted(whole.parent.iterdir(), key=lambda entry: entry.name.casefold())
    inner = [entry.name for entry in entries if entry.is_dir()]
    if inner:
        raise NotWritten(
            f"{whole.parent} holds folders ({', '.join(inner)}); a package is sent as one folder"
        )
    digests = (text_field(quoted(entry.name), described(entry).sha256) for entry in entries)
    folder = _checked(whole.parent.relative_to(root).as_posix())
    head = fields(2, text_field("folder", folder), text_field("inf", whole.name))
    return f"package:\n{head}  files:\n{fields(4, *digests)}"


def hand_written(path: Path) -> str:
    """How to add a program that is no package, with what can be told of it; nothing for other files."""
    if path.suffix.casefold() != ".exe":
        return ""
    return (
        ". What a program's silent switches are, and what it leaves under Apps & features, only its maker"
        f" knows: `rollcall new software ID --file {path.name} ...` writes the entry with what you give"
        " (`rollcall new software --help`)"
    )


def _checked(source: str) -> str:
    try:
        parsed = parse_source(source)
    except BadSource as error:
        raise NotWritten(f"the file cannot be named in a manifest: {error}") from None
    if not isinstance(parsed, ProjectFile):
        raise NotWritten(f"{source} is not below the manifests folder")
    return parsed.text


def described(path: Path) -> Digest:
    """Read a file.

    Raises:
        NotWritten: it cannot be read.
    """
    try:
        return digest_file(path)
    except OSError as error:
        raise NotWritten(f"{path} cannot be read: {error.strerror or error}") from None
