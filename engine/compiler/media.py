"""Files that manifests refer to: where they are, how big, and whether they are the ones that were meant."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path

from engine.manifest import opening
from engine.model.source import BadSource, ProjectFile, Source, parse_source


class MediaProblem(Exception):
    """A file cannot be used; the message is for the person who named it."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file on the controller."""

    path: Path  # absolute, links followed
    size: int  # bytes
    source: str  # its path below the folder, as specs and plans hold it: with forward slashes


@dataclass(frozen=True, slots=True)
class Located:
    """A file that is sent, wherever it comes from."""

    source: str  # as specs and plans hold it
    name: str  # the file's own
    size: int  # bytes


@dataclass(slots=True)
class Media:
    """Files below one folder. Each file is read once at most, and only when its digest is asked for."""

    root: Path  # resolved
    _digests: dict[Path, str] = field(default_factory=dict)
    _listings: dict[Path, frozenset[str]] = field(default_factory=dict)

    def find(self, relative: str) -> MediaFile:
        """The file at a path relative to the folder, written with either slash.

        The path must be spelled as the names in the folder are, also where the controller's file system does
        not mind: the next checkout may be on one that does. Links are followed within the folder.

        Raises:
            MediaProblem: there is none, or the path leads out of the folder.
        """
        source = _below(relative)
        try:
            resolved = self.root.joinpath(*source.names).resolve(strict=True)
            status = resolved.stat()
        except (OSError, ValueError, RuntimeError):  # RuntimeError: a loop of links, before Python 3.13
            raise self._missing(source) from None
        if not resolved.is_relative_to(self.root):
            raise MediaProblem(f"{source.text} leads out of the folder {self.root.name} by a link")
        if not stat.S_ISREG(status.st_mode):
            raise MediaProblem(f"{source.text} is not a file")
        if self._spelled(source) != source.names:
            raise self._missing(source)
        return MediaFile(resolved, status.st_size, source.text)

    def locate(self, written: str, size: int | None) -> Located:
        """A file by any form of source; one that is on a server is not asked for.

        Args:
            size: what is declared, in bytes; needed for what is on a server.

        Raises:
            MediaProblem: it does not exist here, or is not as declared.
        """
        source = _parsed(written)
        if not isinstance(source, ProjectFile):
            if size is None:
                raise MediaProblem(f"{source.text} is on a server, so its size must be written down")
            return Located(source.text, source.name, size)
        found = self.find(source.text)
        if size not in (None, found.size):
            raise MediaProblem(f"{found.source} has {found.size} bytes, and {size} are declared")
        return Located(found.source, source.name, found.size)

    def open(self, file: MediaFile) -> BufferedReader:
        """The file's bytes, to be closed by the caller. Never waits: what has become a pipe is refused.

        Raises:
            MediaProblem: it cannot be read.
        """
        return open_regular(file.path, file.source)

    def digest(self, file: MediaFile) -> str:
        """The file's SHA-256, hexadecimal, lower case.

        Raises:
            MediaProblem: it cannot be read.
        """
        known = self._digests.get(file.path)
        if known is None:
            with self.open(file) as stream:
                try:
                    known = hashlib.file_digest(stream, "sha256").hexdigest()
                except OSError as error:
                    raise MediaProblem(f"{file.source} cannot be read: {error.strerror}") from None
            self._digests[file.path] = known
        return known

    def verify(self, file: MediaFile, sha256: str) -> None:
        """Make sure that the file is the one that was meant.

        Raises:
            MediaProblem: its digest is another, or it cannot be read.
        """
        found = self.digest(file)
        if found != sha256:
            raise MediaProblem(f"{file.source} is not the file that was meant: its SHA-256 is {found}")

    def _missing(self, source: ProjectFile) -> MediaProblem:
        spelled = self._spelled(source)
        if spelled is not None and spelled != source.names:
            return MediaProblem(f"there is no file {source.text}: it is spelled {'/'.join(spelled)}")
        return MediaProblem(f"there is no file {source.text}")

    def _spelled(self, source: ProjectFile) -> tuple[str, ...] | None:
        """The names as the folders spell them, compared without case; None where one is not there."""
        folder, spelled = self.root, []
        for name in source.names:
            names = self._names(folder, name)
            found = name if name in names else _alike(name, names)
            if found is None:
                return None
            spelled.append(found)
            folder = folder / found
        return tuple(spelled)

    def _names(self, folder: Path, wanted: str) -> frozenset[str]:
        """What is in a folder; listed again where the wanted name was not there the last time."""
        known = self._listings.get(folder)
        if known is None or wanted not in known:
            try:
                known = frozenset(entry.name for entry in folder.iterdir())
            except OSError:
                known = frozenset()
            self._listings[folder] = known
        return known


def _alike(name: str, names: frozenset[str]) -> str | None:
    folded = name.casefold()
    return min((each for each in names if each.casefold() == folded), default=None)


def open_regular(path: Path, shown: str) -> BufferedReader:
    """A file's bytes, to be closed by the caller; `shown` names it in messages.

    Raises:
        MediaProblem: it cannot be read, or is a folder, a device or a pipe, which is not waited for.
    """
    try:
        return opening.open_regular(path)
    except opening.NotAFile:
        raise MediaProblem(f"{shown} is not a file") from None
    except OSError as error:
        raise MediaProblem(f"{shown} cannot be read: {error.strerror}") from None


def _below(relative: str) -> ProjectFile:
    source = _parsed(relative)
    if not isinstance(source, ProjectFile):
        raise MediaProblem(f"{source.text} is on a server: only installers are fetched from there")
    return source


def _parsed(written: str) -> Source:
    try:
        return parse_source(written)
    except BadSource as problem:
        raise MediaProblem(str(problem)) from None
