"""Security descriptors and their self-relative bytes (MS-DTYP 2.4.5, 2.4.6)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Self

from engine.rehearsal.windows.security.ace import Ace, AceFlag, AceType
from engine.rehearsal.windows.security.sddl import sddl_dacl, sddl_principal
from engine.rehearsal.windows.security.sids import InvalidSid, sid_from_bytes, sid_to_bytes

SELF_RELATIVE = 0x8000
DACL_PROTECTED = 0x1000
DACL_AUTO_INHERITED = 0x0400
DACL_AUTO_INHERIT_REQUESTED = 0x0100
DACL_PRESENT = 0x0004

_HEADER = struct.Struct("<BBHIIII")
_ACL = struct.Struct("<BBHHH")
_ACE = struct.Struct("<BBHI")
_ACL_REVISION = 2


class InvalidDescriptor(ValueError):
    """Bytes that are no security descriptor, or one with entries that files do not have."""


@dataclass(frozen=True, slots=True)
class SecurityDescriptor:
    """Who owns an object and who may do what with it. `dacl` None: everything is granted to everybody."""

    owner: str | None
    group: str | None
    dacl: tuple[Ace, ...] | None
    protected: bool = False  # entries of the folder above are not inherited
    auto_inherited: bool = False  # the inherited entries were computed by Windows

    def to_bytes(self) -> bytes:
        """The self-relative form.

        Raises:
            InvalidSid: a SID in it is malformed.
        """
        control = SELF_RELATIVE | DACL_PRESENT
        control |= DACL_PROTECTED if self.protected else 0
        control |= DACL_AUTO_INHERITED if self.auto_inherited else 0
        parts = [
            sid_to_bytes(self.owner) if self.owner else b"",
            sid_to_bytes(self.group) if self.group else b"",
            _acl_to_bytes(self.dacl) if self.dacl is not None else b"",
        ]
        offsets = []
        position = _HEADER.size
        for part in parts:
            offsets.append(position if part else 0)
            position += len(part)
        owner, group, dacl = offsets
        return _HEADER.pack(1, 0, control, owner, group, 0, dacl) + b"".join(parts)

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Read the self-relative form. A system ACL in it is left out.

        Raises:
            InvalidDescriptor: the bytes are malformed.
        """
        try:
            revision, _, control, owner, group, _, dacl = _HEADER.unpack_from(data)
            if revision != 1 or not control & SELF_RELATIVE:
                raise InvalidDescriptor("not a self-relative security descriptor")
            has_dacl = bool(control & DACL_PRESENT and dacl)
            return cls(
                owner=sid_from_bytes(data, owner) if owner else None,
                group=sid_from_bytes(data, group) if group else None,
                dacl=tuple(_aces_from_bytes(data, dacl)) if has_dacl else None,
                protected=bool(control & DACL_PROTECTED),
                # Windows keeps the mark only when the caller also asks for it (MS-DTYP 2.4.6, DI and DC).
                auto_inherited=bool(control & DACL_AUTO_INHERITED),
            )
        except (struct.error, InvalidSid) as error:
            raise InvalidDescriptor(str(error)) from error

    def to_sddl(self) -> str:
        """The text form of MS-DTYP 2.5.1, with domain SIDs written out."""
        owner = f"O:{sddl_principal(self.owner)}" if self.owner else ""
        group = f"G:{sddl_principal(self.group)}" if self.group else ""
        return owner + group + sddl_dacl(self.dacl, self.protected, self.auto_inherited)


def _acl_to_bytes(aces: tuple[Ace, ...]) -> bytes:
    entries = []
    for ace in aces:
        sid = sid_to_bytes(ace.sid)
        entries.append(_ACE.pack(ace.type, ace.flags, _ACE.size + len(sid), ace.mask) + sid)
    body = b"".join(entries)
    return _ACL.pack(_ACL_REVISION, 0, _ACL.size + len(body), len(entries), 0) + body


def _aces_from_bytes(data: bytes, offset: int) -> Iterator[Ace]:
    _, _, size, count, _ = _ACL.unpack_from(data, offset)
    end = offset + size
    if end > len(data):
        raise InvalidDescriptor("an ACL that is cut off")
    position = offset + _ACL.size
    for _ in range(count):
        kind, flags, length, mask = _ACE.unpack_from(data, position)
        if kind not in (AceType.ALLOW, AceType.DENY):
            raise InvalidDescriptor(f"an entry of type {kind}")
        if length < _ACE.size + 8 or position + length > end:
            raise InvalidDescriptor("an entry that is cut off")
        sid = sid_from_bytes(data[position + _ACE.size : position + length])
        yield Ace(AceType(kind), sid, mask, AceFlag(flags & 0x1F))
        position += length


def requested_descriptor(data: bytes) -> SecurityDescriptor:
    """A descriptor that a client wants to set. Windows keeps the mark "auto-inherited" only where the
    client also asks for it (SE_DACL_AUTO_INHERIT_REQ).

    Raises:
        InvalidDescriptor: the bytes are malformed.
    """
    descriptor = SecurityDescriptor.from_bytes(data)
    (control,) = struct.unpack_from("<H", data, 2)
    asked = bool(control & DACL_AUTO_INHERIT_REQUESTED)
    return replace(descriptor, auto_inherited=descriptor.auto_inherited and asked)
