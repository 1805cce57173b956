"""Signs program files and packages as Authenticode does: PKCS #7 over what is signed of the file."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping
from uuid import UUID

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from engine.rehearsal.authenticode.der import (
    BIT_STRING,
    NULL,
    OCTET_STRING,
    SEQUENCE,
    SET,
    encode,
    integer,
    oid,
)
from engine.rehearsal.authenticode.publishers import Publisher
from engine.rehearsal.authenticode.subjects import (
    PACKAGE,
    PE_IMAGE,
    SIGNATURE_STREAM,
    package_digest,
    program_digest,
    security_entry,
)

INDIRECT_DATA = "1.3.6.1.4.1.311.2.1.4"  # SPC_INDIRECT_DATA_OBJID
SIGNED_DATA = "1.2.840.113549.1.7.2"
CONTENT_TYPE, MESSAGE_DIGEST = "1.2.840.113549.1.9.3", "1.2.840.113549.1.9.4"
SHA256 = "2.16.840.1.101.3.4.2.1"
_ECDSA_WITH_SHA256 = "1.2.840.10045.4.3.2"
_PACKAGE_PROVIDER = UUID("000c10f1-0000-0000-c000-000000000046")  # of Windows Installer's files
_REVISION_2, _PKCS = 0x0200, 2  # WIN_CERTIFICATE


def sign_program(data: bytes, by: Publisher) -> bytes:
    """A program file with a signature in its certificate table. It must not have one yet."""
    data += b"\0" * (-len(data) % 8)
    _, entry = security_entry(data)
    message = _message(PE_IMAGE, _pe_image(), program_digest(data, len(data)), by)
    padded = message + b"\0" * (-len(message) % 8)
    table = struct.pack("<IHH", 8 + len(padded), _REVISION_2, _PKCS) + padded
    place = struct.pack("<II", len(data), len(table))
    return data[:entry] + place + data[entry + 8 :] + table


def signed_streams(streams: Mapping[str, bytes], class_id: UUID, by: Publisher) -> dict[str, bytes]:
    """A package's streams with the one that holds their signature."""
    message = _message(PACKAGE, _sip_info(), package_digest(streams, class_id), by)
    return {**streams, SIGNATURE_STREAM: message}


def _pe_image() -> bytes:
    """SpcPeImageData: no flags, and a name that nobody uses any more."""
    obsolete = encode(0xA2, encode(0x80, "<<<Obsolete>>>".encode("utf-16-be")))
    return encode(SEQUENCE, encode(BIT_STRING, b"\0"), encode(0xA0, obsolete))


def _sip_info() -> bytes:
    """SpcSipInfo: which provider of Windows reads the file."""
    return encode(SEQUENCE, integer(1), encode(OCTET_STRING, _PACKAGE_PROVIDER.bytes_le), *[integer(0)] * 5)


def _message(kind: str, value: bytes, digest: bytes, by: Publisher) -> bytes:
    algorithm = encode(SEQUENCE, oid(SHA256), encode(NULL))
    content = encode(
        SEQUENCE,
        encode(SEQUENCE, oid(kind), value),
        encode(SEQUENCE, algorithm, encode(OCTET_STRING, digest)),
    )
    certificate = by.certificate.public_bytes(Encoding.DER)
    signed = encode(
        SEQUENCE,
        integer(1),
        encode(SET, algorithm),
        encode(SEQUENCE, oid(INDIRECT_DATA), encode(0xA0, content)),
        encode(0xA0, certificate),
        encode(SET, _signer(content, algorithm, by)),
    )
    return encode(SEQUENCE, oid(SIGNED_DATA), encode(0xA0, signed))


def _signer(content: bytes, algorithm: bytes, by: Publisher) -> bytes:
    # PKCS #7 1.5 digests what the content holds, without its tag and length.
    inner = content[len(content) - _content_length(content) :]
    attributes = sorted(
        (
            _attribute(CONTENT_TYPE, oid(INDIRECT_DATA)),
            _attribute(MESSAGE_DIGEST, encode(OCTET_STRING, hashlib.sha256(inner).digest())),
        )
    )
    signature = by.key.sign(encode(SET, *attributes), ec.ECDSA(hashes.SHA256(), deterministic_signing=True))
    issuer = by.certificate.issuer.public_bytes()
    return encode(
        SEQUENCE,
        integer(1),
        encode(SEQUENCE, issuer, integer(by.certificate.serial_number)),
        algorithm,
        encode(0xA0, *attributes),
        encode(SEQUENCE, oid(_ECDSA_WITH_SHA256)),
        encode(OCTET_STRING, signature),
    )


def _content_length(encoded: bytes) -> int:
    if encoded[1] < 0x80:
        return encoded[1]
    return int.from_bytes(encoded[2 : 2 + (encoded[1] & 0x7F)], "big")


def _attribute(name: str, value: bytes) -> bytes:
    return encode(SEQUENCE, oid(name), encode(SET, value))
