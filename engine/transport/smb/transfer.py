"""Bytes to and from a host: chunked, counted and hashed on the way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator

from smbprotocol.exceptions import SMBResponseException
from smbprotocol.open import Open

from engine.transport.ntstatus import Status

# Larger chunks gain little and cost credits; smaller ones cost round trips.
CHUNK = 256 * 1024


def chunks(handle: Open, largest: int, start: int = 0) -> Iterator[bytes]:
    """The file's bytes from `start` to its end; `largest` is what the server takes in one read."""
    step = min(CHUNK, largest)
    offset = start
    while True:
        try:
            data = handle.read(offset, step)
        except SMBResponseException as error:
            if error.status == Status.END_OF_FILE:
                return
            raise
        if not data:
            return
        yield data
        offset += len(data)


def write_all(handle: Open, source: Iterable[bytes], largest: int) -> tuple[int, str]:
    """Write every piece of `source` from the file's beginning on; gives bytes written and their SHA-256."""
    step = min(CHUNK, largest)
    digest = hashlib.sha256()
    offset = 0
    for piece in source:
        digest.update(piece)
        for at in range(0, len(piece), step):
            part = piece[at : at + step]
            while part:
                written = handle.write(part, offset)
                if written <= 0:
                    raise OSError("the server accepted none of the bytes sent")
                part = part[written:]
                offset += written
    return offset, digest.hexdigest()


def measure(handle: Open, largest: int, keep: int = 0) -> tuple[int, str, bytes]:
    """Size, SHA-256 and the first `keep` bytes of a whole file."""
    digest = hashlib.sha256()
    head = bytearray()
    size = 0
    for data in chunks(handle, largest):
        digest.update(data)
        head += data[: max(0, keep - len(head))]
        size += len(data)
    return size, digest.hexdigest(), bytes(head)
