"""Files that were fetched from servers, kept on the controller under their SHA-256.

Nothing is in it that did not have that digest when it was put there. Whoever runs Rollcall owns it; it may be
deleted at any time, and what is needed is fetched again.
"""

from __future__ import annotations

import hashlib
import os
import re
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from engine.app.beside import ALL, move_over, private_folder, write_beside
from engine.app.project import make_state
from engine.compiler.media import MediaProblem, open_regular

_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)
_ABANDONED = 24 * 3600.0  # seconds after which a part that nobody writes to any more is taken away


class WrongFile(Exception):
    """What came is not the file that was meant; the message is one line for people."""


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of files. Several processes may use one: each writes beside and moves into place."""

    folder: Path  # below the state folder; made when it is first needed

    def open(self, sha256: str) -> BufferedReader:
        """The bytes of the file with this digest, to be closed by the caller.

        Raises:
            MediaProblem: it is not there.
        """
        return open_regular(self._place(sha256), f"the fetched file {sha256[:12]}")

    def holds(self, sha256: str, size: int) -> bool:
        """Whether the file is there, whole. One that is not as it was put there is taken away."""
        try:
            with self.open(sha256) as stream:
                intact = os.fstat(stream.fileno()).st_size == size
                if intact and hashlib.file_digest(stream, "sha256").hexdigest() == sha256:
                    return True
        except (MediaProblem, OSError):
            return False
        if not self._is_linked():
            self._place(sha256).unlink(missing_ok=True)
        return False

    def fill(self, sha256: str, size: int, pieces: Iterable[bytes]) -> None:
        """Put a file in its place, whole or not at all, whatever ends the writing.

        Raises:
            WrongFile: it has another size or digest; no more than `size` bytes are ever kept.
            OSError: the folder cannot be written, or is a link.
            Exception: whatever `pieces` raises.
        """
        place = self._place(sha256)
        self._prepare()
        move_over(write_beside(place, _meant(pieces, sha256, size), mode=0o600), place)

    def _place(self, sha256: str) -> Path:
        # The digest may come from a plan's file.
        if not _NAME.fullmatch(sha256):
            raise MediaProblem("a digest in the plan is none")
        return self.folder / sha256

    def _is_linked(self) -> bool:
        """Whether what lies in the folder is somebody else's."""
        return self.folder.is_symlink() or self.folder.parent.is_symlink()

    def _prepare(self) -> None:
        make_state(self.folder.parent)
        private_folder(self.folder)
        for part in self.folder.glob(ALL):
            with suppress(OSError):  # another process may have been faster
                if time.time() - part.stat().st_mtime > _ABANDONED:
                    part.unlink()


def _meant(pieces: Iterable[bytes], sha256: str, size: int) -> Iterator[bytes]:
    """The pieces, if they are the file that is meant; never more of them than `size` bytes."""
    digest, count = hashlib.sha256(), 0
    for piece in pieces:
        count += len(piece)
        if count > size:
            raise WrongFile(f"it is longer than the {size} bytes that are declared")
        digest.update(piece)
        yield piece
    _check(count, size, digest.hexdigest(), sha256)


def _check(count: int, size: int, digest: str, sha256: str) -> None:
    if count != size:
        raise WrongFile(f"only {count} of the {size} bytes that are declared came")
    if digest != sha256:
        raise WrongFile(f"it is not the file that was meant: its SHA-256 is {digest}")
