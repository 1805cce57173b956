"""Paths on a host: `D:\\Shares\\Staff` and the administrative share that leads there.

A path comes from a manifest or a plan, so it is checked here once more before it goes on the wire.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Protocol, Self

from engine.model.words import quoted
from engine.transport.refusals import UnsafePath

_DRIVE = re.compile(r"[A-Za-z]:")
# Characters that no name on NTFS may hold; `:` would name an alternate stream, `*` and `?` are wildcards.
_FORBIDDEN = re.compile(r'[<>:"/|?*\x00-\x1f]')
# Microsoft's "Naming Files, Paths, and Namespaces"; a device stays one whatever extension follows.
_DEVICE = re.compile(
    r"(?:CON|PRN|AUX|NUL|CONIN\$|CONOUT\$|(?:COM|LPT)[0-9\u00b9\u00b2\u00b3])(?:\..*)?", re.I
)
_LONGEST_NAME = 255


class OnShare(Protocol):
    """Something below a share of the server that a connection leads to."""

    @property
    def share(self) -> str:
        """The share's name."""

    @property
    def inner(self) -> str:
        """The path below the share, without a leading backslash; empty for the share itself."""


@dataclass(frozen=True, slots=True)
class SharePath:
    """A file of a file server, already checked: see `engine.model.source`."""

    share: str
    inner: str


@dataclass(frozen=True, slots=True)
class HostPath:
    """A checked path: drive letter and names below the drive's root."""

    drive: str
    names: tuple[str, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check and split a path such as `D:\\Shares\\Staff`; the drive alone is `D:\\`.

        Raises:
            UnsafePath: it is relative, a UNC path, names a device or a stream, or has `.` or `..` in it.
        """
        drive, _, rest = text.partition("\\")
        if not _DRIVE.fullmatch(drive) or "\\" not in text:
            raise UnsafePath(rf"{quoted(text)} is not a full path on a drive, such as D:\Shares\Staff")
        names = tuple(rest.removesuffix("\\").split("\\")) if rest else ()
        for name in names:
            problem = _problem(name)
            if problem:
                raise UnsafePath(f"{quoted(text)}: {problem}")
        return cls(drive[0].upper(), names)

    @property
    def share(self) -> str:
        """The administrative share of the drive."""
        return f"{self.drive}$"

    @property
    def inner(self) -> str:
        """The path below the share, without a leading backslash; empty for the drive's root."""
        return "\\".join(self.names)

    @property
    def is_root(self) -> bool:
        return not self.names

    @property
    def parent(self) -> HostPath:
        """The folder that holds it; a drive's root is its own parent."""
        return HostPath(self.drive, self.names[:-1])

    def child(self, name: str) -> HostPath:
        """The object `name` in this folder; `name` is as the host or this program gave it."""
        return HostPath(self.drive, (*self.names, name))

    def __str__(self) -> str:
        return f"{self.drive}:\\{self.inner}"


def _problem(name: str) -> str | None:
    if not name:
        return "a name between two backslashes is missing"
    if _FORBIDDEN.search(name):
        return f"{quoted(name)} holds a character that a file name may not have"
    if name[-1] in ". ":
        return f"{quoted(name)} ends in a dot or a space, which Windows would drop"
    if _DEVICE.fullmatch(name):
        return f"{quoted(name)} is the name of a device"
    if len(name.encode("utf-16-le")) // 2 > _LONGEST_NAME:
        return f"a name is longer than {_LONGEST_NAME} characters"
    return None
