"""The fleet's own certificate authority."""

from __future__ import annotations

from pathlib import Path

import trustme

from engine.rehearsal.fleet.private import write_private

CA_FILE = "ca.pem"
_KEY_FILE = "ca.key"


def open_or_create(folder: Path) -> trustme.CA:
    """The authority that is kept in the folder; made at the first start and then kept, for its clients."""
    certificate, key = folder / CA_FILE, folder / _KEY_FILE
    if certificate.exists() and key.exists():
        return trustme.CA.from_pem(certificate.read_bytes(), key.read_bytes())
    authority = trustme.CA(organization_name="Rollcall rehearsal")
    write_private(key, authority.private_key_pem.bytes())
    authority.cert_pem.write_to_path(str(certificate))
    return authority
