"""Opening and creating: rights, sharing and dispositions as NTFS decides (MS-FSA 2.1.5.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, IntFlag

from engine.rehearsal.windows.filesystem.handle import Handle, refuse_undeletable
from engine.rehearsal.windows.filesystem.node import SETTABLE, Attribute, Node, filetime_now
from engine.rehearsal.windows.filesystem.sharing import WRITES, Share, check_sharing
from engine.rehearsal.windows.filesystem.tree import Tree
from engine.rehearsal.windows.ntstatus import AccessDenied, NtError, NtStatus
from engine.rehearsal.windows.security import SecurityDescriptor, Token, access_check, inherit, rights
from engine.rehearsal.windows.security.check import maximum_access


class Disposition(IntEnum):
    """What to do where the name exists, and where it does not (MS-SMB2 2.2.13 CreateDisposition)."""

    SUPERSEDE = 0
    OPEN = 1
    CREATE = 2
    OPEN_IF = 3
    OVERWRITE = 4
    OVERWRITE_IF = 5


class Option(IntFlag):
    """Options that make a difference here (MS-SMB2 2.2.13 CreateOptions)."""

    NONE = 0
    DIRECTORY = 0x0001
    NON_DIRECTORY = 0x0040
    DELETE_ON_CLOSE = 0x1000
    OPEN_BY_FILE_ID = 0x2000
    BACKUP_INTENT = 0x4000


class Action(IntEnum):
    """What opening did (MS-SMB2 2.2.14 CreateAction)."""

    SUPERSEDED = 0
    OPENED = 1
    CREATED = 2
    OVERWRITTEN = 3


@dataclass(frozen=True, slots=True)
class OpenRequest:
    """How a client wants to open. `limit` is the most that it may get, as its share says."""

    token: Token
    desired_access: int
    share_access: Share = Share.ALL
    disposition: Disposition = Disposition.OPEN
    options: Option = Option.NONE
    attributes: int = 0
    security: SecurityDescriptor | None = None
    limit: int = rights.FULL_CONTROL | rights.ACCESS_SYSTEM_SECURITY


_OVERWRITES = (Disposition.SUPERSEDE, Disposition.OVERWRITE, Disposition.OVERWRITE_IF)
_CREATES = (Disposition.SUPERSEDE, Disposition.CREATE, Disposition.OPEN_IF, Disposition.OVERWRITE_IF)


def open_below(tree: Tree, root: Node, parts: Sequence[str], request: OpenRequest) -> tuple[Handle, Action]:
    """Open or create the node of a path below `root`.

    Folders on the way are not checked: everybody has the right to pass through them (the privilege
    SeChangeNotifyPrivilege, which Windows gives to everyone).

    Raises:
        NtError: as Windows refuses it.
    """
    _check_request(request)
    node = root
    for part in parts[:-1]:
        below = node.child(part)
        if below is None or not below.is_directory:
            raise NtError(NtStatus.OBJECT_PATH_NOT_FOUND)
        node = below
    found = node.child(parts[-1]) if parts else root
    if parts and not node.is_directory:
        raise NtError(NtStatus.OBJECT_PATH_NOT_FOUND)
    if found is not None:
        return _open_existing(tree, found, request)
    return _create(tree, node, parts[-1], request), Action.CREATED


def _check_request(request: OpenRequest) -> None:
    options = request.options
    both = Option.DIRECTORY | Option.NON_DIRECTORY
    deletes = rights.DELETE | rights.GENERIC_ALL | rights.MAXIMUM_ALLOWED
    contradictory = options & both == both
    overwritten_folder = bool(options & Option.DIRECTORY) and request.disposition in _OVERWRITES
    undeletable = bool(options & Option.DELETE_ON_CLOSE) and not request.desired_access & deletes
    if contradictory or overwritten_folder or undeletable:
        raise NtError(NtStatus.INVALID_PARAMETER)
    if options & Option.OPEN_BY_FILE_ID:
        raise NtError(NtStatus.NOT_SUPPORTED)
    if request.desired_access & ~rights.KNOWN_RIGHTS or not request.desired_access:
        raise AccessDenied


def _open_existing(tree: Tree, node: Node, request: OpenRequest) -> tuple[Handle, Action]:
    _check_kind(node, request)
    if node.delete_pending:
        raise NtError(NtStatus.DELETE_PENDING)
    if request.disposition is Disposition.CREATE:
        raise NtError(NtStatus.OBJECT_NAME_COLLISION)
    overwrites = request.disposition in _OVERWRITES
    granted = _granted(node, request, overwrites)
    _check_attributes(node, request, granted, overwrites)
    wanted = granted | (rights.WRITE_DATA if overwrites else 0)
    check_sharing(node.handles, wanted, request.share_access)
    handle = _attach(tree, node, request, granted)
    if not overwrites:
        return handle, Action.OPENED
    try:
        _overwrite(tree, node, request)
    except NtError:
        handle.delete_on_close = False
        handle.close()
        raise
    superseded = request.disposition is Disposition.SUPERSEDE
    return handle, Action.SUPERSEDED if superseded else Action.OVERWRITTEN


def _check_kind(node: Node, request: OpenRequest) -> None:
    if node.is_directory:
        if request.options & Option.NON_DIRECTORY:
            raise NtError(NtStatus.FILE_IS_A_DIRECTORY)
        if request.disposition in _OVERWRITES:
            raise NtError(NtStatus.OBJECT_NAME_COLLISION)
    elif request.options & Option.DIRECTORY:
        existing = request.disposition is Disposition.CREATE
        raise NtError(NtStatus.OBJECT_NAME_COLLISION if existing else NtStatus.NOT_A_DIRECTORY)


def _granted(node: Node, request: OpenRequest, overwrites: bool) -> int:
    """The rights that the client gets on a node that exists, which the folder above adds to."""
    desired = rights.map_generic(request.desired_access)
    by_parent = _given_by_parent(node, request.token)
    maximum = bool(desired & rights.MAXIMUM_ALLOWED)
    needed = desired & ~rights.MAXIMUM_ALLOWED
    if needed & ~request.limit:
        raise AccessDenied
    implied = rights.WRITE_DATA if overwrites else 0
    if request.disposition is Disposition.SUPERSEDE:
        implied |= rights.DELETE
    if implied & ~request.limit:
        raise AccessDenied
    backup = bool(request.options & Option.BACKUP_INTENT)
    checked = (needed | implied) & ~by_parent
    granted = access_check(node.security, request.token, checked, backup=backup) if checked else 0
    granted = (granted | by_parent) & needed
    if maximum:
        granted |= (maximum_access(node.security, request.token) | by_parent) & request.limit
        if node.attributes & Attribute.READONLY and not node.is_directory:
            granted &= ~WRITES | needed
        if not granted:
            raise AccessDenied
    return granted


def _given_by_parent(node: Node, token: Token) -> int:
    """Who may delete the children of a folder may delete this; who may list it sees the attributes."""
    if node.parent is None:
        return 0
    above = maximum_access(node.parent.security, token)
    given = rights.DELETE if above & rights.DELETE_CHILD else 0
    return given | (rights.READ_ATTRIBUTES if above & rights.LIST_DIRECTORY else 0)


def _check_attributes(node: Node, request: OpenRequest, granted: int, overwrites: bool) -> None:
    read_only = bool(node.attributes & Attribute.READONLY) and not node.is_directory
    if read_only and (granted & WRITES or overwrites):
        raise AccessDenied
    if request.options & Option.DELETE_ON_CLOSE:
        if not granted & rights.DELETE:
            raise AccessDenied
        refuse_undeletable(node)
    kept = (Attribute.HIDDEN | Attribute.SYSTEM) & node.attributes
    if overwrites and kept & ~request.attributes:
        # A hidden or system file is overwritten only by who says that it stays one.
        raise AccessDenied


def _attach(tree: Tree, node: Node, request: OpenRequest, granted: int) -> Handle:
    delete = bool(request.options & Option.DELETE_ON_CLOSE)
    handle = Handle(tree, node, request.token, granted, request.share_access, delete)
    node.handles.append(handle)
    return handle


def _overwrite(tree: Tree, node: Node, request: OpenRequest) -> None:
    tree.resize(node, 0)
    node.attributes = Attribute(request.attributes & SETTABLE) | Attribute.ARCHIVE
    node.times.written = node.times.changed = filetime_now()
    tree.settle(node)
    tree.wrote()


def _create(tree: Tree, parent: Node, name: str, request: OpenRequest) -> Handle:
    if request.disposition not in _CREATES:
        raise NtError(NtStatus.OBJECT_NAME_NOT_FOUND)
    if parent.delete_pending:
        raise NtError(NtStatus.DELETE_PENDING)
    is_directory = bool(request.options & Option.DIRECTORY)
    right = rights.ADD_SUBDIRECTORY if is_directory else rights.ADD_FILE
    desired = rights.map_generic(request.desired_access)
    if (right | desired & ~rights.MAXIMUM_ALLOWED) & ~request.limit:
        raise AccessDenied
    access_check(parent.security, request.token, right)
    # Its creator gets what it asked for, whatever the new object's own list says (MS-FSA 2.1.5.1.1).
    granted = desired & ~rights.MAXIMUM_ALLOWED
    if desired & rights.MAXIMUM_ALLOWED:
        granted |= rights.FULL_CONTROL & request.limit
    if granted & rights.ACCESS_SYSTEM_SECURITY and "SeSecurityPrivilege" not in request.token.privileges:
        raise NtError(NtStatus.PRIVILEGE_NOT_HELD)
    attributes = Attribute(request.attributes & SETTABLE)
    if request.options & Option.DELETE_ON_CLOSE and attributes & Attribute.READONLY:
        raise NtError(NtStatus.CANNOT_DELETE)
    security = inherit(parent.security, is_directory, request.token, request.security)
    node = tree.add(parent, name, is_directory, security, attributes)
    return _attach(tree, node, request, granted)
