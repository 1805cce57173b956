"""Paths of PowerShell's providers: which provider means which place ("about_Providers")."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

from engine.rehearsal.windows.registry import HIVES

LONG_HIVES: Mapping[str, str] = MappingProxyType(
    {"HKLM": "HKEY_LOCAL_MACHINE", "HKU": "HKEY_USERS", "HKCR": "HKEY_CLASSES_ROOT"}
)
_OTHER_DRIVES = frozenset({"alias", "cert", "env", "function", "variable", "wsman"})
_QUALIFIED = re.compile(
    r"(?:Microsoft\.PowerShell\.Core\\)?(Registry|FileSystem)::(.*)", re.IGNORECASE | re.DOTALL
)


class NoSuchDrive(Exception):
    """The session has no drive of this name."""


class NotEmulated(Exception):
    """A provider or a relative path that is not emulated."""


@dataclass(frozen=True, slots=True)
class Location:
    """A place. `path` is `C:\\...` of the file system, or `HKLM\\...` of the registry; `given` as written."""

    provider: Literal["FileSystem", "Registry"]
    path: str
    given: str

    @property
    def shown(self) -> str:
        """The path as errors and objects show it: the registry's with its hive in full."""
        if self.provider == "FileSystem":
            return self.path
        hive, _, key = self.path.partition("\\")
        return LONG_HIVES[hive] + (f"\\{key}" if key else "")

    @property
    def name(self) -> str:
        """The last part."""
        return self.path.rstrip("\\").rpartition("\\")[2]

    @property
    def parent(self) -> Location:
        """The place above; a root is its own."""
        above = self.path.rstrip("\\").rpartition("\\")[0] or self.path
        return Location(self.provider, f"{above}\\" if above.endswith(":") else above, self.given)

    def child(self, name: str) -> Location:
        """A place below."""
        path = f"{self.path.rstrip(chr(92))}\\{name}"
        return Location(self.provider, path, path)


def locate(text: str, user_sid: str) -> Location:
    """Read a path.

    Raises:
        NoSuchDrive: the drive does not exist in a fresh session.
        NotEmulated: another provider, or a path that depends on the current location.
    """
    plain = text.replace("/", "\\")
    qualified = _QUALIFIED.fullmatch(plain)
    if qualified is not None:
        if qualified.group(1).casefold() == "registry":
            return _registry(qualified.group(2), text)
        plain = qualified.group(2)
    drive, colon, rest = plain.partition(":")
    if not colon or "\\" in drive:
        raise NotEmulated(f"the path {text}")
    if len(drive) == 1 and drive.isalpha():
        if rest and not rest.startswith("\\"):
            raise NotEmulated(f"the path {text}")
        return Location("FileSystem", _tidy(f"{drive.upper()}:\\{rest}"), text)
    if drive.casefold() == "hklm":
        return _registry(f"HKLM\\{rest}", text)
    if drive.casefold() == "hkcu":
        return _registry(f"HKU\\{user_sid}\\{rest}", text)
    if drive.casefold() in _OTHER_DRIVES:
        raise NotEmulated(f"the drive {drive}:")
    raise NoSuchDrive(drive)


def _tidy(path: str) -> str:
    parts = [part for part in path.split("\\") if part]
    return "\\".join(parts) if len(parts) > 1 else f"{parts[0]}\\"


def _registry(path: str, given: str) -> Location:
    hive, *names = [part for part in path.split("\\") if part] or [""]
    short = HIVES.get(hive.upper())
    if short is None:
        raise NotEmulated(f"the registry root {hive or given}")
    return Location("Registry", "\\".join((short, *names)), given)
