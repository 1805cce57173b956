"""QUERY_INFO: files, volumes and security descriptors (MS-SMB2 3.3.5.20)."""

from __future__ import annotations

import struct

from smbprotocol.open import SMB2QueryInfoRequest, SMB2QueryInfoResponse

from engine.rehearsal.smb.exchange import Exchange, Reply, reply
from engine.rehearsal.smb.information import FILE_CLASSES, VOLUME_CLASSES, Answer
from engine.rehearsal.smb.negotiation import MAXIMUM_TRANSFER
from engine.rehearsal.smb.replies import error_reply
from engine.rehearsal.smb.state import OpenFile
from engine.rehearsal.smb.wire import decode
from engine.rehearsal.windows.filesystem import NtError, NtStatus, Part

FILE, VOLUME, SECURITY = 1, 2, 3  # MS-SMB2 2.2.37 InfoType
KNOWN_PARTS = Part.OWNER | Part.GROUP | Part.DACL


def query_info(exchange: Exchange) -> Reply:
    """Answer a question about an open file."""
    request = decode(SMB2QueryInfoRequest, exchange.message.body)
    room = request["output_buffer_length"].get_value()
    if room > MAXIMUM_TRANSFER:
        raise NtError(NtStatus.INVALID_PARAMETER)
    opened = exchange.file(request["file_id"].get_value())
    kind = request["info_type"].get_value()
    if kind == SECURITY:
        parts = Part(request["additional_information"].get_value() & KNOWN_PARTS)
        return _security(exchange, opened, parts, room)
    answer = _answer(opened, kind, request["file_info_class"].get_value())
    opened.handle.tree.was_read()
    if room < answer.least:
        raise NtError(NtStatus.INFO_LENGTH_MISMATCH)
    fits = len(answer.data) <= room
    status = NtStatus.SUCCESS if fits else NtStatus.BUFFER_OVERFLOW
    return _reply(answer.data[:room], status)


def _answer(opened: OpenFile, kind: int, number: int) -> Answer:
    if kind == FILE and number in FILE_CLASSES:
        return FILE_CLASSES[number](opened)
    if kind == VOLUME and number in VOLUME_CLASSES:
        handle = opened.handle
        return VOLUME_CLASSES[number](handle.tree.volumes[handle.node.drive])
    raise NtError(NtStatus.INVALID_INFO_CLASS if kind in (FILE, VOLUME) else NtStatus.NOT_SUPPORTED)


def _security(exchange: Exchange, opened: OpenFile, parts: Part, room: int) -> Reply:
    data = opened.handle.security(parts).to_bytes()
    if len(data) > room:
        # The answer says how many bytes it takes (MS-SMB2 3.3.5.20.3).
        agreement = exchange.connection.agreement
        return error_reply(NtStatus.BUFFER_TOO_SMALL, agreement, struct.pack("<I", len(data)))
    return _reply(data, NtStatus.SUCCESS)


def _reply(data: bytes, status: NtStatus) -> Reply:
    response = SMB2QueryInfoResponse()
    response["buffer"] = data
    return reply(response, status)
