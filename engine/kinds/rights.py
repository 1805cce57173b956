"""File access rights and where an entry applies: the words people write, and Windows' masks and flags.

Masks are those of MS-DTYP 2.4.3 and [FILE_ACCESS_RIGHTS] in MS-SMB2 2.2.13.1; the words are the ones of
Windows' own dialogue (Microsoft, "FileSystemRights Enum").
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from engine.model.security import AccessEntry

Right = Literal["read", "read_execute", "list", "write", "modify", "full", "delete", "traverse"]
AppliesTo = Literal[
    "this folder, subfolders and files",
    "this folder and subfolders",
    "this folder and files",
    "this folder only",
    "subfolders and files only",
    "subfolders only",
    "files only",
]

FULL = 0x1F01FF
_SYNCHRONIZE = 0x100000
_MASKS: dict[Right, int] = {
    "full": FULL,
    "modify": 0x1301BF,
    "read_execute": 0x1200A9,
    "list": 0x1200A9,
    "read": 0x120089,
    "write": 0x100116,
    "traverse": 0x1000A0,  # pass through, and read attributes
    "delete": 0x110000,
}
# Generic rights, and what they stand for on files (MS-DTYP 2.4.3; winnt.h: FILE_GENERIC_*, FILE_ALL_ACCESS).
_GENERIC = {0x10000000: FULL, 0x20000000: 0x1200A0, 0x40000000: 0x120116, 0x80000000: 0x120089}


class Flags(NamedTuple):
    """An entry's inheritance flags."""

    object_inherit: bool
    container_inherit: bool
    inherit_only: bool


_SCOPES: dict[AppliesTo, Flags] = {
    "this folder, subfolders and files": Flags(True, True, False),
    "this folder and subfolders": Flags(False, True, False),
    "this folder and files": Flags(True, False, False),
    "this folder only": Flags(False, False, False),
    "subfolders and files only": Flags(True, True, True),
    "subfolders only": Flags(False, True, True),
    "files only": Flags(True, False, True),
}
_SCOPE_NAMES = {flags: name for name, flags in _SCOPES.items()}
_FOLDER_SCOPES: frozenset[AppliesTo] = frozenset(
    {"this folder and subfolders", "this folder only", "subfolders only"}
)


def folders_only(rights: Sequence[Right]) -> bool:
    """If these rights have a meaning on folders only."""
    return "list" in rights


def check_scope(rights: Sequence[Right], scope: AppliesTo | None) -> None:
    """See that `scope` fits.

    Raises:
        ValueError: it names files, for a right that is of folders.
    """
    if scope is not None and folders_only(rights) and scope not in _FOLDER_SCOPES:
        raise ValueError(f"the right list is of folders; it cannot apply to: {scope}")


def _mask(right: Right, type_: Literal["allow", "deny"]) -> int:
    """A denied SYNCHRONIZE would deny nearly everything, so only a denied `full` holds it, as in .NET."""
    if type_ == "deny" and right != "full":
        return _MASKS[right] & ~_SYNCHRONIZE
    return _MASKS[right]


def make_entry(
    sid: str, type_: Literal["allow", "deny"], rights: Iterable[Right], scope: AppliesTo
) -> AccessEntry:
    """The entry for what people wrote."""
    mask = 0
    for right in rights:
        mask |= _mask(right, type_)
    flags = _SCOPES[scope]
    return AccessEntry(
        sid=sid,
        type=type_,
        mask=mask,
        object_inherit=flags.object_inherit,
        container_inherit=flags.container_inherit,
        inherit_only=flags.inherit_only,
    )


def canonical(entries: Iterable[AccessEntry]) -> tuple[AccessEntry, ...]:
    """The explicit entries in one form: generic rights mapped, equal ones joined, sorted.

    Entries are joined that differ in their rights only. Denials come first, as Windows' own tools keep them.
    """
    joined: dict[AccessEntry, int] = {}
    for entry in entries:
        if entry.inherited:
            continue
        inherits = entry.object_inherit or entry.container_inherit
        # Without inheritance there is nothing whose propagation could be stopped.
        once = entry.no_propagate and inherits
        place = entry.model_copy(update={"mask": 0, "sid": entry.sid.upper(), "no_propagate": once})
        joined[place] = joined.get(place, 0) | _specific(entry.mask)
    merged = (place.model_copy(update={"mask": mask}) for place, mask in joined.items())
    return tuple(sorted(merged, key=_order))


def _order(entry: AccessEntry) -> tuple[bool, str, int, tuple[bool, ...]]:
    flags = (entry.inherit_only, entry.container_inherit, entry.object_inherit, entry.no_propagate)
    return entry.type == "allow", entry.sid, entry.mask, flags


def _specific(mask: int) -> int:
    for generic, meaning in _GENERIC.items():
        if mask & generic:
            mask = mask & ~generic | meaning
    return mask


def describe(entry: AccessEntry, shown: str) -> str:
    """An entry in one line: `allow BCPS\\DHS-Staff: modify (this folder, subfolders and files)`.

    Two canonical entries of accounts that are shown differently have different lines.
    """
    scope = _SCOPE_NAMES.get(
        Flags(entry.object_inherit, entry.container_inherit, entry.inherit_only), "nothing"
    )
    once = ", one level" if entry.no_propagate else ""
    return f"{entry.type} {shown}: {_rights_text(entry)} ({scope}{once})"


def _rights_text(entry: AccessEntry) -> str:
    """The words that make up exactly this mask, the widest first; else the mask itself."""
    left, words = entry.mask, []
    for right in _MASKS:
        mask = _mask(right, entry.type)
        if right != "list" and entry.mask & mask == mask and left & mask:
            words.append(right)
            left &= ~mask
    return ", ".join(words) if words and not left else f"0x{entry.mask:08x}"
