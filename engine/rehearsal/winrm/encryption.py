"""WinRM's message encryption over plain HTTP (MS-WSMV 2.2.9.1): SOAP sealed inside a multipart body."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

import spnego
from spnego.exceptions import SpnegoError

_BOUNDARY = "Encrypted Boundary"
_PROTOCOLS = (
    "application/HTTP-SPNEGO-session-encrypted",
    "application/HTTP-Kerberos-session-encrypted",
)
_PART_START = b"\tContent-Type: application/octet-stream\r\n"


class NotDecryptable(Exception):
    """The body is no sealed message of this connection's session."""


@dataclass(frozen=True, slots=True)
class SealedForm:
    """How the client seals its messages; the answer takes the same form."""

    protocol: str
    boundary: str

    @property
    def content_type(self) -> str:
        return f'multipart/encrypted;protocol="{self.protocol}";boundary="{self.boundary}"'


def sealed_form(content_type: str) -> SealedForm | None:
    """The form that a Content-Type names; None where the body is not sealed.

    Raises:
        NotDecryptable: it is sealed in a way that this server does not speak (CredSSP, several parts).
    """
    media_type, _, rest = content_type.partition(";")
    if not media_type.strip().lower().startswith("multipart/"):
        return None
    fields = dict(re.findall(r'(\w+)\s*=\s*"?([^";]*)"?', rest))
    protocol = fields.get("protocol", "")
    if media_type.strip().lower() != "multipart/encrypted" or protocol not in _PROTOCOLS:
        raise NotDecryptable(f"unsupported encryption {content_type!r}")
    return SealedForm(protocol, fields.get("boundary") or _BOUNDARY)


def unseal(context: spnego.ContextProxy, form: SealedForm, body: bytes) -> bytes:
    """The SOAP message inside a sealed body.

    Raises:
        NotDecryptable: the parts are malformed, the signature is wrong, or the length is not as announced.
    """
    delimiter = b"--" + form.boundary.encode("latin-1")
    parts = body.split(delimiter + b"\r\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise NotDecryptable("the body is not two parts")
    announced = re.search(rb"Length=(\d+)", parts[1])
    at = parts[2].find(_PART_START)
    end = parts[2].rfind(delimiter + b"--")
    if announced is None or at < 0 or end < 0:
        raise NotDecryptable("a part's header is missing")
    sealed = parts[2][at + len(_PART_START) : end]
    if len(sealed) < 4:
        raise NotDecryptable("the sealed part is too short")
    (header_length,) = struct.unpack_from("<I", sealed)
    if header_length > len(sealed) - 4:
        raise NotDecryptable("the signature is cut off")
    try:
        message = context.unwrap_winrm(sealed[4 : 4 + header_length], sealed[4 + header_length :])
    except SpnegoError as error:
        raise NotDecryptable(str(error)) from error
    if len(message) != int(announced.group(1)):
        raise NotDecryptable("the length is not as announced")
    return message


def seal(context: spnego.ContextProxy, form: SealedForm, message: bytes) -> bytes:
    """The body that carries a SOAP message sealed for the client of this session."""
    result = context.wrap_winrm(message)
    delimiter = f"--{form.boundary}\r\n"
    head = (
        f"{delimiter}\tContent-Type: {form.protocol}\r\n"
        f"\tOriginalContent: type=application/soap+xml;charset=UTF-8;"
        f"Length={len(message) + result.padding_length}\r\n{delimiter}"
    ).encode("latin-1")
    sealed = struct.pack("<I", len(result.header)) + result.header + result.data
    return head + _PART_START + sealed + f"--{form.boundary}--\r\n".encode("latin-1")
