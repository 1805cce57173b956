"""What QUERY_INFO tells of files and volumes, class by class (MS-FSCC 2.4, 2.5)."""

from __future__ import annotations

import re
import struct
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from engine.rehearsal.smb.state import OpenFile
from engine.rehearsal.windows.filesystem import NtError, NtStatus, Volume
from engine.rehearsal.windows.filesystem.node import CLUSTER, Node
from engine.rehearsal.windows.security import rights

_SHORT = re.compile(r"[A-Z0-9_~!@#$%^&()\-{}']{1,8}(?:\.[A-Z0-9_~!@#$%^&()\-{}']{1,3})?")
_SECTOR = 512
_UNITS = CLUSTER // _SECTOR  # sectors of a cluster


@dataclass(frozen=True, slots=True)
class Answer:
    """Bytes of one class. `least`: below this many the client's buffer is refused; a longer answer is cut
    off with STATUS_BUFFER_OVERFLOW."""

    data: bytes
    least: int


def _fixed(data: bytes) -> Answer:
    return Answer(data, len(data))


def _basic_bytes(node: Node) -> bytes:
    times = node.times
    moments = (times.created, times.accessed, times.written, times.changed)
    return struct.pack("<QQQQII", *moments, int(node.visible_attributes), 0)


def _standard_bytes(node: Node) -> bytes:
    size = 0 if node.is_directory else node.size
    links = 0 if node.delete_pending else 1
    return struct.pack("<QQIBBH", node.allocation, size, links, node.delete_pending, node.is_directory, 0)


def _name_bytes(node: Node) -> bytes:
    """The path on the volume, with a leading separator."""
    return node.path[2:].encode("utf-16-le", "surrogatepass")


def _basic(opened: OpenFile) -> Answer:
    opened.handle.require(rights.READ_ATTRIBUTES)
    return _fixed(_basic_bytes(opened.handle.node))


def _standard(opened: OpenFile) -> Answer:
    return _fixed(_standard_bytes(opened.handle.node))


def _internal(opened: OpenFile) -> Answer:
    return _fixed(struct.pack("<Q", opened.handle.node.id))


def _ea(_: OpenFile) -> Answer:
    return _fixed(bytes(4))


def _access(opened: OpenFile) -> Answer:
    return _fixed(struct.pack("<I", opened.handle.granted))


def _position(opened: OpenFile) -> Answer:
    return _fixed(struct.pack("<Q", opened.position))


def _mode(opened: OpenFile) -> Answer:
    return _fixed(struct.pack("<I", opened.mode))


def _alignment(_: OpenFile) -> Answer:
    return _fixed(bytes(4))


def _all(opened: OpenFile) -> Answer:
    opened.handle.require(rights.READ_ATTRIBUTES)
    node = opened.handle.node
    name = _name_bytes(node)
    rest = struct.pack(
        "<QIIQIII", node.id, 0, opened.handle.granted, opened.position, opened.mode, 0, len(name)
    )
    fixed = _basic_bytes(node) + _standard_bytes(node) + rest
    return Answer(fixed + name, len(fixed))


def _short_name(opened: OpenFile) -> Answer:
    """A name that is short by itself. No others are made up, as on a volume with 8.3 names switched off."""
    name = opened.handle.node.name.upper()
    if not _SHORT.fullmatch(name):
        raise NtError(NtStatus.OBJECT_NAME_NOT_FOUND)
    data = name.encode("utf-16-le")
    return Answer(struct.pack("<I", len(data)) + data, 4)


def _streams(opened: OpenFile) -> Answer:
    node = opened.handle.node
    if node.is_directory:
        return Answer(b"", 0)
    name = "::$DATA".encode("utf-16-le")
    return Answer(struct.pack("<IIQQ", 0, len(name), node.size, node.allocation) + name, 24)


def _compression(opened: OpenFile) -> Answer:
    return _fixed(struct.pack("<QHBBB3s", opened.handle.node.size, 0, 0, 0, 0, b""))


def _network_open(opened: OpenFile) -> Answer:
    opened.handle.require(rights.READ_ATTRIBUTES)
    node = opened.handle.node
    times = node.times
    moments = (times.created, times.accessed, times.written, times.changed)
    size = 0 if node.is_directory else node.size
    return _fixed(struct.pack("<QQQQQQII", *moments, node.allocation, size, int(node.visible_attributes), 0))


def _attribute_tag(opened: OpenFile) -> Answer:
    opened.handle.require(rights.READ_ATTRIBUTES)
    return _fixed(struct.pack("<II", int(opened.handle.node.visible_attributes), 0))


def _normalized_name(opened: OpenFile) -> Answer:
    name = _name_bytes(opened.handle.node)[2:]
    return Answer(struct.pack("<I", len(name)) + name, 4)


def _id(opened: OpenFile) -> Answer:
    node = opened.handle.node
    serial = opened.handle.tree.volumes[node.drive].serial
    return _fixed(struct.pack("<QQQ", serial, node.id, 0))


FILE_CLASSES: Mapping[int, Callable[[OpenFile], Answer]] = MappingProxyType(
    {
        4: _basic,
        5: _standard,
        6: _internal,
        7: _ea,
        8: _access,
        14: _position,
        16: _mode,
        17: _alignment,
        18: _all,
        21: _short_name,
        22: _streams,
        28: _compression,
        34: _network_open,
        35: _attribute_tag,
        48: _normalized_name,
        59: _id,
    }
)


def _clusters(volume: Volume) -> tuple[int, int]:
    return volume.spec.size // CLUSTER, volume.free // CLUSTER


def _volume(volume: Volume) -> Answer:
    label = volume.spec.label.encode("utf-16-le")
    fixed = struct.pack("<QIIBB", volume.root.times.created, volume.serial, len(label), 1, 0)
    return Answer(fixed + label, len(fixed))


def _size(volume: Volume) -> Answer:
    return _fixed(struct.pack("<QQII", *_clusters(volume), _UNITS, _SECTOR))


def _device(_: Volume) -> Answer:
    file_device_disk, mounted = 7, 0x20
    return _fixed(struct.pack("<II", file_device_disk, mounted))


def _attributes(_: Volume) -> Answer:
    # Case sensitive search, preserved names, Unicode, persistent ACLs (MS-FSCC 2.5.1); no named streams.
    name = "NTFS".encode("utf-16-le")
    fixed = struct.pack("<III", 0x0000000F, 255, len(name))
    return Answer(fixed + name, len(fixed))


def _full_size(volume: Volume) -> Answer:
    total, free = _clusters(volume)
    return _fixed(struct.pack("<QQQII", total, free, free, _UNITS, _SECTOR))


def _object_id(volume: Volume) -> Answer:
    return _fixed(struct.pack("<QQ48s", volume.serial, volume.spec.size, b""))


def _sector_size(_: Volume) -> Answer:
    aligned, trim = 0x03, 0
    return _fixed(struct.pack("<IIIIIII", _SECTOR, CLUSTER, CLUSTER, CLUSTER, aligned, trim, 0))


VOLUME_CLASSES: Mapping[int, Callable[[Volume], Answer]] = MappingProxyType(
    {1: _volume, 3: _size, 4: _device, 5: _attributes, 7: _full_size, 8: _object_id, 11: _sector_size}
)
