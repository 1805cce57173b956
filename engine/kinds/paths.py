"""Windows paths, registry keys and file names as values: checked, and in one form."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from engine.model.form import Form
from engine.model.names import check_component
from engine.model.words import quoted

_DRIVE = re.compile(r"[A-Za-z]:")
_MAX_PATH = 32_000


def normal_path(path: str) -> str:
    r"""An absolute local path in one form: `d:\Shares\Staff\` becomes `D:\Shares\Staff`.

    The case of names is kept: it is shown, and compared without case.

    Raises:
        ValueError: relative, on the network, or with a name that Windows does not allow.
    """
    if len(path) > _MAX_PATH:
        raise ValueError("the path is too long")
    if path.startswith(("\\\\", "//")):
        raise ValueError(f"a path on the host itself is needed, not one on the network: {quoted(path)}")
    drive, *names = path.replace("/", "\\").split("\\")
    if not _DRIVE.fullmatch(drive) or not names:
        raise ValueError(rf"not a full path with a drive, such as D:\Shares\Staff: {quoted(path)}")
    kept = [check_component(name) for name in names if name]
    return drive.upper() + "\\" + "\\".join(kept)


def is_drive_root(path: str) -> bool:
    r"""If a normal path is a whole drive, such as `D:\`."""
    return len(path) == len("D:\\")


def _not_a_root(path: str) -> str:
    if is_drive_root(path):
        raise ValueError(f"{path} is a whole drive")
    return path


def parent_path(path: str) -> str:
    r"""The folder that a normal path stands in: `D:\Shares` for `D:\Shares\Staff`, `D:\` for `D:\Shares`."""
    parent = path.rpartition("\\")[0]
    return parent + "\\" if parent.endswith(":") else parent


def ancestors(path: str) -> tuple[str, ...]:
    """The folders above a normal path, the nearest first, without the drive."""
    found = []
    while not is_drive_root(path := parent_path(path)):
        found.append(path)
    return tuple(found)


def same_name(one: str, other: str) -> bool:
    """If two names or paths are one to Windows, which compares them without case."""
    return one == other or one.casefold() == other.casefold()


def spelled_like(wanted: str, observed: object) -> str:
    """`wanted` in the host's own spelling, if it differs in case only: then nothing is to be changed."""
    if isinstance(observed, str) and same_name(wanted, observed):
        return observed
    return wanted


def no_wildcards(name: str) -> str:
    """A name that a cmdlet cannot take for a pattern.

    Raises:
        ValueError: it holds one of PowerShell's wildcard characters (about_Wildcards).
    """
    if bad := re.search(r"[*?\[\]`\x00-\x1f]", name):
        raise ValueError(f"{quoted(bad.group())} cannot be used in this name: {quoted(name)}")
    if not name.strip() or name != name.strip():
        raise ValueError(f"the name is empty, or has a space at an end: {quoted(name)}")
    return name


_LOCAL = Form(
    r'[A-Za-z]:[\\/][^<>:"|?*]*', r"a full path with a drive, such as `D:\Shares\Staff`", numbers=False
)
_DIGEST = Form("[0-9a-fA-F]{64}", "a SHA-256 has 64 hexadecimal digits")

LocalPath = Annotated[str, AfterValidator(normal_path), _LOCAL]
LocalEntryPath = Annotated[str, AfterValidator(normal_path), AfterValidator(_not_a_root), _LOCAL]
FileName = Annotated[str, AfterValidator(check_component)]
PlainName = Annotated[str, AfterValidator(no_wildcards)]

_HEX = re.compile(r"[0-9a-f]{64}")


def _sha256(digest: str) -> str:
    folded = digest.lower()
    if not _HEX.fullmatch(folded):
        raise ValueError(f"not a SHA-256 digest (64 hexadecimal digits): {quoted(digest)}")
    return folded


Sha256 = Annotated[str, AfterValidator(_sha256), _DIGEST]

# Only administrators can write below Program Files: nobody else can put a program or a library in the way of
# one that is about to run, which C:\ProgramData and temporary folders would allow.
OWN_FOLDER = r"C:\Program Files\Rollcall"
LOGS = rf"{OWN_FOLDER}\Logs"


def staged_folder(sha256: str) -> str:
    """Where files with this digest wait on a host until they have been used."""
    return rf"{OWN_FOLDER}\Staging\{sha256[:16]}"
