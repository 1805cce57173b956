"""Installers below the manifests folder: where a file goes, and how it gets there."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.app.authoring.texts import fields, text_field
from engine.app.errors import NotWritten, WouldReplace
from engine.manifest.roundtrip.forms import quoted
from engine.model.source import BadSource, ProjectFile, parse_source


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
    if _digest(target) == sha256:
        return Placing(source, target, is_needed=False)
    if not replace:
        raise WouldReplace(
            f"{root.name}/{source} is there already and is another file: rename yours, choose another folder"
            " with --to, or say --replace"
        )
    return Placing(source, target, is_needed=True)


@contextmanager
def place_file(path: Path, placing: Placing, sha256: str) -> Iterator[None]:
    """Copy the file beside its place if that is needed, and move it there once the block has succeeded.

    Raises:
        NotWritten: it cannot be copied.
    """
    if not placing.is_needed:
        yield
        return
    new = placing.target.with_name(f".{placing.target.name}.new")
    try:
        placing.target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, new)
        if _digest(new) != sha256:
            raise NotWritten(f"{path} was changed while it was read; nothing was written")
        yield
        new.replace(placing.target)
    except OSError as error:
        raise NotWritten(f"{placing.target} cannot be written: {error.strerror or error}") from None
    finally:
        new.unlink(missing_ok=True)


def driver_package(root: Path, inf: Path) -> str:
    """The `package` of a printer model as YAML text: its folder, and every file in it with its SHA-256.

    Raises:
        NotWritten: the folder is not below the manifests, holds folders itself, or cannot be read.
    """
    whole = inf.resolve()
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
    digests = (text_field(quoted(entry.name), _digest(entry)) for entry in entries)
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


def _digest(path: Path) -> str:
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise NotWritten(f"{path} cannot be read: {error.strerror or error}") from None
