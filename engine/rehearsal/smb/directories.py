"""QUERY_DIRECTORY: walking through a folder (MS-SMB2 3.3.5.18, MS-FSCC 2.4)."""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from types import MappingProxyType

from smbprotocol.open import SMB2QueryDirectoryRequest, SMB2QueryDirectoryResponse

from engine.rehearsal.smb.exchange import Exchange, Reply, reply
from engine.rehearsal.smb.negotiation import MAXIMUM_TRANSFER
from engine.rehearsal.smb.wire import decode, text, window
from engine.rehearsal.windows.filesystem import NtError, NtStatus
from engine.rehearsal.windows.filesystem.listing import Entry, Listing

_RESTART, _SINGLE, _REOPEN = 0x01, 0x02, 0x10

# The entry without its name: offset of the next one and index come first. Times are FILETIMEs, which
# smbprotocol's structures would round.
_COMMON = struct.Struct("<IIQQQQQQII")
_NAMES = struct.Struct("<III")

Packer = Callable[[Entry, bytes], bytes]


def _common(entry: Entry, name: bytes) -> bytes:
    node = entry.node
    times = node.times
    size = 0 if node.is_directory else node.size
    return _COMMON.pack(
        0,
        0,
        times.created,
        times.accessed,
        times.written,
        times.changed,
        size,
        node.allocation,
        int(node.visible_attributes),
        len(name),
    )


def _directory(entry: Entry, name: bytes) -> bytes:
    return _common(entry, name) + name


def _full(entry: Entry, name: bytes) -> bytes:
    return _common(entry, name) + struct.pack("<I", 0) + name


def _both(entry: Entry, name: bytes) -> bytes:
    # There are no 8.3 names, as on a volume where they are switched off.
    return _common(entry, name) + struct.pack("<IBB24s", 0, 0, 0, b"") + name


def _id_both(entry: Entry, name: bytes) -> bytes:
    return _common(entry, name) + struct.pack("<IBB24sHQ", 0, 0, 0, b"", 0, entry.node.id) + name


def _id_full(entry: Entry, name: bytes) -> bytes:
    return _common(entry, name) + struct.pack("<IIQ", 0, 0, entry.node.id) + name


def _names(_: Entry, name: bytes) -> bytes:
    return _NAMES.pack(0, 0, len(name)) + name


_PACKERS: Mapping[int, Packer] = MappingProxyType(
    {1: _directory, 2: _full, 3: _both, 12: _names, 37: _id_both, 38: _id_full}
)


def query_directory(exchange: Exchange) -> Reply:
    """The next entries of a folder, as many as fit.

    Raises:
        NtError: STATUS_NO_SUCH_FILE where the pattern takes in nothing, STATUS_NO_MORE_FILES at the end.
    """
    request = decode(SMB2QueryDirectoryRequest, exchange.message.body)
    packer = _PACKERS.get(request["file_information_class"].get_value())
    if packer is None:
        raise NtError(NtStatus.INVALID_INFO_CLASS)
    room = request["output_buffer_length"].get_value()
    if room > MAXIMUM_TRANSFER:
        raise NtError(NtStatus.INVALID_PARAMETER)
    offset, length = request["file_name_offset"].get_value(), request["file_name_length"].get_value()
    pattern = text(window(exchange.message.raw, offset, length))
    flags = request["flags"].get_value()
    listing = exchange.file(request["file_id"].get_value()).listing
    if flags & _REOPEN or flags & _RESTART or not listing.started:
        listing.start(pattern)
    response = SMB2QueryDirectoryResponse()
    response["buffer"] = _fill(listing, packer, room, single=bool(flags & _SINGLE))
    return reply(response)


def _fill(listing: Listing, packer: Packer, room: int, *, single: bool) -> bytes:
    if listing.peek() is None:
        raise NtError(NtStatus.NO_MORE_FILES)
    packed: list[bytes] = []
    used = 0
    while (entry := listing.peek()) is not None and not (single and packed):
        data = packer(entry, entry.name.encode("utf-16-le", "surrogatepass"))
        start = -(-used // 8) * 8
        if start + len(data) > room:
            break
        if packed:
            packed[-1] = _followed(packed[-1])
        packed.append(data)
        used = start + len(data)
        listing.advance()
    if not packed:
        raise NtError(NtStatus.INFO_LENGTH_MISMATCH)
    return b"".join(packed)


def _followed(entry: bytes) -> bytes:
    """The entry padded to 8 bytes, with the offset of the next one."""
    length = -(-len(entry) // 8) * 8
    return struct.pack("<I", length) + entry[4:].ljust(length - 4, b"\0")
