"""What manifests say of any file: its size and SHA-256."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NamedTuple

from engine.manifest.opening import open_regular


class Digest(NamedTuple):
    """A file's size in bytes, and its SHA-256 in small hexadecimal digits."""

    size: int
    sha256: str


def digest_file(path: Path) -> Digest:
    """Read a file, which may be big.

    Raises:
        OSError: it cannot be read.
    """
    with open_regular(path) as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return Digest(stream.tell(), sha256)
