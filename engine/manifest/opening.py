"""Opening files that people name: never a pipe or a device, which could be waited for without an end."""

from __future__ import annotations

import os
import stat
from io import BufferedReader
from pathlib import Path

# Opening a pipe waits for who writes to it; these flags keep that from happening, where the system has them.
_OPEN = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)


class NotAFile(OSError):
    """It is a folder, a device or a pipe."""

    def __init__(self) -> None:
        super().__init__("it is not a file")
        self.strerror = "it is not a file"


def open_regular(path: Path) -> BufferedReader:
    """A file's bytes, to be closed by the caller. Links are followed.

    Raises:
        NotAFile: it is no regular file; it is not waited for.
        OSError: it cannot be opened.
    """
    descriptor = os.open(path, _OPEN)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise NotAFile
    return os.fdopen(descriptor, "rb")
