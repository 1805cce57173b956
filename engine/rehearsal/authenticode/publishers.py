"""The rehearsal's own authority for code signing, and the publishers that it vouches for.

The keys follow from their names, so that equal input gives equal installers and every rehearsal trusts the
same authority. That makes them public: nothing but a simulated host must ever trust it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_AUTHORITY = "Rollcall rehearsal code signing (worthless elsewhere)"
_FROM, _UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2099, 12, 31, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who signs: a certificate, and its key."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey


def authority(name: str = _AUTHORITY) -> Publisher:
    """An authority that certifies itself; by default the one that simulated hosts trust."""
    key = _key(f"authority/{name}")
    certificate = (
        _builder(name, name, key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return Publisher(certificate, key)


def publisher(
    name: str, issuer: Publisher, usage: x509.ObjectIdentifier = ExtendedKeyUsageOID.CODE_SIGNING
) -> Publisher:
    """A publisher of this name, whom an authority vouches for."""
    key = _key(f"publisher/{name}")
    certificate = (
        _builder(name, _common_name(issuer.certificate.subject), key.public_key())
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([usage]), critical=False)
        .sign(issuer.key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return Publisher(certificate, key)


def _common_name(name: x509.Name) -> str:
    return str(name.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)


def _builder(subject: str, issuer: str, key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
    serial = int.from_bytes(_seed(f"serial/{issuer}/{subject}")[:16], "big") >> 1
    return (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key)
        .serial_number(serial)
        .not_valid_before(_FROM)
        .not_valid_after(_UNTIL)
    )


def _key(name: str) -> ec.EllipticCurvePrivateKey:
    # 31 bytes are always less than the order of the curve.
    return ec.derive_private_key(int.from_bytes(_seed(name)[:31], "big"), ec.SECP256R1())


def _seed(name: str) -> bytes:
    return hashlib.sha256(f"rollcall rehearsal {name}".encode()).digest()
