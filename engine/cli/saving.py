"""Files that a command was asked to write."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from engine.cli.failures import Refused


def expect_folder(path: Path | None) -> None:
    """Before anything else is done: long work is not begun for a file that has no place to go.

    Raises:
        Refused: the folder of the file does not exist.
    """
    if path is not None and not path.absolute().parent.is_dir():
        raise Refused(f"{path} cannot be written: there is no folder {path.parent}")


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
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)

    save(path, write)
