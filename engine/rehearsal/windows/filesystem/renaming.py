"""Renaming and moving, with and without replacing what has the name (MS-FSA 2.1.5.15.11)."""

from __future__ import annotations

from collections.abc import Sequence

from engine.rehearsal.windows.filesystem.handle import Handle
from engine.rehearsal.windows.filesystem.node import Attribute, Node
from engine.rehearsal.windows.ntstatus import AccessDenied, NtError, NtStatus
from engine.rehearsal.windows.security import access_check, rights
from engine.rehearsal.windows.security.check import maximum_access


def rename(handle: Handle, root: Node, parts: Sequence[str], replace: bool, limit: int) -> None:
    """Move an open node to a path below `root`; the step is atomic for everybody who looks.

    Raises:
        NtError: STATUS_OBJECT_NAME_COLLISION where the name is taken and `replace` is not set;
            STATUS_ACCESS_DENIED where the target is open, read-only, a folder, or not the client's to delete,
            or where something below a folder that is to move is open.
    """
    handle.require(rights.DELETE)
    node = handle.node
    if not parts or node.parent is None:
        raise NtError(NtStatus.INVALID_PARAMETER)
    parent = _folder(root, parts[:-1])
    if parent.drive != node.drive:
        raise NtError(NtStatus.NOT_SAME_DEVICE)
    if parent.is_within(node):
        raise NtError(NtStatus.SHARING_VIOLATION)
    if any(below.handles for below in node.below()):
        raise AccessDenied
    right = rights.ADD_SUBDIRECTORY if node.is_directory else rights.ADD_FILE
    if right & ~limit:
        raise AccessDenied
    access_check(parent.security, handle.token, right)
    target = parent.child(parts[-1])
    if target is not None and target is not node:
        _check_replaced(handle, target, replace)
    handle.tree.move(node, parent, parts[-1], target if target is not node else None)


def _folder(root: Node, parts: Sequence[str]) -> Node:
    node = root
    for part in parts:
        below = node.child(part)
        if below is None or not below.is_directory:
            raise NtError(NtStatus.OBJECT_PATH_NOT_FOUND)
        node = below
    if node.delete_pending:
        raise NtError(NtStatus.DELETE_PENDING)
    return node


def _check_replaced(handle: Handle, target: Node, replace: bool) -> None:
    if not replace:
        raise NtError(NtStatus.OBJECT_NAME_COLLISION)
    if target.is_directory or target.handles or target.attributes & Attribute.READONLY:
        raise AccessDenied
    parent = target.parent
    deletes_children = rights.DELETE_CHILD
    if parent is None or not maximum_access(parent.security, handle.token) & deletes_children:
        access_check(target.security, handle.token, rights.DELETE)
