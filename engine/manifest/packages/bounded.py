"""A file of which only so much may be read: whatever its tables claim, reading it ends."""

from __future__ import annotations

import io
from pathlib import Path
from typing import BinaryIO

from engine.manifest.opening import open_regular


class TooMuchToRead(Exception):
    """More was to be read than a file of this kind needs."""


class BoundedFile(io.RawIOBase):
    """A file opened for reading, and the number of bytes that may be read from it in all.

    A compound file names its sectors by numbers that may lead in circles; a reader that follows them stops
    here. Raises TooMuchToRead from `read`, and OSError where the file cannot be read.
    """

    def __init__(self, path: Path, budget: int) -> None:
        super().__init__()
        self._stream: BinaryIO = open_regular(path)
        self._left = budget

    def read(self, size: int | None = -1, /) -> bytes:
        data = self._stream.read(
            min(self._left + 1, size if size is not None and size >= 0 else self._left + 1)
        )
        self._left -= len(data)
        if self._left < 0:
            raise TooMuchToRead
        return data

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    def tell(self) -> int:
        return self._stream.tell()

    def seekable(self) -> bool:
        return True

    def readable(self) -> bool:
        return True

    def close(self) -> None:
        self._stream.close()
        super().close()
