"""How a school's hosts are reached: the district's settings refined by the school's, as plain data.

References to secrets stay references; whoever connects resolves them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from engine.compiler.district import District
from engine.compiler.selectors import select
from engine.compiler.trust import refined
from engine.manifest.documents.district import Connection, Plaintext
from engine.manifest.folder import Documents
from engine.manifest.nodes import Word
from engine.manifest.selectors import read_selectors
from engine.model.origin import Origin

Scheme = Literal["https", "http"]
Auth = Literal["negotiate", "kerberos", "ntlm", "basic"]

_AUTH: Auth = "negotiate"
_SMB_PORT = 445


@dataclass(frozen=True, slots=True)
class CredentialReference:
    """Who logs on. `user` is an account, or a reference like `password`: `env:`, `file:` or `keyring:`."""

    user: str
    password: str


@dataclass(frozen=True, slots=True)
class ConnectionSettings:
    """Everything but the secrets that connecting to a school's hosts takes."""

    school: str
    scheme: Scheme
    port: int  # WinRM's
    smb_port: int
    auth: Auth
    ca_file: Path | None  # absolute, links followed; PEM
    dns_suffix: str | None
    credentials: CredentialReference | None  # None: nobody said who logs on
    plaintext: dict[str, str]  # hosts that may be talked to without encryption, each with its reason
    origin: Origin  # the nearest `connection:`, or where one would be written

    def address(self, host: str) -> str:
        """The DNS name of a host."""
        return host if self.dns_suffix is None else f"{host}.{self.dns_suffix}"


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How file servers, which belong to no school, are talked to: as district.yaml says of hosts."""

    smb_port: int
    auth: Auth
    credentials: CredentialReference | None  # None: nobody said who logs on
    origin: Origin  # the district's `connection:`, or where it would be written


def server_settings(district: District) -> ServerSettings:
    """The settings of the file servers that UNC paths name."""
    written = district.documents.district
    connection = written.document.connection
    return ServerSettings(
        smb_port=connection.smb_port or _SMB_PORT,
        auth=connection.auth or _AUTH,
        credentials=_reference(connection),
        origin=written.node.place("connection"),
    )


def connection_settings(district: District, school: str) -> ConnectionSettings:
    """The settings of one school.

    Raises:
        KeyError: the district has no such school.
        MediaProblem: the file of trusted authorities is missing, or leads out of the manifests.
    """
    documents = district.documents
    merged = refined(
        documents.district.document.connection, documents.schools[school].main.document.connection
    )
    scheme: Scheme = merged.scheme or "https"
    return ConnectionSettings(
        school=school,
        scheme=scheme,
        port=merged.port or (5986 if scheme == "https" else 5985),
        smb_port=merged.smb_port or _SMB_PORT,
        auth=merged.auth or _AUTH,
        ca_file=None if merged.ca_file is None else district.sources.media.find(merged.ca_file).path,
        dns_suffix=merged.dns_suffix,
        credentials=_reference(merged),
        plaintext=_plaintext(district, school, merged.plaintext),
        origin=_place(documents, school),
    )


def _reference(connection: Connection) -> CredentialReference | None:
    said = connection.credentials
    return None if said is None else CredentialReference(said.user, said.password)


def _place(documents: Documents, school: str) -> Origin:
    """A school that says nothing of its own is connected to as district.yaml says."""
    own = documents.schools[school].main.node
    return (own if "connection" in own.entries else documents.district.node).place("connection")


def _plaintext(district: District, school: str, exceptions: tuple[Plaintext, ...]) -> dict[str, str]:
    inventory = district.inventories[school]
    reasons: dict[str, str] = {}
    for exception in exceptions:
        texts = (exception.hosts,) if isinstance(exception.hosts, str) else exception.hosts
        words = tuple(Word(text, Origin("", 1, 1)) for text in texts)  # what is wrong was told with its place
        for host in sorted(select(read_selectors(words, []), inventory)):
            reasons.setdefault(inventory.hosts[host].name, exception.reason)
    return reasons
