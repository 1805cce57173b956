"""The certificates of the hosts."""

from __future__ import annotations

import ssl

import trustme

from engine.rehearsal.winrm.authentication import channel_bindings
from engine.rehearsal.winrm.endpoint import TlsIdentity


def issue(authority: trustme.CA, name: str, dns: str, address: str) -> TlsIdentity:
    """A host's certificate for its short and full name and its address."""
    issued = authority.issue_cert(name.lower(), f"{name}.{dns}".lower(), address, common_name=name)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    issued.configure_cert(context)
    return TlsIdentity(context, channel_bindings(issued.cert_chain_pems[0].bytes()))
