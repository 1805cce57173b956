"""File work of one host session: questions, acts and log tails, each with its deadline and typed errors."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from smbprotocol.exceptions import SMBResponseException

from engine.model.errors import HostError, HostRefused, LogonFailed, ProtocolBroken, StepFailed
from engine.model.query import Answer, ReadFile, ReadSecurity, Unread
from engine.model.session import Sources, SourceUnavailable
from engine.model.step import (
    FileStep,
    InlineContent,
    MakeDirectory,
    PutFile,
    RemoveFile,
    SetSecurity,
)
from engine.transport.classify import boundary
from engine.transport.ntstatus import LOST
from engine.transport.refusals import InsecureAnswer, Refusal
from engine.transport.smb import files
from engine.transport.smb.connection import SmbConnection
from engine.transport.smb.own_folder import make_directory
from engine.transport.smb.paths import HostPath
from engine.transport.smb.permissions import set_security
from engine.transport.sources import NO_SOURCES
from engine.transport.target import Credential, Target

_PIECE = 1024 * 1024  # bytes read from the controller's disk at once


class SmbSession:
    """Opens its connection at the first call and again after a lost one. One thread at a time."""

    def __init__(
        self, target: Target, credential: Callable[[], Credential], sources: Sources = NO_SOURCES
    ) -> None:
        self._target = target
        self._sources = sources
        self._connection = SmbConnection(target, credential)

    def read(self, query: ReadSecurity | ReadFile) -> Answer:
        """Answer one question.

        Raises:
            HostError: the conversation is lost or broken; a refusal is an `Unread` instead.
        """
        try:
            with self._step(f"read {query.path}", self._target.timeouts.step):
                path = HostPath.parse(query.path)
                if isinstance(query, ReadSecurity):
                    return files.read_security(self._connection, path)
                return files.read_file(self._connection, path, query.limit)
        except HostRefused as error:
            if isinstance(error, LogonFailed | ProtocolBroken):
                raise
            return Unread(error.cause)

    def write(self, step: FileStep) -> None:
        """Do one act on the file system.

        Raises:
            HostError: it was not done.
        """
        name, act = self._act(step)
        seconds = self._target.timeouts.step
        if isinstance(step, PutFile):
            # There and back again: it is written, then read to be verified.
            seconds += 2 * step.size / self._target.timeouts.bytes_per_second
        with self._step(f"{name} {step.path}", seconds):
            act(HostPath.parse(step.path))

    def read_tail(self, path: str, limit: int) -> str:
        """The last `limit` bytes of a log as text.

        Raises:
            HostError: it cannot be read.
        """
        with self._step(f"read {path}", self._target.timeouts.step):
            return files.read_tail(self._connection, HostPath.parse(path), limit)

    def close(self) -> None:
        """End the connection; never raises."""
        self._connection.drop()

    def _act(self, step: FileStep) -> tuple[str, Callable[[HostPath], None]]:
        if isinstance(step, PutFile):
            return "put", lambda path: self._put(path, step)
        if isinstance(step, SetSecurity):
            return "set permissions of", lambda path: set_security(self._connection, path, step.descriptor)
        if isinstance(step, MakeDirectory):
            return "make folder", lambda path: make_directory(self._connection, path)
        if isinstance(step, RemoveFile):
            return "delete file", lambda path: files.remove_file(self._connection, path)
        return "delete folder", lambda path: files.remove_directory(self._connection, path)

    def _put(self, path: HostPath, step: PutFile) -> None:
        problem = source_problem(step, self._sources)
        if problem:
            raise StepFailed(self._target.host, f"put {step.path}", problem)
        files.put_file(self._connection, path, lambda: pieces(step, self._sources), step.sha256)

    @contextmanager
    def _step(self, step: str, seconds: float) -> Iterator[None]:
        """Guard one act; a connection that failed, or may be out of step, is not used again."""
        watchdog = self._connection.watchdog
        with boundary(self._target.host, step, watchdog):
            try:
                with watchdog.limit(seconds):
                    yield
            except BaseException as error:
                if watchdog.expired or not _is_orderly(error):
                    self._connection.drop()
                raise


def _is_orderly(error: BaseException) -> bool:
    """Whether the connection is still good: the server said no, or nothing was asked of it."""
    if isinstance(error, SMBResponseException):
        return error.status not in LOST
    return isinstance(error, Refusal | HostError) and not isinstance(error, InsecureAnswer)


def pieces(step: PutFile, sources: Sources) -> Iterable[bytes]:
    """The bytes of a file to put, in pieces."""
    if isinstance(step.content, InlineContent):
        yield base64.b64decode(step.content.base64)
        return
    with sources.open(step.content, step.sha256) as source:
        while piece := source.read(_PIECE):
            yield piece


def source_problem(step: PutFile, sources: Sources) -> str | None:
    """Why the content on the controller is not what was planned; None where it is."""
    digest = hashlib.sha256()
    size = 0
    try:
        for piece in pieces(step, sources):
            digest.update(piece)
            size += len(piece)
    except SourceUnavailable as problem:
        return str(problem)
    except OSError as error:
        return f"the source file cannot be read: {error.strerror}"
    except binascii.Error:
        return "the content in the plan is no valid base64"
    if size != step.size or digest.hexdigest() != step.sha256:
        return f"the source is not what was planned: {size} bytes with another SHA-256"
    return None
