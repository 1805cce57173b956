"""Files that are written beside their place and moved there: whole or not at all, and never through links."""

from __future__ import annotations

import errno
import os
import secrets
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

ALL = ".*.new"  # every file that lies beside its place; what a killed process left is among them
_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
_PRIVATE = 0o700


class ChangedMeanwhile(Exception):
    """The file does not hold any more what it held when it was read; it was left as it is."""


def write_beside(path: Path, pieces: Iterable[bytes], *, mode: int = 0o666) -> Path:
    """Write a new file of a random name beside `path`, onto the disk; whoever calls this moves or removes it.

    `mode` holds as far as the umask lets it. Whatever ends the writing, nothing is left of it.

    Raises:
        OSError: the folder cannot be written.
        Exception: whatever `pieces` raises.
    """
    new = path.with_name(f".{secrets.token_hex(16)}.new")
    descriptor = os.open(new, _FLAGS, mode)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new


def replace_file(path: Path, data: bytes, *, was: bytes | None = None) -> None:
    """Put a file in the place of the one at `path`, if there is one, with that one's permissions.

    Raises:
        ChangedMeanwhile: the file there is not `was` any more.
        OSError: it cannot be written.
    """
    new = write_beside(path, (data,))
    try:
        with suppress(FileNotFoundError):
            shutil.copymode(path, new)
        if was is not None and path.read_bytes() != was:
            raise ChangedMeanwhile
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def move_over(new: Path, path: Path) -> None:
    """Move a file from beside its place to it, whatever is there; where that fails the file is gone.

    Raises:
        OSError: it cannot be moved.
    """
    try:
        new.replace(path)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


def create_file(path: Path, data: bytes) -> None:
    """Put a file where there is none, and its folders.

    Raises:
        FileExistsError: there is one, or a link.
        OSError: it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    new = write_beside(path, (data,))
    try:
        move_new(new, path)
    finally:
        new.unlink(missing_ok=True)


def move_new(new: Path, path: Path) -> None:
    """Move a file from beside its place to it, if nothing is there.

    Raises:
        FileExistsError: something is, or a link.
        OSError: it cannot be moved.
    """
    try:
        os.link(new, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without hard links: take the place first
        os.close(os.open(path, _FLAGS))
        new.replace(path)
    else:
        new.unlink()


def leads_out(folder: Path, path: Path) -> bool:
    """Whether a path below a folder leads out of it by links, its last name included."""
    return not path.resolve().is_relative_to(folder.resolve())


def private_folder(folder: Path) -> None:
    """Make a folder that only its owner can look into, or make the one that is there so.

    Raises:
        OSError: it cannot be made, or is a link: what is put there would lie where somebody else decided.
    """
    with suppress(FileExistsError):
        folder.mkdir(mode=_PRIVATE)
    if folder.is_symlink():
        raise OSError(errno.ELOOP, "it is a link, and nothing is kept through links", str(folder))
    if not folder.is_dir():
        raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder))
    folder.chmod(_PRIVATE)
