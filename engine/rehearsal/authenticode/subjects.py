"""What is signed of a file, and where in it the signature stands.

Sources: Microsoft, "Windows Authenticode Portable Executable Signature Format" (2008) for program files. For
packages, which Microsoft does not document, the order of streams that osslsigncode takes and Windows accepts.
"""

from __future__ import annotations

import hashlib
import io
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

import olefile

PE_IMAGE = "1.3.6.1.4.1.311.2.1.15"  # SPC_PE_IMAGE_DATA_OBJID
PACKAGE = "1.3.6.1.4.1.311.2.1.30"  # SPC_SIPINFO_OBJID
SIGNATURE_STREAM = "\x05DigitalSignature"
_EXTENDED_STREAM = "\x05MsiDigitalSignatureEx"
_CHECKSUM_AT = 64  # of the optional header
_DIRECTORIES_AT = {0x10B: 96, 0x20B: 112}  # PE32, PE32+
_SECURITY = 4  # IMAGE_DIRECTORY_ENTRY_SECURITY
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


class NotSignable(ValueError):
    """Neither a program file nor a package, or one that makes no sense."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A file as its signature sees it."""

    kind: str  # the object identifier of what is signed
    sha256: bytes
    signature: bytes  # the PKCS #7 message; empty where there is none


def subject_of(data: bytes) -> Subject:
    """What is signed of a file's bytes, and its signature.

    Raises:
        NotSignable: it is no such file.
    """
    if data.startswith(b"MZ"):
        return _program(data)
    if data.startswith(_COMPOUND):
        return _package(data)
    raise NotSignable("neither a program file nor a package")


def security_entry(data: bytes) -> tuple[int, int]:
    """Where a program file's checksum and its directory entry for the certificate table stand.

    Raises:
        NotSignable: it is no program file.
    """
    try:
        (header,) = struct.unpack_from("<I", data, 60)
        if data[header : header + 4] != b"PE\0\0":
            raise NotSignable("no program file")
        optional = header + 24
        (magic,) = struct.unpack_from("<H", data, optional)
        return optional + _CHECKSUM_AT, optional + _DIRECTORIES_AT[magic] + 8 * _SECURITY
    except (struct.error, KeyError):
        raise NotSignable("no program file") from None


def program_digest(data: bytes, end: int) -> bytes:
    """The digest of a program file's first `end` bytes without what signing changes."""
    checksum, entry = security_entry(data)
    digest = hashlib.sha256(data[:checksum])
    digest.update(data[checksum + 4 : entry])
    digest.update(data[entry + 8 : end])
    return digest.digest()


def package_digest(streams: Mapping[str, bytes], class_id: UUID) -> bytes:
    """The digest of a package: its streams by name, and the class of its root."""
    digest = hashlib.sha256()
    for name in sorted(streams, key=lambda name: name.encode("utf-16-le")):
        if name not in {SIGNATURE_STREAM, _EXTENDED_STREAM}:
            digest.update(streams[name])
    digest.update(class_id.bytes_le)
    return digest.digest()


def _program(data: bytes) -> Subject:
    _, entry = security_entry(data)
    try:
        start, size = struct.unpack_from("<II", data, entry)
    except struct.error:
        raise NotSignable("no program file") from None
    if not start:
        return Subject(PE_IMAGE, program_digest(data, len(data)), b"")
    # The table must be the file's end: nothing may hide behind it.
    if size < 8 or start + size != len(data):
        raise NotSignable("the certificate table is not at the end of the file")
    length, _revision, _type = struct.unpack_from("<IHH", data, start)
    return Subject(PE_IMAGE, program_digest(data, start), data[start + 8 : start + max(8, length)])


def _package(data: bytes) -> Subject:
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as container:
            names = [path[0] for path in container.listdir() if len(path) == 1]
            streams = {name: container.openstream(name).read() for name in names}
            class_id = container.root.clsid
    except (OSError, ValueError, struct.error, IndexError):
        raise NotSignable("no package") from None
    signature = streams.get(SIGNATURE_STREAM, b"")
    return Subject(PACKAGE, package_digest(streams, UUID(class_id or "0" * 32)), signature)
