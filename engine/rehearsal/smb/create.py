"""The CREATE request and its contexts (MS-SMB2 2.2.13, 2.2.14)."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from smbprotocol.create_contexts import (
    SMB2CreateQueryMaximalAccessResponse,
    SMB2CreateQueryOnDiskIDResponse,
)

from engine.rehearsal.smb.header import Malformed, Message
from engine.rehearsal.smb.wire import text, window
from engine.rehearsal.windows.filesystem import (
    Disposition,
    Handle,
    NtError,
    NtStatus,
    OpenRequest,
    Option,
    Share,
)
from engine.rehearsal.windows.filesystem.names import split_relative
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.security import InvalidDescriptor, SecurityDescriptor, rights
from engine.rehearsal.windows.security.check import maximum_access

# Offsets are followed here, and unknown contexts are skipped; smbprotocol's structure does neither.
_REQUEST = struct.Struct("<HBBIQQIIIIIHHII")
_CONTEXT = struct.Struct("<IHHHHI")

_EXTENDED_ATTRIBUTES = b"ExtA"
_SECURITY = b"SecD"
_ALLOCATION = b"AlSi"
_MAXIMAL_ACCESS = b"MxAc"
_ON_DISK_ID = b"QFid"
_SNAPSHOT = b"TWrp"
_RECONNECTS = (b"DHnC", b"DH2C")
_MOST_CONTEXTS = 32


@dataclass(frozen=True, slots=True)
class CreateRequest:
    """What a client wants to open, relative to its share."""

    parts: tuple[str, ...]
    open: OpenRequest
    allocation: int
    contexts: frozenset[bytes]


def parse_create(message: Message, token: AccessToken, limit: int) -> CreateRequest:
    """Read a CREATE request.

    Raises:
        Malformed: it is none.
        NtError: a value in it is not allowed, or asks for what a file system without snapshots, extended
            attributes and durable handles does not have.
    """
    body = message.body
    if len(body) < _REQUEST.size:
        raise Malformed("a create that is cut off")
    fields = _REQUEST.unpack_from(body)
    size, _, _, impersonation, _, _, desired, attributes, shared, disposition, options = fields[:11]
    if size != 57:
        raise Malformed("no create")
    if disposition not in iter(Disposition) or shared & ~Share.ALL or impersonation > 3:
        raise NtError(NtStatus.INVALID_PARAMETER)
    name_offset, name_length, contexts_offset, contexts_length = fields[11:]
    contexts = dict(_contexts(window(message.raw, contexts_offset, contexts_length)))
    _refuse_unsupported(contexts)
    return CreateRequest(
        parts=split_relative(text(window(message.raw, name_offset, name_length))),
        open=OpenRequest(
            token=token,
            desired_access=desired,
            share_access=Share(shared),
            disposition=Disposition(disposition),
            options=Option(options & _KNOWN_OPTIONS),
            attributes=attributes,
            security=_security(contexts.get(_SECURITY)),
            limit=limit,
        ),
        allocation=int.from_bytes(contexts.get(_ALLOCATION, b"")[:8], "little"),
        contexts=frozenset(contexts),
    )


_KNOWN_OPTIONS = (
    Option.DIRECTORY
    | Option.NON_DIRECTORY
    | Option.DELETE_ON_CLOSE
    | Option.OPEN_BY_FILE_ID
    | Option.BACKUP_INTENT
)


def _contexts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    position = 0
    for _ in range(_MOST_CONTEXTS if data else 0):
        if position + _CONTEXT.size > len(data):
            raise Malformed("a create context that is cut off")
        after, name_offset, name_length, _, offset, length = _CONTEXT.unpack_from(data, position)
        end = position + after if after else len(data)
        name = data[position + name_offset : position + name_offset + name_length]
        value = data[position + offset : position + offset + length] if length else b""
        if len(name) != name_length or len(value) != length or end > len(data):
            raise Malformed("a create context that is cut off")
        yield name, value
        if not after:
            return
        position = end
    if data:
        raise Malformed("too many create contexts")


def _refuse_unsupported(contexts: dict[bytes, bytes]) -> None:
    if contexts.get(_EXTENDED_ATTRIBUTES):
        raise NtError(NtStatus.EAS_NOT_SUPPORTED)
    if _SNAPSHOT in contexts or any(name in contexts for name in _RECONNECTS):
        raise NtError(NtStatus.OBJECT_NAME_NOT_FOUND)


def _security(data: bytes | None) -> SecurityDescriptor | None:
    if not data:
        return None
    try:
        return SecurityDescriptor.from_bytes(data)
    except InvalidDescriptor as error:
        raise NtError(NtStatus.INVALID_SECURITY_DESCR) from error


def response_contexts(request: CreateRequest, handle: Handle) -> bytes:
    """The answers to those contexts that have one: maximal access and the file's id on its volume."""
    answers: list[tuple[bytes, bytes]] = []
    if _MAXIMAL_ACCESS in request.contexts:
        maximal = SMB2CreateQueryMaximalAccessResponse()
        access = maximum_access(handle.node.security, handle.token) & request.open.limit
        maximal["maximal_access"] = access & rights.FULL_CONTROL
        answers.append((_MAXIMAL_ACCESS, maximal.pack()))
    if _ON_DISK_ID in request.contexts:
        on_disk = SMB2CreateQueryOnDiskIDResponse()
        serial = handle.tree.volumes[handle.node.drive].serial
        on_disk["disk_file_id"] = handle.node.id
        on_disk["volume_id"] = serial
        answers.append((_ON_DISK_ID, on_disk.pack()))
    packed = [_context(name, value) for name, value in answers]
    return b"".join(
        struct.pack("<I", len(each) if number + 1 < len(packed) else 0) + each[4:]
        for number, each in enumerate(packed)
    )


def _context(name: bytes, value: bytes) -> bytes:
    """One context, padded to 8 bytes; the offset of the next one is not set yet."""
    start = -(-(_CONTEXT.size + len(name)) // 8) * 8
    header = _CONTEXT.pack(0, _CONTEXT.size, len(name), 0, start, len(value))
    whole = (header + name).ljust(start, b"\0") + value
    return whole.ljust(-(-len(whole) // 8) * 8, b"\0")
