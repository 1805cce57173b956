"""Verifies signatures as Get-AuthenticodeSignature tells of them, against one trusted authority.

The words are those of System.Management.Automation.SignatureStatus; which of Windows' errors leads to which
is PowerShell's own mapping (its Authenticode.cs): a bad digest is HashMismatch, no signature is NotSigned,
and nearly everything else, an authority that is not trusted as well, is UnknownError.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from engine.rehearsal.authenticode.der import (
    OCTET_STRING,
    SET,
    Element,
    NotDer,
    encode,
    integer,
    oid,
    read,
)
from engine.rehearsal.authenticode.signing import CONTENT_TYPE, INDIRECT_DATA, MESSAGE_DIGEST, SIGNED_DATA
from engine.rehearsal.authenticode.subjects import NotSignable, Subject, subject_of

_LONGEST_CHAIN = 5


class Status(Enum):
    """With Windows' message, where it does not depend on the file."""

    VALID = "Valid", "Signature verified."
    NOT_SIGNED = "NotSigned", "The file is not digitally signed."
    HASH_MISMATCH = (
        "HashMismatch",
        "The contents of the file might have been changed by an unauthorized user or process, because the "
        "hash of the file does not match the hash stored in the digital signature.",
    )
    UNKNOWN_FORM = (
        "UnknownError",
        "The form specified for the subject is not one supported or known by the specified trust provider",
    )
    UNTRUSTED = (
        "UnknownError",
        "A certificate chain processed, but terminated in a root certificate which is not trusted by the "
        "trust provider",
    )
    EXPIRED = (
        "UnknownError",
        "A required certificate is not within its validity period when verifying against the current system "
        "clock or the timestamp in the signed file",
    )
    WRONG_USAGE = "UnknownError", "The certificate is not valid for the requested usage"
    MALFORMED = "UnknownError", "An error occurred while reading or writing to a file"

    @property
    def word(self) -> str:
        return self.value[0]

    @property
    def message(self) -> str:
        return self.value[1]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What Windows says of a file's signature; the name is empty where there is no valid one."""

    status: Status
    common_name: str = ""


def verify(data: bytes, trusted: x509.Certificate, now: datetime | None = None) -> Verdict:
    """Judge the signature of a file's bytes."""
    try:
        subject = subject_of(data)
    except NotSignable:
        return Verdict(Status.UNKNOWN_FORM)
    if not subject.signature:
        return Verdict(Status.NOT_SIGNED)
    try:
        return _judge(subject, _Message.parse(subject.signature), trusted, now or datetime.now(UTC))
    except (NotDer, ValueError, IndexError):
        return Verdict(Status.MALFORMED)


@dataclass(frozen=True, slots=True)
class _Message:
    """The parts of SignedData (PKCS #7 1.5, 9) that Authenticode uses."""

    content: Element  # SpcIndirectDataContent
    certificates: tuple[x509.Certificate, ...]
    issuer_and_serial: bytes  # the signer's, encoded
    attributes: Element
    signature: bytes

    @classmethod
    def parse(cls, message: bytes) -> _Message:
        outer, _ = read(message)  # what follows is padding
        kind, explicit = outer.children()
        _, _, inner, certificates, signers = _one(explicit).children()[:5]
        content_type, content = inner.children()
        if kind.encoded != oid(SIGNED_DATA) or content_type.encoded != oid(INDIRECT_DATA):
            raise NotDer("no Authenticode")
        signer = _one(signers).children()
        if signer[3].tag != 0xA0:
            raise NotDer("no signed attributes")
        return cls(
            content=_one(content),
            certificates=tuple(x509.load_der_x509_certificate(e.encoded) for e in certificates.children()),
            issuer_and_serial=signer[1].content,
            attributes=signer[3],
            signature=signer[5].content,
        )

    @property
    def file_digest(self) -> bytes:
        """The digest of the file that was signed."""
        _, info = self.content.children()
        _, digest = info.children()
        return digest.content

    @property
    def kind(self) -> bytes:
        """What kind of file was signed, encoded."""
        return self.content.children()[0].children()[0].encoded

    def attribute(self, name: str) -> Element:
        for each in self.attributes.children():
            key, values = each.children()
            if key.encoded == oid(name):
                return _one(values)
        raise NotDer("an attribute is missing")

    @property
    def signer(self) -> x509.Certificate | None:
        for each in self.certificates:
            if each.issuer.public_bytes() + integer(each.serial_number) == self.issuer_and_serial:
                return each
        return None


def _one(element: Element) -> Element:
    (only,) = element.children()
    return only


def _judge(subject: Subject, message: _Message, trusted: x509.Certificate, now: datetime) -> Verdict:
    signer = message.signer
    if signer is None or message.kind != oid(subject.kind):
        return Verdict(Status.MALFORMED)
    if message.file_digest != subject.sha256 or not _holds_together(message, signer):
        return Verdict(Status.HASH_MISMATCH)
    chain = _chain(signer, message.certificates, trusted)
    if chain is None:
        return Verdict(Status.UNTRUSTED)
    if not all(each.not_valid_before_utc <= now <= each.not_valid_after_utc for each in chain):
        return Verdict(Status.EXPIRED)
    if not _signs_code(signer):
        return Verdict(Status.WRONG_USAGE)
    names = signer.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return Verdict(Status.VALID, str(names[0].value) if names else "")


def _holds_together(message: _Message, signer: x509.Certificate) -> bool:
    """Whether the signature is of these attributes, and these are of this content."""
    digest = encode(OCTET_STRING, hashlib.sha256(message.content.content).digest())
    if message.attribute(MESSAGE_DIGEST).encoded != digest:
        return False
    if message.attribute(CONTENT_TYPE).encoded != oid(INDIRECT_DATA):
        return False
    signed, key = encode(SET, message.attributes.content), signer.public_key()
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(message.signature, signed, ec.ECDSA(hashes.SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(message.signature, signed, padding.PKCS1v15(), hashes.SHA256())
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _chain(
    signer: x509.Certificate, known: tuple[x509.Certificate, ...], trusted: x509.Certificate
) -> tuple[x509.Certificate, ...] | None:
    """From the signer to the trusted authority; None where that cannot be reached."""
    chain = [signer]
    while len(chain) < _LONGEST_CHAIN:
        if _issued(trusted, chain[-1]):
            return (*chain, trusted)
        above = next((each for each in known if each not in chain and _issued(each, chain[-1])), None)
        if above is None:
            return None
        chain.append(above)
    return None


def _issued(authority: x509.Certificate, certificate: x509.Certificate) -> bool:
    try:
        may = authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
        certificate.verify_directly_issued_by(authority)
    except (x509.ExtensionNotFound, ValueError, TypeError, InvalidSignature):
        return False
    return may


def _signs_code(certificate: x509.Certificate) -> bool:
    try:
        usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return False
    return ExtendedKeyUsageOID.CODE_SIGNING in usage
