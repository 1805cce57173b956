"""Installers that lie on servers: fetched before anything is changed, once, into the cache."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from threading import Event
from typing import Protocol

from engine.app.cache import Cache, WrongFile
from engine.compiler.verify import Remote
from engine.model.errors import (
    AccessDenied,
    DeadlineExceeded,
    HostError,
    HostUnreachable,
    LogonFailed,
    NotFound,
    StepFailed,
    UntrustedCertificate,
)
from engine.model.source import SharedFile
from engine.model.sourceplaces import SourcePlaces
from engine.transport.download import ForbiddenPlace, TryLater, download
from engine.transport.smb.shared import copy_from_share
from engine.transport.target import Target, Timeouts

Servers = Callable[[str], Target]  # a file server's name to how it is talked to; may raise HostError


@dataclass(frozen=True, slots=True)
class Origins:
    """Who is asked for files."""

    places: SourcePlaces  # nobody else is asked for anything
    servers: Servers


class FetchProgress(Protocol):
    """Hears how fetching goes; called from the thread that asked for it."""

    def fetch_started(self, name: str, size: int) -> None:
        """A file of so many bytes is fetched from now on."""

    def fetch_went_on(self, count: int) -> None:
        """So many more bytes of it are here."""

    def fetch_ended(self) -> None:
        """It is here, or it is not to be had."""


class _Unheard:
    """Progress that nobody listens to."""

    def fetch_started(self, name: str, size: int) -> None: ...

    def fetch_went_on(self, count: int) -> None: ...

    def fetch_ended(self) -> None: ...


UNHEARD: FetchProgress = _Unheard()


class _Cancelled(Exception):
    """Somebody does not want to wait any longer."""


def fetch(
    wanted: Iterable[Remote], cache: Cache, origins: Origins, progress: FetchProgress, cancel: Event
) -> Mapping[Remote, str]:
    """Bring what is not in the cache yet; gives what could not be had, each with one line that says why.

    One file after the other. What lies outside of the places is not asked for. A server that does not answer,
    cannot be trusted or refuses the logon, is not asked again; one that cannot give a file now is asked for
    the others. When `cancel` is set, the file that is coming is given up, and
    nothing is kept of it.
    """
    problems: dict[Remote, str] = {}
    given_up: dict[str, str] = {}  # server to cause
    for each in dict.fromkeys(wanted):
        if cancel.is_set():
            break
        if cache.holds(each.sha256, each.size):
            continue
        server = each.source.server.casefold()
        if server in given_up:
            problems[each] = _told(each, f"not tried again: {given_up[server]}", "")
            continue
        try:
            _fetch_one(each, cache, origins, progress, cancel)
        except _Cancelled:
            break
        except WrongFile as problem:
            problems[each] = _told(each, str(problem), _OTHER_FILE)
        except OSError as problem:
            cause = f"it cannot be kept in {cache.folder.name}: {problem.strerror or type(problem).__name__}"
            problems[each] = _told(each, cause, "make room, or make the folder writable")
        except HostError as problem:
            if isinstance(problem, _ENDS_THE_SERVER):
                given_up[server] = problem.cause
            problems[each] = _told(each, problem.cause, _advice(problem, each))
    return problems


def _fetch_one(
    remote: Remote, cache: Cache, origins: Origins, progress: FetchProgress, cancel: Event
) -> None:
    if not origins.places.allow(remote.source):
        cause = "it is in no place that installers may come from"
        raise ForbiddenPlace(remote.source.server, "fetch", cause)
    progress.fetch_started(remote.source.name, remote.size)
    try:
        with closing(_pieces(remote, origins)) as pieces:
            cache.fill(remote.sha256, remote.size, _heard(pieces, progress, cancel))
    finally:
        progress.fetch_ended()


def _pieces(remote: Remote, origins: Origins) -> Generator[bytes, None, None]:
    if isinstance(remote.source, SharedFile):
        return copy_from_share(remote.source, remote.size, origins.servers(remote.source.server))
    return download(remote.source, remote.size, origins.places, Timeouts())


def _heard(pieces: Iterator[bytes], progress: FetchProgress, cancel: Event) -> Iterator[bytes]:
    for piece in pieces:
        if cancel.is_set():
            raise _Cancelled
        progress.fetch_went_on(len(piece))
        yield piece


def _told(remote: Remote, cause: str, advice: str) -> str:
    hint = f" ({advice})" if advice else ""
    return f"{remote.source.text} could not be fetched: {cause}{hint}"


_ENDS_THE_SERVER = (HostUnreachable, LogonFailed, UntrustedCertificate)
_OTHER_PLACE = "ask DoIT to extend `installer_sources` in district.yaml"
_OTHER_FILE = "if the server's file is right, correct `size` and `sha256`"
_ADVICE: tuple[tuple[type[HostError] | tuple[type[HostError], ...], str], ...] = (
    ((HostUnreachable, DeadlineExceeded), "try again when the server answers"),
    (NotFound, "correct `source`, or put the file there"),
    (
        UntrustedCertificate,
        "for an authority of the district's own, set REQUESTS_CA_BUNDLE to its certificate",
    ),
    (TryLater, "try again later"),
    (ForbiddenPlace, _OTHER_PLACE),
    (StepFailed, _OTHER_FILE),
)


def _advice(problem: HostError, remote: Remote) -> str:
    if isinstance(problem, AccessDenied | LogonFailed):
        if isinstance(remote.source, SharedFile):
            return "the account of `connection` in district.yaml must be allowed to read it"
        return "the address must give it to everybody, or use a share"
    return next((advice for kind, advice in _ADVICE if isinstance(problem, kind)), "")
