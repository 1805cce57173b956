"""SMB shares: what is offered under which name, and to whom."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from enum import IntEnum
from typing import Literal, cast

from pydantic import JsonValue, TypeAdapter

from engine.rehearsal.windows import well_known as known
from engine.rehearsal.windows.journal import Journal, Part
from engine.rehearsal.windows.principals import AccessToken

# File access masks as share permissions use them (MS-DTYP 2.4.3, MS-SMB2 2.2.13.1).
FULL = 0x001F01FF
CHANGE = 0x001301BF
READ = 0x001200A9


class ShareType(IntEnum):
    """MSFT_SmbShare.ShareType; also STYPE in MS-SRVS 2.2.2.4."""

    FileSystemDirectory = 0
    PrintQueue = 1
    CommunicationDevice = 2
    InterprocessCommunication = 3


class FolderEnumerationMode(IntEnum):
    AccessBased = 0
    Unrestricted = 1


class CachingMode(IntEnum):
    None_ = 0
    Manual = 1
    Documents = 2
    Programs = 3
    BranchCache = 4
    Unknown = 5


@dataclass(frozen=True, slots=True)
class ShareEntry:
    """One access control entry of a share."""

    sid: str
    type: Literal["allow", "deny"]
    mask: int


@dataclass(frozen=True, slots=True)
class Share:
    """A share. `user_limit` 0 means as many as Windows allows; `special` shares are Windows' own."""

    name: str
    path: str
    entries: tuple[ShareEntry, ...]
    description: str = ""
    type: ShareType = ShareType.FileSystemDirectory
    special: bool = False
    enumeration: FolderEnumerationMode = FolderEnumerationMode.Unrestricted
    caching: CachingMode = CachingMode.Manual
    encrypt: bool = False
    user_limit: int = 0
    temporary: bool = False  # gone after a restart

    def allowed_access(self, token: AccessToken) -> int:
        """The mask that the share lets this client have at most; 0 refuses the connection."""
        allowed = denied = 0
        for entry in self.entries:
            if entry.sid not in token.sids:
                continue
            if entry.type == "deny":
                denied |= entry.mask & ~allowed
            else:
                allowed |= entry.mask & ~denied
        return allowed


class NameTaken(Exception):
    """A share of this name exists."""


class NoSuchShare(Exception):
    """There is no share of this name."""


_ADMINISTRATIVE = tuple(
    ShareEntry(sid, "allow", FULL) for sid in (known.ADMINISTRATORS, "S-1-5-32-551", "S-1-5-4")
)
_PRINTER_DRIVERS = Share(
    "print$",
    r"C:\Windows\system32\spool\drivers",
    (ShareEntry(known.EVERYONE, "allow", READ), ShareEntry(known.ADMINISTRATORS, "allow", FULL)),
    "Printer Drivers",
    special=True,
)
_STORED = TypeAdapter(list[Share])


def _default_shares(drives: Iterable[str], *, prints: bool) -> list[Share]:
    """What the server service offers on its own: the drives, the system folder, pipes and printer drivers."""
    special = [Share("ADMIN$", r"C:\Windows", _ADMINISTRATIVE, "Remote Admin", special=True)]
    special += [
        Share(f"{letter}$", f"{letter}:\\", _ADMINISTRATIVE, "Default share", special=True)
        for letter in drives
    ]
    pipes = Share(
        "IPC$", "", _ADMINISTRATIVE, "Remote IPC", ShareType.InterprocessCommunication, special=True
    )
    return [*special, pipes, _PRINTER_DRIVERS] if prints else [*special, pipes]


class Shares:
    """A computer's shares, by name without case."""

    def __init__(self, journal: Journal, drives: Iterable[str], *, prints: bool = False) -> None:
        """`drives` are letters; a computer that `prints` for others offers its printer drivers too."""
        self._journal = journal
        self._shares = {share.name.casefold(): share for share in _default_shares(drives, prints=prints)}

    def get(self, name: str) -> Share | None:
        """The share of this name; None where there is none."""
        return self._shares.get(name.casefold())

    def all(self) -> tuple[Share, ...]:
        """Every share, sorted by name."""
        return tuple(self._shares[name] for name in sorted(self._shares))

    def add(self, share: Share) -> None:
        """Offer a folder.

        Raises:
            NameTaken: a share of this name exists.
        """
        if share.name.casefold() in self._shares:
            raise NameTaken(share.name)
        self._put(share)

    def update(self, share: Share) -> None:
        """Put a share's new properties in place of its old ones; nothing is written where they are equal.

        Raises:
            NoSuchShare: there is no share of this name.
        """
        before = self._shares.get(share.name.casefold())
        if before is None:
            raise NoSuchShare(share.name)
        if before != share:
            self._put(replace(share, name=before.name))

    def remove(self, name: str) -> None:
        """Stop offering a folder; the folder stays.

        Raises:
            NoSuchShare: there is no share of this name.
        """
        if self._shares.pop(name.casefold(), None) is None:
            raise NoSuchShare(name)
        self._journal.wrote(Part.SHARES)

    def _put(self, share: Share) -> None:
        self._shares[share.name.casefold()] = share
        self._journal.wrote(Part.SHARES)

    def to_json(self) -> JsonValue:
        """Everything, as plain data."""
        return cast("JsonValue", [asdict(share) for share in self.all()])

    def from_json(self, state: JsonValue) -> None:
        """Put back what `to_json` gave."""
        self._shares = {share.name.casefold(): share for share in _STORED.validate_python(state)}


def granted(entries: tuple[ShareEntry, ...], sid: str, mask: int) -> tuple[ShareEntry, ...]:
    """The list after granting: rights add up with those that the account has already."""
    mine = [entry for entry in entries if (entry.sid, entry.type) == (sid, "allow")]
    for entry in mine:
        mask |= entry.mask
    place = entries.index(mine[0]) if mine else len(entries)
    return (
        *without(entries[:place], sid, "allow"),
        ShareEntry(sid, "allow", mask),
        *without(entries[place:], sid, "allow"),
    )


def blocked(entries: tuple[ShareEntry, ...], sid: str) -> tuple[ShareEntry, ...]:
    """The list after blocking: refusals stand before permissions, as Windows orders them."""
    return (ShareEntry(sid, "deny", FULL), *without(entries, sid, "deny"))


def without(
    entries: tuple[ShareEntry, ...], sid: str, kind: Literal["allow", "deny"]
) -> tuple[ShareEntry, ...]:
    """The list without the account's entries of one type."""
    return tuple(entry for entry in entries if (entry.sid, entry.type) != (sid, kind))
