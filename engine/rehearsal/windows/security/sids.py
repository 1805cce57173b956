"""Security identifiers as text (S-1-5-32-544) and as bytes (MS-DTYP 2.4.2.2)."""

from __future__ import annotations

import struct

EVERYONE = "S-1-1-0"
CREATOR_OWNER = "S-1-3-0"
CREATOR_GROUP = "S-1-3-1"
OWNER_RIGHTS = "S-1-3-4"
NETWORK = "S-1-5-2"
INTERACTIVE = "S-1-5-4"
ANONYMOUS = "S-1-5-7"
AUTHENTICATED_USERS = "S-1-5-11"
SYSTEM = "S-1-5-18"
LOCAL_SERVICE = "S-1-5-19"
NETWORK_SERVICE = "S-1-5-20"
ADMINISTRATORS = "S-1-5-32-544"
USERS = "S-1-5-32-545"
GUESTS = "S-1-5-32-546"
POWER_USERS = "S-1-5-32-547"
BACKUP_OPERATORS = "S-1-5-32-551"
TRUSTED_INSTALLER = "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"
ALL_APPLICATION_PACKAGES = "S-1-15-2-1"
ALL_RESTRICTED_APPLICATION_PACKAGES = "S-1-15-2-2"

MAXIMUM_SUB_AUTHORITIES = 15


class InvalidSid(ValueError):
    """Text or bytes that are no SID."""


def sid_to_bytes(sid: str) -> bytes:
    """The binary form of a SID.

    Raises:
        InvalidSid: `sid` is not of the form S-1-authority[-sub authority]...
    """
    parts = sid.split("-")
    if len(parts) < 3 or parts[0] not in ("S", "s") or parts[1] != "1":
        raise InvalidSid(sid)
    try:
        authority = int(parts[2], 0)
        subs = [int(part) for part in parts[3:]]
        if len(subs) > MAXIMUM_SUB_AUTHORITIES:
            raise InvalidSid(sid)
        return (
            struct.pack("<BB", 1, len(subs))
            + authority.to_bytes(6, "big")
            + struct.pack(f"<{len(subs)}I", *subs)
        )
    except (ValueError, OverflowError, struct.error) as error:
        raise InvalidSid(sid) from error


def sid_from_bytes(data: bytes | memoryview, offset: int = 0) -> str:
    """The SID that starts at `offset`; what follows it is not looked at.

    Raises:
        InvalidSid: the bytes end too early or the revision is not 1.
    """
    if (
        offset < 0
        or offset + 8 > len(data)
        or data[offset] != 1
        or data[offset + 1] > MAXIMUM_SUB_AUTHORITIES
    ):
        raise InvalidSid("bytes that are no SID")
    count = data[offset + 1]
    if offset + 8 + 4 * count > len(data):
        raise InvalidSid("a SID that is cut off")
    authority = int.from_bytes(data[offset + 2 : offset + 8], "big")
    # Authorities of more than 32 bits are written in hexadecimal (MS-DTYP 2.4.2.1).
    first = str(authority) if authority < 1 << 32 else f"0x{authority:012X}"
    subs = struct.unpack_from(f"<{count}I", data, offset + 8)
    return "-".join(["S-1", first, *map(str, subs)])


def primary_group_of(user_sid: str) -> str:
    """The group that Windows makes the primary one of an account: RID 513 of the account's own domain
    (Domain Users, or None on a stand-alone machine); a built-in principal is its own group."""
    domain, _, _ = user_sid.rpartition("-")
    return f"{domain}-513" if user_sid.startswith("S-1-5-21-") else user_sid
