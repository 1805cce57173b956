"""How a test reaches an SMB server through the engine, and the steps it sends."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from engine.app.cache import Cache
from engine.app.sources import ControllerSources
from engine.compiler.media import Media
from engine.model.query import Content, ReadFile, ReadSecurity, Security
from engine.model.step import InlineContent, PutFile, SourceContent
from engine.transport.credentials import resolve
from engine.transport.smb.paths import HostPath
from engine.transport.smb.permissions import names_in
from engine.transport.smb.session import SmbSession
from engine.transport.sources import NO_SOURCES
from engine.transport.target import Authentication, Credential, Login, Target, Timeouts

SMALL_DISK = 2 * 1024 * 1024  # bytes on drive D of smbd
SHORT = Timeouts(connect=5, read=5, step=20)


@dataclass(frozen=True)
class ServedHost:
    """An SMB server on a loopback address, and an administrator of it."""

    address: str
    port: int
    user: str
    password: str  # a reference

    def target(self, timeouts: Timeouts = SHORT, encryption: bool = True) -> Target:
        return Target(
            host="DHS-SRV01",
            address=self.address,
            login=Login(self.user, self.password),
            authentication=Authentication.NTLM,
            timeouts=timeouts,
            smb_port=self.port,
            smb_encryption=encryption,
        )

    def credential(self) -> Credential:
        return resolve(Login(self.user, self.password))

    @contextmanager
    def session(
        self, timeouts: Timeouts = SHORT, encryption: bool = True, files: Path | None = None
    ) -> Iterator[SmbSession]:
        sources = NO_SOURCES if files is None else sources_below(files)
        session = SmbSession(self.target(timeouts, encryption), self.credential, sources)
        try:
            yield session
        finally:
            session.close()


def sources_below(folder: Path) -> ControllerSources:
    """The files of a folder, to be sent by name."""
    return ControllerSources(Media(folder.resolve()), Cache(folder / ".cache"))


def put(path: str, data: bytes) -> PutFile:
    """A file whose bytes the plan carries."""
    content = InlineContent(base64=base64.b64encode(data).decode())
    return PutFile(path=path, content=content, sha256=hashlib.sha256(data).hexdigest(), size=len(data))


def put_source(path: str, source: Path) -> PutFile:
    """A file on the controller, for a session whose files are in its folder."""
    data = source.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    return PutFile(path=path, content=SourceContent(source=source.name), sha256=digest, size=len(data))


def content(session: SmbSession, path: str) -> bytes:
    """All of a small file."""
    answer = session.read(ReadFile(path=path, limit=1 << 20))
    assert isinstance(answer, Content), answer
    assert answer.size == len(answer.head)
    return answer.head


def names(session: SmbSession, folder: str) -> list[str]:
    """What is in a folder, in order of name."""
    connection = session._connection
    with connection.watchdog.limit(20):
        return sorted(name for name, _ in names_in(connection, HostPath.parse(folder)))


def security(session: SmbSession, path: str) -> Security:
    answer = session.read(ReadSecurity(path=path))
    assert isinstance(answer, Security), answer
    return answer
