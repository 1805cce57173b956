"""What a new object gets from its folder, and what an ACL changes below it (MS-DTYP 2.5.3.4)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.rehearsal.windows.security import rights, sids
from engine.rehearsal.windows.security.ace import FILES_AND_FOLDERS, INHERITANCE_FLAGS, Ace, AceFlag
from engine.rehearsal.windows.security.check import Token
from engine.rehearsal.windows.security.descriptor import SecurityDescriptor


def inherit(
    parent: SecurityDescriptor,
    child_is_directory: bool,
    creator: Token,
    explicit: SecurityDescriptor | None = None,
) -> SecurityDescriptor:
    """The descriptor of an object that `creator` makes in a folder.

    `explicit` is what the creator asks for; the folder's entries are added unless it is protected.
    An administrator's objects belong to the Administrators group, as a network logon's elevated token says.
    """
    asked = explicit or SecurityDescriptor(None, None, ())
    owner = asked.owner or (sids.ADMINISTRATORS if creator.is_administrator else creator.user_sid)
    group = asked.group or sids.primary_group_of(creator.user_sid)
    if explicit is not None and explicit.dacl is None:
        return SecurityDescriptor(owner, group, None, explicit.protected)
    own = tuple(ace for ace in asked.dacl or () if not ace.inherited)
    new = SecurityDescriptor(owner, group, own, asked.protected)
    return reinherit(parent, new, child_is_directory)


def reinherit(
    parent: SecurityDescriptor, child: SecurityDescriptor, child_is_directory: bool
) -> SecurityDescriptor:
    """`child` with the entries that it now inherits from `parent` in place of those that it had.

    A protected child, or one without a DACL, stays as it is.
    """
    if child.protected or child.dacl is None or parent.dacl is None:
        return child
    own = tuple(ace for ace in child.dacl if not ace.inherited)
    inherited = tuple(inherited_entries(parent.dacl, child_is_directory, child.owner, child.group))
    return replace(child, dacl=own + inherited, auto_inherited=True)


def inherited_entries(
    parent: tuple[Ace, ...], child_is_directory: bool, owner: str | None, group: str | None
) -> Iterator[Ace]:
    """The entries that a child gets, with creator principals and generic rights made concrete."""
    for ace in parent:
        yield from _for_directory(ace, owner, group) if child_is_directory else _for_file(ace, owner, group)


def _for_file(ace: Ace, owner: str | None, group: str | None) -> Iterator[Ace]:
    if ace.flags & AceFlag.OBJECT_INHERIT:
        yield _concrete(ace, AceFlag.INHERITED, owner, group)


def _for_directory(ace: Ace, owner: str | None, group: str | None) -> Iterator[Ace]:
    further = not ace.flags & AceFlag.NO_PROPAGATE
    passed_on = (ace.flags & FILES_AND_FOLDERS) | AceFlag.INHERITED
    if not ace.flags & AceFlag.CONTAINER_INHERIT:
        # Meant for files only: a folder hands it down without obeying it.
        if ace.flags & AceFlag.OBJECT_INHERIT and further:
            yield replace(ace, flags=passed_on | AceFlag.INHERIT_ONLY)
        return
    concrete = _concrete(ace, AceFlag.INHERITED, owner, group)
    if not further:
        yield concrete
    elif (concrete.sid, concrete.mask) == (ace.sid, ace.mask):
        yield replace(ace, flags=passed_on)
    else:
        yield concrete
        yield replace(ace, flags=passed_on | AceFlag.INHERIT_ONLY)


def _concrete(ace: Ace, flags: AceFlag, owner: str | None, group: str | None) -> Ace:
    sid = ace.sid
    if sid == sids.CREATOR_OWNER and owner:
        sid = owner
    elif sid == sids.CREATOR_GROUP and group:
        sid = group
    kept = ace.flags & ~(INHERITANCE_FLAGS | AceFlag.INHERITED)
    return replace(ace, sid=sid, mask=rights.map_generic(ace.mask), flags=kept | flags)
