r"""Where a file that is sent to hosts comes from: a path, as people write it, in one checked form. Pure.

    media/geogebra-6.0.848.msi              below the manifests folder
    \\files.bcps.example\media\geogebra.msi on a file server
    https://download.example/geogebra.msi   on a web server

The text is what specs, plans and reports hold; none of the forms says where on a controller anything is.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, LiteralString, TypeVar
from urllib.parse import unquote, urlsplit

from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from engine.model.form import WRITTEN_OUT, Form
from engine.model.names import check_component
from engine.model.words import quoted

T = TypeVar("T")

_ADDRESSED = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://|https?:", re.IGNORECASE)
_DRIVE = re.compile(r"[A-Za-z]:")
_SERVER = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,251}[A-Za-z0-9])?", re.ASCII)
# RFC 3986, 2: what an address may consist of, without brackets.
_ADDRESS = re.compile(r"[A-Za-z0-9._~:/?#@!$&'()*+,;=%-]+", re.ASCII)
_FOLDER = re.compile(r"[/\\]")
_LONGEST = 2048  # characters
_NO_LOGON: LiteralString = (
    "an address or a server's path holds no user and no password: put the file where none is needed, "
    "or on a share"
)


class BadSource(ValueError):
    """The text names no file that could be sent; the message is for the person who wrote it."""


class LogonInSource(BadSource):
    """A user or a password may be written in the text, so neither it nor its line is to be shown."""

    def __init__(self) -> None:
        super().__init__(_NO_LOGON)


@dataclass(frozen=True, slots=True)
class ProjectFile:
    """A file below the manifests folder."""

    names: tuple[str, ...]

    @property
    def text(self) -> str:
        return "/".join(self.names)

    @property
    def name(self) -> str:
        """The file's own name."""
        return self.names[-1]


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file on a file server, by its UNC path."""

    server: str
    share: str
    names: tuple[str, ...]

    @property
    def text(self) -> str:
        return "\\\\" + "\\".join((self.server, self.share, *self.names))

    @property
    def name(self) -> str:
        return self.names[-1]


@dataclass(frozen=True, slots=True)
class WebFile:
    """A file on a web server, by its https address. The address holds no user, password or fragment."""

    url: str
    server: str  # host name or address, with the port where one is written
    name: str

    @property
    def text(self) -> str:
        return self.url


FetchedFile = SharedFile | WebFile
Source = ProjectFile | FetchedFile


def parse_source(text: str) -> Source:
    r"""Read a source in any of the three forms. A path may be written with either slash.

    Raises:
        BadSource: it is none of them, or one that is not safe to use.
        LogonInSource: the same, and somebody may have written a user or a password in it.
    """
    return read_without_logon(_read, text)


def read_without_logon(read: Callable[[str], T], text: str) -> T:
    """What `read` makes of a text; where it refuses one that may hold a logon, the message is about that.

    Raises:
        BadSource: as `read` does.
        LogonInSource: see there.
    """
    try:
        return read(text)
    except BadSource:
        if _is_before_at(text, ("//", "\\\\", ":")):
            raise LogonInSource from None
        raise


def may_show_logon(text: str) -> bool:
    """Whether a text, such as a line of a manifest, may hold an address with a user or a password.

    Takes no longer than reading it; what it takes for a logon too often is only not shown.
    """
    whole = _is_before_at(text, ("//", "\\\\"))
    return whole or any(_is_before_at(word, (":",)) for word in text.split())


def _is_before_at(text: str, marks: tuple[str, ...]) -> bool:
    at = text.rfind("@")
    return any(0 <= text.find(mark) < at for mark in marks)


def _read(text: str) -> Source:
    if not text or len(text) > _LONGEST:
        raise BadSource("a file's path is needed" if not text else "the path is too long")
    if not text.isprintable():
        raise BadSource(f"the path holds a character that cannot be seen: {quoted(text)}")
    if text.startswith("\\\\"):
        return _shared(text)
    if _ADDRESSED.match(text):
        return _web(text)
    return _below(text)


def _below(text: str) -> ProjectFile:
    if _DRIVE.match(text):
        raise BadSource(
            f"{text} names a drive of one computer: put the file below the manifests folder and write its "
            "path from there"
        )
    if text.startswith(("/", "\\")):
        raise BadSource(
            f"{text} starts at a root: write the path from the manifests folder, such as media/setup.msi"
        )
    names = tuple(text.replace("\\", "/").split("/"))
    if ".." in names:
        raise BadSource(f"{text} leads out of the folder: `..` is not allowed")
    return ProjectFile(_checked(names, text))


def _shared(text: str) -> SharedFile:
    server, *names = text[2:].split("\\")
    if not _SERVER.fullmatch(server):
        raise BadSource(f"{text}: {quoted(server)} is not the name of a server")
    if len(names) < 2:
        raise BadSource(rf"{text} names no file: write \\server\share\folder\file.msi")
    share, *inner = _checked(tuple(names), text)
    return SharedFile(server, share, tuple(inner))


def _checked(names: tuple[str, ...], text: str) -> tuple[str, ...]:
    try:
        return tuple(check_component(name) for name in names)
    except ValueError as error:
        raise BadSource(f"{text}: {error}") from None


def _web(text: str) -> WebFile:
    check_address(text)
    if "#" in text:
        raise BadSource("an address of a file has no fragment (`#...`)")
    parts = urlsplit(text)
    name = unquote(parts.path.rpartition("/")[2])
    if not name:
        raise BadSource("the address names a folder, not a file")
    try:
        check_component(name)
    except ValueError as error:
        raise BadSource(f"the address's file cannot have its name on a host: {error}") from None
    return WebFile(text, parts.netloc.lower(), name)


def check_address(text: str) -> None:
    """Make sure that an address is one of https that holds no user, no password, and no `..` in its path.

    Messages do not repeat it: it may hold a password, in any of its parts.

    Raises:
        BadSource: it is another.
        LogonInSource: it holds a user or a password.
    """
    scheme = text.partition(":")[0].lower()
    if scheme == "http":
        raise BadSource("http is not encrypted: who is on the way sees and exchanges the file; use https")
    if scheme != "https":
        raise BadSource(
            f"{quoted(scheme[:20] + ':')} is no way to fetch a file: use https, a share or a path"
        )
    if not _ADDRESS.fullmatch(text):
        raise BadSource("the address holds a character that an address may not have; write it as %XX")
    try:
        parts = urlsplit(text)
        server, _ = parts.hostname, parts.port
    except ValueError:
        raise BadSource("the address is none: its server or port is wrong") from None
    if "@" in parts.netloc:
        raise LogonInSource
    if not server or not _SERVER.fullmatch(server):
        raise BadSource("the address names no server")
    if _climbs(parts.path):
        raise BadSource("an address has no `.` and no `..` in its path, however it is written")


def _climbs(path: str) -> bool:
    """Whether a server could take part of a path for the folder itself or the one above.

    Some decode a path twice, take `\\` for `/`, drop what follows a `;` (RFC 3986, 3.3) or dots and spaces at
    the end of a name.
    """
    while (decoded := unquote(path)) != path:
        path = decoded
    names = (name.partition(";")[0] for name in _FOLDER.split(path) if name)
    return any(not name.strip(" .") for name in names)


def validated(read: Callable[[str], T], text: str) -> T:
    """For validators: what `read` makes of a text.

    A logon is an error of its own type, since whoever shows where it is must not show the line.

    Raises:
        BadSource: as `read` does.
        PydanticCustomError: it raised LogonInSource.
    """
    try:
        return read(text)
    except LogonInSource:
        raise PydanticCustomError(WRITTEN_OUT, _NO_LOGON) from None


def _any_form(text: str) -> str:
    return validated(parse_source, text).text


def _project_form(text: str) -> str:
    source = validated(parse_source, text)
    if not isinstance(source, ProjectFile):
        raise BadSource("only a file below the manifests folder can be copied, not one on a server")
    return source.text


_BELOW = r"""(?![\\/])(?!(?:[\s\S]*[\\/])?\.\.(?:[\\/]|$))[^:<>"|?*]+"""
_ANY = Form(
    rf"""[Hh][Tt][Tt][Pp][Ss]://[^/@#]+/[^#]+|\\\\[^\\@]+\\[^\\]+\\[^:<>"|?*]+|{_BELOW}""",
    r"a path below the manifests folder, such as `media/setup.msi`, `\\server\share\file`, or `https://...`",
)
_PROJECT = Form(_BELOW, "a path below the manifests folder, such as `files/rules.txt`")

SourceText = Annotated[str, AfterValidator(_any_form), _ANY]
ProjectSourceText = Annotated[str, AfterValidator(_project_form), _PROJECT]
