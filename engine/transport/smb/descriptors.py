"""Security descriptors on the wire: the self-relative form of MS-DTYP 2.4.6, both ways. Pure."""

from __future__ import annotations

import struct
from typing import Literal

from engine.model.security import AccessEntry, SecurityDescriptor
from engine.model.words import quoted
from engine.transport.refusals import UnreadableDescriptor

# SECURITY_DESCRIPTOR control bits, MS-DTYP 2.4.6.
DACL_PRESENT = 0x0004
DACL_AUTO_INHERIT_REQUEST = 0x0100
DACL_AUTO_INHERITED = 0x0400
DACL_PROTECTED = 0x1000
SELF_RELATIVE = 0x8000

FULL_CONTROL = 0x001F01FF
EVERYONE = "S-1-1-0"

# Generic rights and what the file system makes of them, MS-DTYP 2.4.3 and MS-SMB2 2.2.13.1.1.
_GENERIC = {
    0x80000000: 0x00120089,  # read
    0x40000000: 0x00120116,  # write
    0x20000000: 0x001200A0,  # execute
    0x10000000: FULL_CONTROL,
}
_TYPES: dict[int, Literal["allow", "deny"]] = {0: "allow", 1: "deny"}
# ACE flags, MS-DTYP 2.4.4.1.
_OBJECT_INHERIT, _CONTAINER_INHERIT, _NO_PROPAGATE, _INHERIT_ONLY, _INHERITED = 1, 2, 4, 8, 16

_HEADER = struct.Struct("<BBHLLLL")
_ACL = struct.Struct("<BBHHH")
_ACE = struct.Struct("<BBHL")


def map_generic(mask: int) -> int:
    """Replace generic rights by the specific rights of files and folders."""
    for generic, specific in _GENERIC.items():
        if mask & generic:
            mask = (mask & ~generic) | specific
    return mask


def decode(data: bytes) -> SecurityDescriptor:
    """Read a self-relative security descriptor. A SACL is passed over; generic rights are mapped.

    A missing or null DACL, which lets everybody do everything, is given as that one entry.

    Raises:
        UnreadableDescriptor: it is malformed, or holds conditional, object or audit entries in its DACL.
    """
    try:
        _, _, control, owner, group, _, dacl = _HEADER.unpack_from(data)
        entries = _decode_acl(data, dacl) if control & DACL_PRESENT and dacl else _everything()
        return SecurityDescriptor(
            owner=_decode_sid(data, owner) if owner else None,
            group=_decode_sid(data, group) if group else None,
            protected=bool(control & DACL_PROTECTED),
            entries=entries,
        )
    except struct.error:
        raise UnreadableDescriptor("the security descriptor is cut short") from None


def encode(descriptor: SecurityDescriptor) -> bytes:
    """The self-relative form, entries in the canonical order of Windows, with the bits that ask NTFS to
    mark the list as automatically inherited.

    Raises:
        UnreadableDescriptor: a SID is malformed or the list is too long for an ACL.
    """
    acl = _encode_acl(canonical(descriptor.entries))
    owner = encode_sid(descriptor.owner) if descriptor.owner else b""
    group = encode_sid(descriptor.group) if descriptor.group else b""
    control = SELF_RELATIVE | DACL_PRESENT | DACL_AUTO_INHERIT_REQUEST | DACL_AUTO_INHERITED
    if descriptor.protected:
        control |= DACL_PROTECTED
    owner_at = _HEADER.size + len(acl)
    group_at = owner_at + len(owner)
    return (
        _HEADER.pack(1, 0, control, owner_at if owner else 0, group_at if group else 0, 0, _HEADER.size)
        + acl
        + owner
        + group
    )


def keep_inherited_mark(data: bytes) -> bytes:
    """A descriptor as it was read, ready to be written to another file with its AI flag kept.

    NTFS stores the flag only where the request bit asks for it (MS-DTYP 2.4.6, DC and DI).
    """
    (control,) = struct.unpack_from("<H", data, 2)
    if control & DACL_AUTO_INHERITED:
        control |= DACL_AUTO_INHERIT_REQUEST
    return data[:2] + struct.pack("<H", control) + data[4:]


def canonical(entries: tuple[AccessEntry, ...]) -> tuple[AccessEntry, ...]:
    """Own entries before inherited ones, and of the own ones deny before allow.

    Inherited entries keep their order: it goes from the nearest folder outwards (Microsoft, "Order of ACEs
    in a DACL").
    """
    own = [entry for entry in entries if not entry.inherited]
    return (
        *(entry for entry in own if entry.type == "deny"),
        *(entry for entry in own if entry.type == "allow"),
        *(entry for entry in entries if entry.inherited),
    )


def _everything() -> tuple[AccessEntry, ...]:
    return (AccessEntry(sid=EVERYONE, type="allow", mask=FULL_CONTROL),)


def _decode_acl(data: bytes, at: int) -> tuple[AccessEntry, ...]:
    _, _, size, count, _ = _ACL.unpack_from(data, at)
    end = min(at + size, len(data))
    at += _ACL.size
    entries = []
    for _ in range(count):
        kind, flags, length, mask = _ACE.unpack_from(data, at)
        if kind not in _TYPES:
            raise UnreadableDescriptor(f"it holds an access entry of type {kind}, which is not known")
        if length < _ACE.size + 8 or at + length > end:
            raise UnreadableDescriptor("an access entry is longer than its list")
        entries.append(
            AccessEntry(
                sid=_decode_sid(data, at + _ACE.size),
                type=_TYPES[kind],
                mask=map_generic(mask),
                object_inherit=bool(flags & _OBJECT_INHERIT),
                container_inherit=bool(flags & _CONTAINER_INHERIT),
                no_propagate=bool(flags & _NO_PROPAGATE),
                inherit_only=bool(flags & _INHERIT_ONLY),
                inherited=bool(flags & _INHERITED),
            )
        )
        at += length
    return tuple(entries)


def _encode_acl(entries: tuple[AccessEntry, ...]) -> bytes:
    body = b"".join(_encode_ace(entry) for entry in entries)
    size = _ACL.size + len(body)
    if size > 0xFFFF:
        raise UnreadableDescriptor(f"{len(entries)} access entries do not fit into one list")
    return _ACL.pack(2, 0, size, len(entries), 0) + body


def _encode_ace(entry: AccessEntry) -> bytes:
    flags = (
        _OBJECT_INHERIT * entry.object_inherit
        | _CONTAINER_INHERIT * entry.container_inherit
        | _NO_PROPAGATE * entry.no_propagate
        | _INHERIT_ONLY * entry.inherit_only
        | _INHERITED * entry.inherited
    )
    sid = encode_sid(entry.sid)
    kind = 0 if entry.type == "allow" else 1
    return _ACE.pack(kind, flags, _ACE.size + len(sid), map_generic(entry.mask)) + sid


def _decode_sid(data: bytes, at: int) -> str:
    """MS-DTYP 2.4.2.2: revision, count, six bytes of authority, then 32-bit parts."""
    revision, count = struct.unpack_from("<BB", data, at)
    authority = int.from_bytes(data[at + 2 : at + 8], "big")
    parts = struct.unpack_from(f"<{count}L", data, at + 8)
    return "-".join(["S", str(revision), _authority(authority), *map(str, parts)])


def _authority(number: int) -> str:
    return str(number) if number < 1 << 32 else f"0x{number:012X}"


def encode_sid(text: str) -> bytes:
    """The binary form of `S-1-5-32-544`.

    Raises:
        UnreadableDescriptor: not a SID.
    """
    try:
        prefix, revision, authority, *parts = text.split("-")
        if prefix.upper() != "S" or revision != "1" or len(parts) > 15:
            raise ValueError(text)
        head = struct.pack("<BB", 1, len(parts)) + int(authority, 0).to_bytes(6, "big")
        return head + struct.pack(f"<{len(parts)}L", *map(int, parts))
    except (ValueError, OverflowError, struct.error):
        raise UnreadableDescriptor(f"{quoted(text)} is not a SID") from None
