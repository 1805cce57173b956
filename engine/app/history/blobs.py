"""Whether files in a folder are those of a commit, by the names that git gives to contents.

The files are read as they are, and nothing is asked of git: it would start the filters that a repository
names.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from engine.compiler.pastmedia import Pointer
from engine.manifest.opening import open_regular

_CHUNK = 1024 * 1024
_TEXT_LIMIT = 8 * 1024**2  # bytes; bigger files are not looked at as texts


class Blob(Protocol):
    """A file's content in a commit."""

    @property
    def blob(self) -> str:
        """Git's name of it: SHA-1 or SHA-256, hexadecimal."""

    @property
    def size(self) -> int:
        """In bytes."""


def is_same(path: Path, blob: Blob) -> bool:
    """Whether a file holds the very bytes.

    Raises:
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    return size == blob.size and _name(blob, size, _pieces(path)) == blob.blob


def is_pointed_to(path: Path, blob: Blob) -> bool:
    """Whether the blob is a pointer of Git LFS to what a file holds.

    Raises:
        OSError: the file cannot be read.
    """
    size = path.stat().st_size
    if blob.size != len(str(Pointer("0" * 64, size))):
        return False
    with open_regular(path) as stream:
        pointer = str(Pointer(hashlib.file_digest(stream, "sha256").hexdigest(), size)).encode()
    return _name(blob, len(pointer), (pointer,)) == blob.blob


def is_checked_out(path: Path, blob: Blob) -> bool:
    """Whether a file is what a checkout makes of the blob: the same, what a pointer of Git LFS stands for, or
    a text with other ends of lines.

    Raises:
        OSError: it cannot be read.
    """
    return is_same(path, blob) or is_pointed_to(path, blob) or _is_text_with_crlf(path, blob)


def is_link_to(path: Path, blob: Blob) -> bool:
    """Whether a link leads where the commit's one does.

    Raises:
        OSError: it is no link.
    """
    target = os.fsencode(path.readlink())
    return _name(blob, len(target), (target,)) == blob.blob


def _is_text_with_crlf(path: Path, blob: Blob) -> bool:
    if not blob.size < path.stat().st_size <= _TEXT_LIMIT:
        return False
    data = path.read_bytes()
    if b"\0" in data:
        return False
    text = data.replace(b"\r\n", b"\n")
    return len(text) == blob.size and _name(blob, len(text), (text,)) == blob.blob


def _name(blob: Blob, size: int, pieces: Iterable[bytes]) -> str:
    """What git would call a content, in the repository that the blob is of."""
    digest = hashlib.sha1(usedforsecurity=False) if len(blob.blob) == 40 else hashlib.sha256()
    digest.update(b"blob %d\0" % size)
    for piece in pieces:
        digest.update(piece)
    return digest.hexdigest()


def _pieces(path: Path) -> Iterator[bytes]:
    with open_regular(path) as stream:
        while chunk := stream.read(_CHUNK):
            yield chunk
