"""The fleet's own certificate authority, and the certificates of its hosts."""

from __future__ import annotations

import os
import ssl
from pathlib import Path

import trustme

from engine.rehearsal.winrm.authentication import channel_bindings
from engine.rehearsal.winrm.endpoint import TlsIdentity

CA_FILE = "ca.pem"
_KEY_FILE = "ca.key"


def open_or_create(folder: Path) -> trustme.CA:
    """The authority that is kept in the folder; made at the first start and then kept, for its clients."""
    certificate, key = folder / CA_FILE, folder / _KEY_FILE
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA(organization_name="Rollcall rehearsal")
    descriptor = os.open(key, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(authority.private_key_pem.bytes())
    authority.cert_pem.write_to_path(str(certificate))
    return authority


def issue(authority: trustme.CA, name: str, dns: str, address: str) -> TlsIdentity:
    """A host's certificate for its short and full name and its address."""
    issued = authority.issue_cert(name.lower(), f"{name}.{dns}".lower(), address, common_name=name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    return TlsIdentity(context, channel_bindings(issued.cert_chain_pems[0].bytes()))
