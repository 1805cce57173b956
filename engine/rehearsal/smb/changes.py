"""SET_INFO: times, names, sizes, deletion and security descriptors (MS-SMB2 3.3.5.21, MS-FSCC 2.4)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType

from smbprotocol.open import SMB2SetInfoRequest, SMB2SetInfoResponse

from engine.rehearsal.smb.exchange import Exchange, Reply, reply
from engine.rehearsal.smb.queries import FILE, KNOWN_PARTS, SECURITY, VOLUME
from engine.rehearsal.smb.state import OpenFile
from engine.rehearsal.smb.trees import access_limit
from engine.rehearsal.smb.wire import decode, text, window
from engine.rehearsal.windows.filesystem import NewTimes, NtError, NtStatus, Part
from engine.rehearsal.windows.filesystem.names import split_relative
from engine.rehearsal.windows.filesystem.renaming import rename
from engine.rehearsal.windows.security import AccessDenied, InvalidDescriptor
from engine.rehearsal.windows.security.descriptor import requested_descriptor

_BASIC = struct.Struct("<QQQQII")
_RENAME = struct.Struct("<B7xQI")

Setter = Callable[[Exchange, OpenFile, bytes], None]


def set_info(exchange: Exchange) -> Reply:
    """Change something about an open file."""
    request = decode(SMB2SetInfoRequest, exchange.message.body)
    offset, length = request["buffer_offset"].get_value(), request["buffer_length"].get_value()
    data = window(exchange.message.raw, offset, length)
    opened = exchange.file(request["file_id"].get_value())
    kind = request["info_type"].get_value()
    if kind == SECURITY:
        _set_security(opened, Part(request["additional_information"].get_value() & KNOWN_PARTS), data)
    elif kind == FILE:
        setter = _SETTERS.get(request["file_info_class"].get_value())
        if setter is None:
            raise NtError(NtStatus.INVALID_INFO_CLASS)
        setter(exchange, opened, data)
    else:
        raise AccessDenied if kind == VOLUME else NtError(NtStatus.NOT_SUPPORTED)
    return reply(SMB2SetInfoResponse())


def _unpack(layout: struct.Struct, data: bytes) -> tuple[int, ...]:
    if len(data) < layout.size:
        raise NtError(NtStatus.INFO_LENGTH_MISMATCH)
    return layout.unpack_from(data)


def _number(data: bytes, size: int) -> int:
    if len(data) < size:
        raise NtError(NtStatus.INFO_LENGTH_MISMATCH)
    return int.from_bytes(data[:size], "little")


def _set_basic(_: Exchange, opened: OpenFile, data: bytes) -> None:
    created, accessed, written, changed, attributes, _reserved = _unpack(_BASIC, data)
    opened.handle.set_basic(NewTimes(created, accessed, written, changed), attributes)


def _rename(exchange: Exchange, opened: OpenFile, data: bytes) -> None:
    replace, root_directory, length = _unpack(_RENAME, data)
    name = data[_RENAME.size : _RENAME.size + length]
    root = exchange.tree.root
    if root_directory or root is None or not length or len(name) != length:
        raise NtError(NtStatus.INVALID_PARAMETER)
    # Names are relative to the share; some clients put a separator in front.
    parts = split_relative(text(name).removeprefix("\\"))
    rename(opened.handle, root, parts, bool(replace), access_limit(exchange))


def _set_disposition(_: Exchange, opened: OpenFile, data: bytes) -> None:
    opened.handle.set_disposition(bool(_number(data, 1)))


def _set_position(_: Exchange, opened: OpenFile, data: bytes) -> None:
    opened.position = _number(data, 8)


def _set_mode(_: Exchange, opened: OpenFile, data: bytes) -> None:
    opened.mode = _number(data, 4)


def _set_allocation(_: Exchange, opened: OpenFile, data: bytes) -> None:
    opened.handle.set_allocation(_number(data, 8))


def _set_end_of_file(_: Exchange, opened: OpenFile, data: bytes) -> None:
    opened.handle.set_end_of_file(_number(data, 8))


def _refuse_attributes(_: Exchange, _opened: OpenFile, _data: bytes) -> None:
    raise NtError(NtStatus.EAS_NOT_SUPPORTED)


_SETTERS: Mapping[int, Setter] = MappingProxyType(
    {
        4: _set_basic,
        10: _rename,
        13: _set_disposition,
        14: _set_position,
        15: _refuse_attributes,
        16: _set_mode,
        19: _set_allocation,
        20: _set_end_of_file,
    }
)


def _set_security(opened: OpenFile, parts: Part, data: bytes) -> None:
    """Set parts of the descriptor of this object alone: what is below inherits anew only when the client
    walks through it, as SetNamedSecurityInfo does (Microsoft's documentation of SetFileSecurity)."""
    try:
        descriptor = requested_descriptor(data)
    except InvalidDescriptor as error:
        raise NtError(NtStatus.INVALID_SECURITY_DESCR) from error
    opened.handle.set_security(parts, descriptor)
