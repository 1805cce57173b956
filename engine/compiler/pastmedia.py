"""Files that manifests of a commit refer to: most of them are not there any more, or only stand-ins are."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.compiler.media import Located, Media, MediaFile, open_regular
from engine.model.source import BadSource, ProjectFile, parse_source

POINTER_LIMIT = 1024  # bytes; Git LFS writes less than 200
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize ([0-9]{1,15})\n"
)


@dataclass(frozen=True, slots=True)
class Pointer:
    """What stands in a commit for a file that Git LFS keeps elsewhere, as its specification has it."""

    sha256: str
    size: int  # bytes

    def __str__(self) -> str:
        return f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n"


def pointer_in(data: bytes) -> Pointer | None:
    """The pointer that a file's content is, if it is one. Those with extensions are not known."""
    found = _POINTER.fullmatch(data)
    return None if found is None else Pointer(found[1].decode(), int(found[2]))


class PastMedia(Media):
    """Files as a commit knows them: nothing is sent from here, so what is declared is believed.

    A pointer of Git LFS is the file that it stands for. An installer with a size is not looked at.
    """

    __slots__ = ()

    def find(self, relative: str) -> MediaFile:
        """As the base class, with the size that a pointer tells.

        Raises:
            MediaProblem: see there.
        """
        found = Media.find(self, relative)
        pointer = _pointer(found)
        return found if pointer is None else MediaFile(found.path, pointer.size, found.source)

    def locate(self, written: str, size: int | None) -> Located:
        """As the base class, without a look at a file whose size is declared.

        Raises:
            MediaProblem: see there.
        """
        try:
            source = parse_source(written)
        except BadSource:
            return Media.locate(self, written, size)
        if size is not None and isinstance(source, ProjectFile):
            return Located(source.text, source.name, size)
        return Media.locate(self, written, size)

    def digest(self, file: MediaFile) -> str:
        """As the base class, or what a pointer tells.

        Raises:
            MediaProblem: see there.
        """
        pointer = _pointer(file)
        return Media.digest(self, file) if pointer is None else pointer.sha256


def _pointer(file: MediaFile) -> Pointer | None:
    with open_regular(file.path, file.source) as stream:
        data = stream.read(POINTER_LIMIT + 1)
    return pointer_in(data)
