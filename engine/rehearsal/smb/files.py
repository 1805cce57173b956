"""CREATE, CLOSE, FLUSH, READ, WRITE and LOCK (MS-SMB2 3.3.5.9 to 3.3.5.14)."""

from __future__ import annotations

import struct

from smbprotocol.open import (
    SMB2CloseRequest,
    SMB2FlushRequest,
    SMB2FlushResponse,
    SMB2LockResponse,
    SMB2WriteResponse,
)

from engine.rehearsal.smb.create import parse_create, response_contexts
from engine.rehearsal.smb.exchange import Exchange, Reply, reply
from engine.rehearsal.smb.header import SIZE, Malformed
from engine.rehearsal.smb.negotiation import MAXIMUM_TRANSFER
from engine.rehearsal.smb.state import OpenFile
from engine.rehearsal.smb.trees import access_limit
from engine.rehearsal.smb.wire import decode, window
from engine.rehearsal.windows.filesystem import Node, NtError, NtStatus
from engine.rehearsal.windows.filesystem.listing import Listing
from engine.rehearsal.windows.filesystem.opening import open_below
from engine.rehearsal.windows.filesystem.sharing import ByteLock
from engine.rehearsal.windows.shares import FolderEnumerationMode

# Times are FILETIMEs of 100 ns; smbprotocol's fields for them are exact to the microsecond only. Reads and
# writes carry megabytes that its structures would copy several times. So these have layouts of their own.
_CREATE_RESPONSE = struct.Struct("<HBBIQQQQQQII16sII")
_CLOSE_RESPONSE = struct.Struct("<HHIQQQQQQI")
_READ_REQUEST = struct.Struct("<HBBIQ16sIIIHH")
_READ_RESPONSE = struct.Struct("<HBBIII")
_WRITE_REQUEST = struct.Struct("<HHIQ16sIIHHI")
# smbprotocol's structure of a lock takes a list that is cut off for a shorter one.
_LOCK_REQUEST = struct.Struct("<HHI16s")
_LOCK_ELEMENT = struct.Struct("<QQII")

_POST_QUERY = 0x0001
_CREDIT = 65536  # bytes that one credit pays for
_SHARED, _EXCLUSIVE, _UNLOCK, _FAIL_IMMEDIATELY = 0x01, 0x02, 0x04, 0x10


def create(exchange: Exchange) -> Reply:
    """Open or create a file or folder. Oplocks, leases and durable handles are never granted."""
    tree = exchange.tree
    request = parse_create(exchange.message, exchange.token, access_limit(exchange))
    if tree.root is None:
        raise NtError(NtStatus.OBJECT_NAME_NOT_FOUND)  # no pipe is served
    handle, action = open_below(exchange.server.host.files.tree, tree.root, request.parts, request.open)
    if request.allocation and not handle.node.is_directory and action != 1:
        handle.tree.reserve(handle.node, request.allocation)
    hides = tree.share.enumeration is FolderEnumerationMode.AccessBased
    opened = OpenFile(exchange.server.next_file_id(), handle, Listing(handle, readable_only=hides))
    tree.opens[opened.id] = opened
    exchange.file_id = opened.id
    contexts = response_contexts(request, handle)
    offset = SIZE + _CREATE_RESPONSE.size if contexts else 0
    fixed = _CREATE_RESPONSE.pack(
        89, 0, 0, action, *_network_open(handle.node), 0, opened.id, offset, len(contexts)
    )
    return Reply(fixed + (contexts or b"\0"))


def _network_open(node: Node) -> tuple[int, ...]:
    times = node.times
    sizes = (node.allocation, 0 if node.is_directory else node.size)
    return (
        times.created,
        times.accessed,
        times.written,
        times.changed,
        *sizes,
        int(node.visible_attributes),
    )


def close(exchange: Exchange) -> Reply:
    """Close a file; with the flag, say how it is after that."""
    request = decode(SMB2CloseRequest, exchange.message.body)
    opened = exchange.file(request["file_id"].get_value())
    wanted = request["flags"].get_value() & _POST_QUERY
    del exchange.tree.opens[opened.id]
    opened.handle.close()
    values = _network_open(opened.handle.node) if wanted else (0,) * 7
    return Reply(_CLOSE_RESPONSE.pack(60, wanted, 0, *values))


def flush(exchange: Exchange) -> Reply:
    """Put a file's state on disk."""
    request = decode(SMB2FlushRequest, exchange.message.body)
    exchange.file(request["file_id"].get_value()).handle.flush()
    return reply(SMB2FlushResponse())


def read(exchange: Exchange) -> Reply:
    """Read bytes of a file."""
    body = exchange.message.body
    if len(body) < _READ_REQUEST.size:
        raise Malformed("a read that is cut off")
    size, _, _, length, offset, file_id, minimum, *_ = _READ_REQUEST.unpack_from(body)
    if size != 49:
        raise Malformed("no read")
    _check_size(exchange, length)
    data = exchange.file(file_id).handle.read(offset, length)
    if len(data) < minimum:
        raise NtError(NtStatus.END_OF_FILE)
    return Reply(_READ_RESPONSE.pack(17, SIZE + _READ_RESPONSE.size, 0, len(data), 0, 0) + (data or b"\0"))


def write(exchange: Exchange) -> Reply:
    """Write bytes into a file."""
    body = exchange.message.body
    if len(body) < _WRITE_REQUEST.size:
        raise Malformed("a write that is cut off")
    size, start, length, offset, file_id, *_ = _WRITE_REQUEST.unpack_from(body)
    if size != 49:
        raise Malformed("no write")
    _check_size(exchange, length)
    data = window(exchange.message.raw, start, length)
    exchange.file(file_id).handle.write(offset, data)
    response = SMB2WriteResponse()
    response["count"] = length
    return reply(response)


def _check_size(exchange: Exchange, length: int) -> None:
    """A transfer must fit what was negotiated, and be paid for."""
    paid = max(1, exchange.message.header.credit_charge) * _CREDIT
    if length > MAXIMUM_TRANSFER or length > paid:
        raise NtError(NtStatus.INVALID_PARAMETER)


def lock(exchange: Exchange) -> Reply:
    """Lock or unlock byte ranges. A range that is taken is refused at once: nothing waits here."""
    body = exchange.message.body
    if len(body) < _LOCK_REQUEST.size:
        raise Malformed("a lock that is cut off")
    size, count, _, file_id = _LOCK_REQUEST.unpack_from(body)
    elements = body[_LOCK_REQUEST.size :][: count * _LOCK_ELEMENT.size]
    if size != 48 or len(elements) != count * _LOCK_ELEMENT.size:
        raise Malformed("no lock")
    handle = exchange.file(file_id).handle
    wanted: list[ByteLock] = []
    released: list[tuple[int, int]] = []
    for offset, length, flags, _ in _LOCK_ELEMENT.iter_unpack(elements):
        kind = flags & ~_FAIL_IMMEDIATELY
        if kind == _UNLOCK:
            released.append((offset, length))
        elif kind in (_SHARED, _EXCLUSIVE):
            wanted.append(ByteLock(offset, length, exclusive=kind == _EXCLUSIVE))
        else:
            raise NtError(NtStatus.INVALID_PARAMETER)
    if bool(wanted) == bool(released):
        raise NtError(NtStatus.INVALID_PARAMETER)
    handle.lock(wanted)
    for offset, length in released:
        handle.unlock(offset, length)
    return reply(SMB2LockResponse())
