"""Windows Installer packages for tests, with any properties, summary, streams and class."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Mapping
from uuid import UUID

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs7
from cryptography.x509.oid import NameOID
from pymsi import streamname

from engine.rehearsal.media.compound import SECTOR, write_compound
from engine.rehearsal.media.database import write_tables
from engine.rehearsal.media.schema import PROPERTY
from engine.rehearsal.media.summary import STREAM_NAME, Summary, write_summary

MSI_CLASS = UUID("000c1084-0000-0000-c000-000000000046")
PATCH_CLASS = UUID("000c1086-0000-0000-c000-000000000046")
TRANSFORM_CLASS = UUID("000c1082-0000-0000-c000-000000000046")
PRODUCT_CODE = "{11111111-2222-3333-4444-555555555555}"
UPGRADE_CODE = "{AAAAAAAA-2222-3333-4444-555555555555}"
PROPERTIES: Mapping[str, str] = {
    "ProductCode": PRODUCT_CODE,
    "UpgradeCode": UPGRADE_CODE,
    "ProductName": "Demo Tool 1.2.3 (x64)",
    "ProductVersion": "1.2.3",
    "Manufacturer": "Example Inc.",
    "ALLUSERS": "1",
}


def package(
    changes: Mapping[str, str | None] | None = None,
    *,
    platform: str = "x64",
    kind: UUID = MSI_CLASS,
    streams: Mapping[str, bytes] | None = None,
    has_properties: bool = True,
    code_page: int | None = None,
) -> bytes:
    """A package with these properties; one that is None is left out."""
    properties = {**PROPERTIES, **(changes or {})}
    rows = [(name, value) for name, value in properties.items() if value is not None]
    parts = write_tables({PROPERTY: rows} if has_properties else {})
    if code_page is not None:
        pool = streamname.encode_unicode("_StringPool", True)
        parts[pool] = struct.pack("<I", code_page) + parts[pool][4:]
    parts[STREAM_NAME] = write_summary(Summary("Demo", "Example", platform, PRODUCT_CODE))
    return write_compound({**parts, **(streams or {})}, kind)


def in_a_circle(data: bytes) -> bytes:
    """The same file, whose directory's last sector is followed by its first."""
    (fat_sector,) = struct.unpack_from("<I", data, 0x4C)
    (directory,) = struct.unpack_from("<I", data, 0x30)
    spoiled = bytearray(data)
    place = (fat_sector + 1) * SECTOR + 4 * directory
    struct.pack_into("<I", spoiled, place, directory)
    return bytes(spoiled)


def signature(name: str) -> bytes:
    """A signature (CMS, detached) by a certificate of this name; its authority's certificate comes first."""
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _certificate(
        "Example Code Signing CA", "Example Code Signing CA", authority_key, authority_key
    )
    certificate = _certificate(name, "Example Code Signing CA", key, authority_key)
    return (
        pkcs7.PKCS7SignatureBuilder()
        .set_data(b"digest")
        .add_signer(certificate, key, hashes.SHA256())
        .add_certificate(authority)
        .sign(serialization.Encoding.DER, [pkcs7.PKCS7Options.Binary])
    )


def _certificate(
    name: str, issuer: str, key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey
) -> x509.Certificate:
    start = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=365))
        .sign(signer, hashes.SHA256())
    )
