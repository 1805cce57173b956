"""What a folder's entries mean for what is in it: the rules of MS-DTYP 2.5.3.4. Pure.

A file server stores a list of access entries exactly as it is sent. It is the client that works out what is
inherited, as `SetNamedSecurityInfo` and the security page of Explorer do; a list sent without its inherited
entries would take away everybody's inherited access.
"""

from __future__ import annotations

from engine.model.security import AccessEntry, SecurityDescriptor

CREATOR_OWNER = "S-1-3-0"
CREATOR_GROUP = "S-1-3-1"


def inherited_entries(
    parent: SecurityDescriptor, *, is_directory: bool, owner: str | None, group: str | None
) -> tuple[AccessEntry, ...]:
    """The entries that a child of `parent` inherits, in the parent's order.

    `owner` and `group` are the child's: entries for the creator become entries for them.
    """
    give = _for_directory if is_directory else _for_file
    creators = {CREATOR_OWNER: owner, CREATOR_GROUP: group}
    return tuple(child for entry in parent.entries for child in give(entry, creators))


def complete(
    descriptor: SecurityDescriptor, parent: SecurityDescriptor | None, *, is_directory: bool
) -> SecurityDescriptor:
    """The descriptor's own entries together with what it inherits; none where it is protected or a root."""
    own = tuple(entry for entry in descriptor.entries if not entry.inherited)
    inherited: tuple[AccessEntry, ...] = ()
    if parent is not None and not descriptor.protected:
        inherited = inherited_entries(
            parent, is_directory=is_directory, owner=descriptor.owner, group=descriptor.group
        )
    return descriptor.model_copy(update={"entries": own + inherited})


def _for_file(entry: AccessEntry, creators: dict[str, str | None]) -> tuple[AccessEntry, ...]:
    if not entry.object_inherit:
        return ()
    return (_effective(entry, creators),)


def _for_directory(entry: AccessEntry, creators: dict[str, str | None]) -> tuple[AccessEntry, ...]:
    if not entry.container_inherit:
        if not entry.object_inherit or entry.no_propagate:
            return ()
        # It is meant for files further down: it passes through the folder without counting there.
        return (entry.model_copy(update={"inherited": True, "inherit_only": True}),)
    if entry.no_propagate:
        return (_effective(entry, creators),)
    if creators.get(entry.sid) is not None:
        # One entry for the creator of this folder, and the general one for creators further down.
        onward = entry.model_copy(update={"inherited": True, "inherit_only": True})
        return (_effective(entry, creators), onward)
    return (entry.model_copy(update={"inherited": True, "inherit_only": False}),)


def _effective(entry: AccessEntry, creators: dict[str, str | None]) -> AccessEntry:
    return entry.model_copy(
        update={
            "sid": creators.get(entry.sid) or entry.sid,
            "object_inherit": False,
            "container_inherit": False,
            "no_propagate": False,
            "inherit_only": False,
            "inherited": True,
        }
    )
