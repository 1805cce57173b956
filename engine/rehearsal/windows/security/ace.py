"""Access control entries (MS-DTYP 2.4.4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag


class AceType(IntEnum):
    """The two kinds of entry of a discretionary ACL on files (MS-DTYP 2.4.4.1)."""

    ALLOW = 0
    DENY = 1


class AceFlag(IntFlag):
    """How an entry is inherited (MS-DTYP 2.4.4.1)."""

    NONE = 0
    OBJECT_INHERIT = 0x01
    CONTAINER_INHERIT = 0x02
    NO_PROPAGATE = 0x04
    INHERIT_ONLY = 0x08
    INHERITED = 0x10


INHERITANCE_FLAGS = (
    AceFlag.OBJECT_INHERIT | AceFlag.CONTAINER_INHERIT | AceFlag.NO_PROPAGATE | AceFlag.INHERIT_ONLY
)
FILES_AND_FOLDERS = AceFlag.OBJECT_INHERIT | AceFlag.CONTAINER_INHERIT


@dataclass(frozen=True, slots=True)
class Ace:
    """One entry: who may, or may not, do what."""

    type: AceType
    sid: str
    mask: int
    flags: AceFlag = AceFlag.NONE

    @property
    def effective(self) -> bool:
        """If it counts for the object it stands on, and not only for what is below."""
        return not self.flags & AceFlag.INHERIT_ONLY

    @property
    def inherited(self) -> bool:
        """If it came from the folder above."""
        return bool(self.flags & AceFlag.INHERITED)


def allow(sid: str, mask: int, flags: AceFlag = AceFlag.NONE) -> Ace:
    """An entry that grants `mask`."""
    return Ace(AceType.ALLOW, sid, mask, flags)


def deny(sid: str, mask: int, flags: AceFlag = AceFlag.NONE) -> Ace:
    """An entry that refuses `mask`."""
    return Ace(AceType.DENY, sid, mask, flags)
