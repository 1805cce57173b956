"""TREE_CONNECT and TREE_DISCONNECT: who gets into which share (MS-SMB2 3.3.5.7, 3.3.5.8)."""

from __future__ import annotations

from smbprotocol.tree import (
    SMB2TreeConnectRequest,
    SMB2TreeConnectResponse,
    SMB2TreeDisconnect,
)

from engine.rehearsal.smb.exchange import Exchange, Reply, reply
from engine.rehearsal.smb.state import Tree
from engine.rehearsal.smb.wire import decode, text, window
from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.filesystem import Node, NtError, NtStatus
from engine.rehearsal.windows.security import AccessDenied, rights
from engine.rehearsal.windows.shares import CachingMode, FolderEnumerationMode, Share, ShareType

_DISK, _PIPE = 1, 2
_ENCRYPT_DATA = 0x8000
_ACCESS_BASED_ENUMERATION = 0x0800
_PIPE_ACCESS = 0x0012019F  # read and write
_CACHING = {
    CachingMode.None_: 0x30,
    CachingMode.Documents: 0x10,
    CachingMode.Programs: 0x20,
}


def tree_connect(exchange: Exchange) -> Reply:
    """Connect to a share.

    Raises:
        NtError: STATUS_BAD_NETWORK_NAME where there is no such share or its folder is gone,
            STATUS_ACCESS_DENIED, STATUS_REQUEST_NOT_ACCEPTED over the user limit.
    """
    request = decode(SMB2TreeConnectRequest, exchange.message.body)
    offset, length = request["path_offset"].get_value(), request["path_length"].get_value()
    path = text(window(exchange.message.raw, offset, length))
    share = exchange.server.host.share(path.rpartition("\\")[2])
    if share is None or share.type is ShareType.PrintQueue:
        raise NtError(NtStatus.BAD_NETWORK_NAME)
    access, root = _admitted(exchange, share)
    tree = Tree(exchange.server.next_tree_id(), share, access, root)
    exchange.session.trees[tree.id] = tree
    exchange.tree_id = tree.id
    response = SMB2TreeConnectResponse()
    response["share_type"] = _DISK if root else _PIPE
    response["share_flags"] = _flags(share)
    response["maximal_access"] = access
    return reply(response)


def _admitted(exchange: Exchange, share: Share) -> tuple[int, Node | None]:
    if share.type is ShareType.InterprocessCommunication:
        return _PIPE_ACCESS, None  # every client that is logged on gets to the pipes
    access = share.allowed_access(exchange.token) & rights.FULL_CONTROL
    agreement = exchange.connection.agreement
    can_encrypt = agreement is not None and agreement.algorithms.cipher is not None
    if not access or (share.encrypt and not can_encrypt):
        raise AccessDenied
    if share.user_limit and exchange.server.users_of(share) >= share.user_limit:
        raise NtError(NtStatus.REQUEST_NOT_ACCEPTED)
    root = exchange.server.host.files.lookup(share.path)
    if root is None or not root.is_directory:
        raise NtError(NtStatus.BAD_NETWORK_NAME)
    return access, root


def _flags(share: Share) -> int:
    flags = _CACHING.get(share.caching, 0)
    if share.encrypt:
        flags |= _ENCRYPT_DATA
    if share.enumeration is FolderEnumerationMode.AccessBased:
        flags |= _ACCESS_BASED_ENUMERATION
    return flags


def tree_disconnect(exchange: Exchange) -> Reply:
    """Leave a share; what is open in it is closed."""
    decode(SMB2TreeDisconnect, exchange.message.body)
    tree = exchange.tree
    tree.close()
    del exchange.session.trees[tree.id]
    return reply(SMB2TreeDisconnect())


def check_tree(exchange: Exchange) -> None:
    """Before anything is done in a tree: the share must still be there, and be used as it demands.

    Raises:
        NtError: STATUS_NETWORK_NAME_DELETED after the share or its folder was removed or exchanged;
            STATUS_ACCESS_DENIED for a message in the clear where the share wants encryption.
    """
    tree = exchange.tree
    host = exchange.server.host
    share = host.share(tree.share.name)
    gone = share is None or share.path != tree.share.path
    if share is None or gone or (tree.root is not None and host.files.lookup(share.path) is not tree.root):
        tree.close()
        del exchange.session.trees[tree.id]
        raise NtError(NtStatus.NETWORK_NAME_DELETED)
    if share.encrypt and not exchange.encrypted:
        raise AccessDenied


def access_limit(exchange: Exchange) -> int:
    """The most that an open in this tree may be granted."""
    limit = exchange.tree.access
    if exchange.server.host.has_fault(Fault.ACCESS_DENIED):
        limit &= rights.READ_AND_EXECUTE
    # Who has full control of a share may also ask for the system ACL, which a privilege then decides.
    return limit | rights.ACCESS_SYSTEM_SECURITY
