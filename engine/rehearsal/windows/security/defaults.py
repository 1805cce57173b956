"""The security descriptors that Windows Server sets up itself, as on a fresh installation."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.rehearsal.windows.security import rights, sids
from engine.rehearsal.windows.security.ace import FILES_AND_FOLDERS, Ace, AceFlag, allow
from engine.rehearsal.windows.security.descriptor import SecurityDescriptor

_FOLDERS = AceFlag.CONTAINER_INHERIT
_BELOW = FILES_AND_FOLDERS | AceFlag.INHERIT_ONLY
_FOLDERS_BELOW = _FOLDERS | AceFlag.INHERIT_ONLY

_SYSTEM_AND_ADMINISTRATORS = (
    allow(sids.SYSTEM, rights.FULL_CONTROL, FILES_AND_FOLDERS),
    allow(sids.ADMINISTRATORS, rights.FULL_CONTROL, FILES_AND_FOLDERS),
)
_CREATORS = allow(sids.CREATOR_OWNER, rights.GENERIC_ALL, _BELOW)
# Users read everything on a volume, and make folders and files of their own in it.
_ROOT = (
    *_SYSTEM_AND_ADMINISTRATORS,
    allow(sids.USERS, rights.READ_AND_EXECUTE, FILES_AND_FOLDERS),
    allow(sids.USERS, rights.ADD_SUBDIRECTORY, _FOLDERS),
    allow(sids.USERS, rights.ADD_FILE, _FOLDERS_BELOW),
    _CREATORS,
)


def _twice(sid: str, here: int, below: int) -> tuple[Ace, Ace]:
    return (allow(sid, here), allow(sid, below, _BELOW))


_READ_EXECUTE_BELOW = rights.GENERIC_READ | rights.GENERIC_EXECUTE
_PROTECTED_BY_WINDOWS = (
    allow(sids.TRUSTED_INSTALLER, rights.FULL_CONTROL),
    allow(sids.TRUSTED_INSTALLER, rights.GENERIC_ALL, _FOLDERS_BELOW),
    *_twice(sids.SYSTEM, rights.MODIFY, rights.GENERIC_ALL),
    *_twice(sids.ADMINISTRATORS, rights.MODIFY, rights.GENERIC_ALL),
    *_twice(sids.USERS, rights.READ_AND_EXECUTE, _READ_EXECUTE_BELOW),
    _CREATORS,
    *_twice(sids.ALL_APPLICATION_PACKAGES, rights.READ_AND_EXECUTE, _READ_EXECUTE_BELOW),
    *_twice(sids.ALL_RESTRICTED_APPLICATION_PACKAGES, rights.READ_AND_EXECUTE, _READ_EXECUTE_BELOW),
)
_USERS = (
    *_SYSTEM_AND_ADMINISTRATORS,
    *_twice(sids.USERS, rights.READ_AND_EXECUTE, _READ_EXECUTE_BELOW),
    *_twice(sids.EVERYONE, rights.READ_AND_EXECUTE, _READ_EXECUTE_BELOW),
)
_PROGRAM_DATA = (
    *_SYSTEM_AND_ADMINISTRATORS,
    _CREATORS,
    allow(sids.USERS, rights.READ_AND_EXECUTE, FILES_AND_FOLDERS),
    allow(sids.USERS, rights.FILE_GENERIC_WRITE & ~rights.READ_CONTROL & ~rights.SYNCHRONIZE, _FOLDERS),
)
_TEMP = (
    allow(
        sids.USERS,
        rights.ADD_FILE | rights.ADD_SUBDIRECTORY | rights.TRAVERSE | rights.SYNCHRONIZE,
        _FOLDERS,
    ),
    *_SYSTEM_AND_ADMINISTRATORS,
    _CREATORS,
)


def _owned(owner: str, dacl: tuple[Ace, ...]) -> SecurityDescriptor:
    return SecurityDescriptor(owner, owner, dacl, protected=True, auto_inherited=True)


SYSTEM_VOLUME = _owned(sids.TRUSTED_INSTALLER, _ROOT)
DATA_VOLUME = _owned(sids.ADMINISTRATORS, (allow(sids.EVERYONE, rights.READ_AND_EXECUTE), *_ROOT))

# Of the folder in which Windows keeps its own records of each volume, "System Volume Information".
VOLUME_RECORDS = _owned(sids.ADMINISTRATORS, (allow(sids.SYSTEM, rights.FULL_CONTROL, FILES_AND_FOLDERS),))

# The folders of a system volume, in the order in which they are made; None inherits from the folder above.
SYSTEM_FOLDERS: Mapping[str, SecurityDescriptor | None] = MappingProxyType(
    {
        r"\Program Files": _owned(sids.TRUSTED_INSTALLER, _PROTECTED_BY_WINDOWS),
        r"\Program Files\Common Files": None,
        r"\Program Files (x86)": _owned(sids.TRUSTED_INSTALLER, _PROTECTED_BY_WINDOWS),
        r"\Program Files (x86)\Common Files": None,
        r"\ProgramData": _owned(sids.SYSTEM, _PROGRAM_DATA),
        r"\Users": _owned(sids.SYSTEM, _USERS),
        r"\Users\Public": None,
        r"\Users\Public\Desktop": None,
        r"\Windows": _owned(sids.TRUSTED_INSTALLER, _PROTECTED_BY_WINDOWS),
        r"\Windows\System32": _owned(sids.TRUSTED_INSTALLER, _PROTECTED_BY_WINDOWS),
        r"\Windows\SysWOW64": _owned(sids.TRUSTED_INSTALLER, _PROTECTED_BY_WINDOWS),
        r"\Windows\Temp": _owned(sids.SYSTEM, _TEMP),
    }
)
