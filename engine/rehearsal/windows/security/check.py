"""The Windows access check (MS-DTYP 2.5.3.2): what a client gets from a security descriptor."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from engine.rehearsal.windows.ntstatus import AccessDenied, NtError, NtStatus
from engine.rehearsal.windows.security import rights, sids
from engine.rehearsal.windows.security.ace import Ace, AceType
from engine.rehearsal.windows.security.descriptor import SecurityDescriptor

# What the backup and restore privileges give a client that asks for them (MS-DTYP 2.5.3.2).
_BACKUP = rights.FILE_GENERIC_READ | rights.TRAVERSE | rights.ACCESS_SYSTEM_SECURITY
_RESTORE = (
    rights.FILE_GENERIC_WRITE
    | rights.DELETE
    | rights.WRITE_DAC
    | rights.WRITE_OWNER
    | rights.ACCESS_SYSTEM_SECURITY
)


class Token(Protocol):
    """What the check needs to know of a client."""

    @property
    def user_sid(self) -> str: ...

    @property
    def sids(self) -> frozenset[str]: ...

    @property
    def is_administrator(self) -> bool: ...

    @property
    def privileges(self) -> frozenset[str]: ...


def access_check(sd: SecurityDescriptor, token: Token, desired: int, *, backup: bool = False) -> int:
    """The rights that the client gets: all that it desires, or none.

    Generic rights are mapped. MAXIMUM_ALLOWED adds everything that the descriptor gives. `backup` is what
    FILE_OPEN_FOR_BACKUP_INTENT says: the backup and restore privileges count only then.

    Raises:
        AccessDenied: something that is desired is not given.
        NtError: STATUS_PRIVILEGE_NOT_HELD, where the system ACL is desired without SeSecurityPrivilege.
    """
    wanted = rights.map_generic(desired) & ~rights.MAXIMUM_ALLOWED
    granted = _by_privilege(token, wanted, backup)
    if wanted & rights.ACCESS_SYSTEM_SECURITY & ~granted:
        raise NtError(NtStatus.PRIVILEGE_NOT_HELD)
    if desired & rights.MAXIMUM_ALLOWED:
        granted |= maximum_access(sd, token)
        if wanted & ~granted:
            raise AccessDenied
        return granted
    if (wanted & ~granted) and not _given(sd, token, wanted & ~granted):
        raise AccessDenied
    return wanted


def maximum_access(sd: SecurityDescriptor, token: Token) -> int:
    """Every right that the descriptor gives the client, privileges left aside except taking ownership."""
    if sd.dacl is None:
        return rights.FULL_CONTROL
    granted = _by_ownership(sd, token)
    refused = 0
    for ace in _entries_for(sd, token):
        mask = rights.map_generic(ace.mask)
        if ace.type is AceType.ALLOW:
            granted |= mask & ~refused
        else:
            refused |= mask & ~granted
    if "SeTakeOwnershipPrivilege" in token.privileges:
        granted |= rights.WRITE_OWNER
    return granted & rights.FULL_CONTROL


def _given(sd: SecurityDescriptor, token: Token, wanted: int) -> bool:
    """Walk the list in its order until all is allowed or something that is still open is refused."""
    if sd.dacl is None:
        return True
    remaining = wanted & ~_by_ownership(sd, token)
    for ace in _entries_for(sd, token):
        if not remaining:
            break
        mask = rights.map_generic(ace.mask)
        if ace.type is AceType.ALLOW:
            remaining &= ~mask
        elif remaining & mask:
            return False
    return not remaining


def _entries_for(sd: SecurityDescriptor, token: Token) -> Iterator[Ace]:
    owner = sd.owner is not None and sd.owner in token.sids
    for ace in sd.dacl or ():
        if ace.effective and (ace.sid in token.sids or (owner and ace.sid == sids.OWNER_RIGHTS)):
            yield ace


def _by_ownership(sd: SecurityDescriptor, token: Token) -> int:
    """An owner may always read and change the DACL, unless entries for OWNER RIGHTS say what it may."""
    if sd.owner is None or sd.owner not in token.sids:
        return 0
    if any(ace.effective and ace.sid == sids.OWNER_RIGHTS for ace in sd.dacl or ()):
        return 0
    return rights.READ_CONTROL | rights.WRITE_DAC


def _by_privilege(token: Token, wanted: int, backup: bool) -> int:
    granted = 0
    if "SeSecurityPrivilege" in token.privileges:
        granted |= rights.ACCESS_SYSTEM_SECURITY
    if "SeTakeOwnershipPrivilege" in token.privileges:
        granted |= rights.WRITE_OWNER
    if backup and "SeBackupPrivilege" in token.privileges:
        granted |= _BACKUP
    if backup and "SeRestorePrivilege" in token.privileges:
        granted |= _RESTORE
    return granted & wanted
