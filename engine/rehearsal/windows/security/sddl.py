"""Security descriptors as text: the Security Descriptor Definition Language (MS-DTYP 2.5.1)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.rehearsal.windows.security import rights, sids
from engine.rehearsal.windows.security.ace import Ace, AceFlag, AceType

_ALIASES: Mapping[str, str] = MappingProxyType(
    {
        sids.EVERYONE: "WD",
        sids.CREATOR_OWNER: "CO",
        sids.CREATOR_GROUP: "CG",
        sids.OWNER_RIGHTS: "OW",
        sids.NETWORK: "NU",
        sids.INTERACTIVE: "IU",
        sids.ANONYMOUS: "AN",
        sids.AUTHENTICATED_USERS: "AU",
        sids.SYSTEM: "SY",
        sids.LOCAL_SERVICE: "LS",
        sids.NETWORK_SERVICE: "NS",
        sids.ADMINISTRATORS: "BA",
        sids.USERS: "BU",
        sids.GUESTS: "BG",
        sids.POWER_USERS: "PU",
        sids.BACKUP_OPERATORS: "BO",
        sids.ALL_APPLICATION_PACKAGES: "AC",
    }
)

_WHOLE_MASKS: Mapping[int, str] = MappingProxyType(
    {
        rights.FULL_CONTROL: "FA",
        rights.FILE_GENERIC_READ: "FR",
        rights.FILE_GENERIC_WRITE: "FW",
        rights.FILE_GENERIC_EXECUTE: "FX",
    }
)

# The order in which Windows writes the single rights.
_RIGHTS = (
    (rights.GENERIC_ALL, "GA"),
    (rights.GENERIC_EXECUTE, "GX"),
    (rights.GENERIC_WRITE, "GW"),
    (rights.GENERIC_READ, "GR"),
    (0x0001, "CC"),
    (0x0002, "DC"),
    (0x0004, "LC"),
    (0x0008, "SW"),
    (0x0010, "RP"),
    (0x0020, "WP"),
    (0x0040, "DT"),
    (0x0080, "LO"),
    (0x0100, "CR"),
    (rights.DELETE, "SD"),
    (rights.READ_CONTROL, "RC"),
    (rights.WRITE_DAC, "WD"),
    (rights.WRITE_OWNER, "WO"),
)
_NAMED = sum(bit for bit, _ in _RIGHTS)

_FLAGS = (
    (AceFlag.OBJECT_INHERIT, "OI"),
    (AceFlag.CONTAINER_INHERIT, "CI"),
    (AceFlag.NO_PROPAGATE, "NP"),
    (AceFlag.INHERIT_ONLY, "IO"),
    (AceFlag.INHERITED, "ID"),
)


def sddl_principal(sid: str) -> str:
    """A SID as SDDL writes it: its two-letter alias where there is one."""
    return _ALIASES.get(sid, sid)


def sddl_dacl(dacl: tuple[Ace, ...] | None, protected: bool, auto_inherited: bool) -> str:
    """The D: part. A missing DACL is written NO_ACCESS_CONTROL."""
    flags = ("P" if protected else "") + ("AI" if auto_inherited else "")
    if dacl is None:
        return f"D:{flags}NO_ACCESS_CONTROL"
    return f"D:{flags}" + "".join(map(_sddl_ace, dacl))


def _sddl_ace(ace: Ace) -> str:
    kind = "A" if ace.type is AceType.ALLOW else "D"
    flags = "".join(text for flag, text in _FLAGS if ace.flags & flag)
    return f"({kind};{flags};{_sddl_rights(ace.mask)};;;{sddl_principal(ace.sid)})"


def _sddl_rights(mask: int) -> str:
    if mask in _WHOLE_MASKS:
        return _WHOLE_MASKS[mask]
    if mask & ~_NAMED or not mask:
        return f"0x{mask:x}"
    return "".join(text for bit, text in _RIGHTS if mask & bit)
