"""Files that a command was asked to write."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile

from engine.cli.failures import Refused

_OWNER = 0o600


def expect_place(path: Path | None) -> None:
    """Before long work is done for a file: make sure that it can be written beside its place and moved there.

    Raises:
        Refused: it cannot, and why.
    """
    if path is None:
        return
    if path.is_dir():
        raise Refused(f"{path} cannot be written: it is a folder")

    def probe(path: Path) -> None:
        with NamedTemporaryFile(dir=path.absolute().parent, prefix=f".{path.name}."):
            pass

    save(path, probe)


class _Opened:
    """A file that is open for one text to come. It holds what it held before until then."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._handle = -1
        self.written = False
        save(path, self._open)

    def _open(self, path: Path) -> None:
        self._handle = os.open(path, os.O_WRONLY | os.O_CREAT, _OWNER)

    def write(self, text: str) -> None:
        save(self._path, lambda _path: self._fill(memoryview(text.encode())))
        self.written = True

    def _fill(self, rest: memoryview) -> None:
        if stat.S_ISREG(os.fstat(self._handle).st_mode):
            os.ftruncate(self._handle, 0)
        while rest:
            rest = rest[os.write(self._handle, rest) :]

    def close(self) -> None:
        os.close(self._handle)


@contextmanager
def opened(path: Path | None) -> Iterator[Callable[[str], None]]:
    """Open a file for what is known only after hosts were changed, so that it is not lost; gives its writer.

    Only its owner can read a file that is new: it tells how computers are set up. If nothing was written it
    is taken away again.

    Raises:
        Refused: it cannot be opened; or, from the writer, it cannot be written.
    """
    if path is None:
        yield lambda _text: None
        return
    is_new = not path.exists()
    file = _Opened(path)
    try:
        yield file.write
    finally:
        file.close()
        if is_new and not file.written:
            path.unlink(missing_ok=True)


def save(path: Path, write: Callable[[Path], None]) -> None:
    """Let `write` make the file.

    Raises:
        Refused: it cannot be written, and why.
    """
    try:
        write(path)
    except OSError as error:
        raise Refused(f"{path} cannot be written: {error.strerror}") from None


def save_text(path: Path, text: str) -> None:
    """Write a file that only its owner can read: it tells how computers are set up.

    Raises:
        Refused: it cannot be written, and why.
    """

    def write(path: Path) -> None:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, _OWNER)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)

    save(path, write)
