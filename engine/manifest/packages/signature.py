"""Who an Authenticode signature says signed a file. Whether it is valid is for Windows to say, on the host.

The signature is a CMS SignedData (RFC 5652, 5.1); Windows Installer keeps that of a package in a stream of
its own. Its certificates are those of the signer, of the authorities above it and of a time stamp's signer,
so the one that counts is the one that the first signer information names by issuer and serial number.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from dataclasses import dataclass

from cryptography import x509
from cryptography.x509.oid import NameOID

_INTEGER, _SEQUENCE, _SET, _CONTEXT = 0x02, 0x30, 0x31, 0xA0


@dataclass(frozen=True, slots=True)
class _Value:
    """One DER value: its tag's byte, its content, and all of its bytes."""

    tag: int
    content: bytes
    whole: bytes


def signer_name(signature: bytes) -> str | None:
    """The common name (CN) of the signer's certificate; None where the signature has none or is malformed."""
    try:
        certificates, issuer, serial = _signed(signature)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about certificates that are odd but can be read
            for data in certificates:
                certificate = x509.load_der_x509_certificate(data)
                if certificate.serial_number == serial and certificate.issuer.public_bytes() == issuer:
                    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
                    return str(names[0].value) if names else None
    except Exception:  # noqa: BLE001  its parser has an exception for each kind of malformed certificate
        return None
    return None


def _signed(signature: bytes) -> tuple[list[bytes], bytes, int]:
    """The certificates (DER), and the issuer (DER) and serial number of the first signer information.

    Raises:
        ValueError: the bytes are no SignedData, or it has no signer that is named so.
    """
    content_info = list(_values(_only(signature, _SEQUENCE).content))
    if len(content_info) < 2 or content_info[1].tag != _CONTEXT:
        raise ValueError("no content")
    signed = list(_values(_only(content_info[1].content, _SEQUENCE).content))
    if not signed or signed[-1].tag != _SET:
        raise ValueError("no signers")
    information = list(_values(next(_values(signed[-1].content), _NOTHING).content))
    if len(information) < 2 or information[1].tag != _SEQUENCE:
        raise ValueError("the signer is not named by its issuer")
    issuer, serial = _two(information[1].content)
    if serial.tag != _INTEGER:
        raise ValueError("no serial number")
    held = next((value.content for value in signed if value.tag == _CONTEXT), b"")
    certificates = [value.whole for value in _values(held) if value.tag == _SEQUENCE]
    return certificates, issuer.whole, int.from_bytes(serial.content, "big", signed=True)


_NOTHING = _Value(0, b"", b"")


def _only(data: bytes, tag: int) -> _Value:
    value = next(_values(data), _NOTHING)
    if value.tag != tag:
        raise ValueError("another kind of value")
    return value


def _two(data: bytes) -> tuple[_Value, _Value]:
    values = list(_values(data))
    if len(values) != 2:
        raise ValueError("not two values")
    return values[0], values[1]


def _values(data: bytes) -> Iterator[_Value]:
    """The DER values that follow each other in `data` (X.690, 8.1): one byte of tag, definite lengths."""
    position = 0
    while position < len(data):
        start = position
        if position + 2 > len(data):
            raise ValueError("a value ends too early")
        tag, length = data[position], data[position + 1]
        position += 2
        if length & 0x80:
            count = length & 0x7F
            if not 0 < count <= 4:
                raise ValueError("a length has no definite form")
            length = int.from_bytes(data[position : position + count], "big")
            position += count
        if position + length > len(data):
            raise ValueError("a value is longer than what holds it")
        yield _Value(tag, data[position : position + length], data[start : position + length])
        position += length
