r"""Where files on servers may come from: folders of shares and of web servers, with all that is below. Pure.

    \\fs01.bcps.example\software
    https://download.example/pub/

A file is below a folder by whole names: `\\fs01\software-old` is not below `\\fs01\software`. Servers are
compared as they are written; nobody is asked which names and addresses mean the same one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Annotated
from urllib.parse import unquote_to_bytes, urlsplit

from pydantic import AfterValidator

from engine.model.form import Form
from engine.model.source import (
    BadSource,
    FetchedFile,
    LogonInSource,
    SharedFile,
    check_address,
    parse_source,
    read_without_logon,
    validated,
)

_HTTPS_PORT = 443
_Names = tuple[bytes, ...]  # what kind of server, the server, and the folders' names from its top


@dataclass(frozen=True, slots=True)
class SourcePlaces:
    """Every place that files may be fetched from; without any, nothing may."""

    _folders: frozenset[_Names]

    @classmethod
    def of(cls, texts: Iterable[str]) -> SourcePlaces:
        """The places of these texts.

        Raises:
            BadSource: one of them is none.
        """
        return cls(frozenset(_place(text) for text in texts))

    def allow(self, source: FetchedFile) -> bool:
        """Whether a file may be fetched."""
        return self._hold(_of_share(source) if isinstance(source, SharedFile) else _of_address(source.url))

    def allow_address(self, url: str) -> bool:
        """Whether an address may be asked, such as one that a server sends us on to.

        Args:
            url: one that `check_address` let pass.
        """
        return self._hold(_of_address(url))

    def _hold(self, names: _Names) -> bool:
        return any(names[:count] in self._folders for count in range(len(names)))


def _place(text: str) -> _Names:
    """A folder's names.

    Raises:
        BadSource: the text names no folder of a server.
    """
    if text.startswith("\\\\"):
        return _of_share(_in(text.removesuffix("\\")))[:-1]
    if not text.casefold().startswith("https:"):
        raise BadSource(r"write a folder of a share (`\\server\share`) or an https address that ends in `/`")
    check_address(text)
    if "?" in text or "#" in text:
        raise BadSource("a folder's address has no `?` and no `#`")
    if not text.endswith("/"):
        raise BadSource("a folder's address ends in `/`")
    names = _of_address(text)[:-1]
    if b"" in names:
        raise BadSource("the address has two `/` in a row")
    return names


def _in(folder: str) -> SharedFile:
    """Some file of a folder, which is checked with it."""
    try:
        source = parse_source(rf"{folder}\file")
    except LogonInSource:
        raise
    except BadSource:
        source = None
    if not isinstance(source, SharedFile) or not source.names:
        raise BadSource(r"write a folder of a share as `\\server\share` or `\\server\share\folder`")
    return source


def _of_share(file: SharedFile) -> _Names:
    # Windows takes letters of either case for the same. Of other alphabets it does so by rules of its own
    # (MS-UCODEREF), so only those of ASCII are: a name that merely looks alike must not do.
    names = (file.server, file.share, *file.names)
    return (b"share", *(name.encode("utf-8", "surrogatepass").lower() for name in names))


def _of_address(url: str) -> _Names:
    parts = urlsplit(url)
    port = _HTTPS_PORT if parts.port is None else parts.port
    server = f"{parts.hostname}:{port}"  # urlsplit gives the host's name in small letters
    folders = (parts.path or "/").split("/")[1:]
    return (b"web", server.encode(), *(unquote_to_bytes(name) for name in folders))


def _form(text: str) -> str:
    validated(partial(read_without_logon, _place), text)
    return text


_FORM = Form(
    r"""[Hh][Tt][Tt][Pp][Ss]://[^/@?#]+/(?:[^?#]*/)?|\\\\[^\\/@]+\\[^:<>"|?*]+""",
    r"a folder of a share, such as `\\fs01\software`, or an https address that ends in `/`",
)

SourcePlaceText = Annotated[str, AfterValidator(_form), _FORM]
