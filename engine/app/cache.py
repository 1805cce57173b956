"""Files that were fetched from servers, kept on the controller under their SHA-256.

Nothing is in it that did not have that digest when it was put there. Whoever runs Rollcall owns it; it may be
deleted at any time, and what is needed is fetched again.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from engine.app.project import make_state
from engine.compiler.media import MediaProblem, open_regular

_NAME = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PART = ".part"
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
        self._place(sha256).unlink(missing_ok=True)
        return False

    def fill(self, sha256: str, size: int, pieces: Iterable[bytes]) -> None:
        """Put a file in its place, whole or not at all, whatever ends the writing.

        Raises:
            WrongFile: it has another size or digest; no more than `size` bytes are ever kept.
            OSError: the folder cannot be written.
            Exception: whatever `pieces` raises.
        """
        place = self._place(sha256)
        self._prepare()
        part = self.folder / f"{sha256}-{secrets.token_hex(8)}{_PART}"
        try:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as stream:
                digest, count = hashlib.sha256(), 0
                for piece in pieces:
                    count += len(piece)
                    if count > size:
                        raise WrongFile(f"it is longer than the {size} bytes that are declared")
                    digest.update(piece)
                    stream.write(piece)
                _check(count, size, digest.hexdigest(), sha256)
                stream.flush()
                os.fsync(stream.fileno())
            part.replace(place)
        except BaseException:
            part.unlink(missing_ok=True)
            raise

    def _place(self, sha256: str) -> Path:
        # The digest may come from a plan's file.
        if not _NAME.fullmatch(sha256):
            raise MediaProblem("a digest in the plan is none")
        return self.folder / sha256

    def _prepare(self) -> None:
        make_state(self.folder.parent)
        self.folder.mkdir(exist_ok=True, mode=0o700)
        self.folder.chmod(0o700)  # it may have been made by hand
        for part in self.folder.glob(f"*{_PART}"):
            with suppress(OSError):  # another process may have been faster
                if time.time() - part.stat().st_mtime > _ABANDONED:
                    part.unlink()


def _check(count: int, size: int, digest: str, sha256: str) -> None:
    if count != size:
        raise WrongFile(f"only {count} of the {size} bytes that are declared came")
    if digest != sha256:
        raise WrongFile(f"it is not the file that was meant: its SHA-256 is {digest}")
