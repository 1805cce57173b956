"""Files that manifests refer to: where they are, how big, and whether they are the ones that were meant."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from pathlib import Path


class MediaProblem(Exception):
    """A file cannot be used; the message is for the person who named it."""


@dataclass(frozen=True, slots=True)
class MediaFile:
    """A file on the controller."""

    path: Path  # absolute
    size: int  # bytes


@dataclass(slots=True)
class Media:
    """Files below one folder. Each file is read once at most, and only when its digest is asked for."""

    root: Path  # resolved
    _digests: dict[Path, str] = field(default_factory=dict)

    def find(self, relative: str) -> MediaFile:
        """The file at a path relative to the folder, written with either slash.

        Raises:
            MediaProblem: there is none, or the path leads out of the folder.
        """
        path = self.root / relative.replace("\\", "/")
        try:
            resolved = path.resolve(strict=True)
            size = resolved.stat().st_size
        except (OSError, ValueError):
            raise MediaProblem(f"there is no file {relative}") from None
        if not resolved.is_relative_to(self.root):
            raise MediaProblem(f"{relative} leads out of the folder {self.root.name}")
        if not resolved.is_file():
            raise MediaProblem(f"{relative} is not a file")
        return MediaFile(resolved, size)

    def digest(self, file: MediaFile) -> str:
        """The file's SHA-256, hexadecimal, lower case.

        Raises:
            MediaProblem: it cannot be read.
        """
        known = self._digests.get(file.path)
        if known is None:
            try:
                with file.path.open("rb") as stream:
                    known = hashlib.file_digest(stream, "sha256").hexdigest()
            except OSError as error:
                raise MediaProblem(f"{file.path.name} cannot be read: {error.strerror}") from None
            self._digests[file.path] = known
        return known

    def verify(self, file: MediaFile, sha256: str) -> None:
        """Make sure that the file is the one that was meant.

        Raises:
            MediaProblem: its digest is another, or it cannot be read.
        """
        found = self.digest(file)
        if found != sha256:
            raise MediaProblem(f"{file.path.name} is not the file that was meant: its SHA-256 is {found}")
