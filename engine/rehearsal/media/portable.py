"""Builds a small Windows program file (PE32+): version resource, and what it does when it is run.

A real installer's effect cannot be read from its file. These say it in a resource of type `REHEARSAL`,
so that the rehearsal acts on the file that arrived and on nothing else.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

from engine.rehearsal.media.spec import Installer

_VERSION, _RESOURCE_NAME = 16, "REHEARSAL"
_FILE_ALIGNMENT, _SECTION_ALIGNMENT = 0x200, 0x1000
_STAMP = 0x68A00000  # fixed, so that equal input gives equal bytes


@dataclass(frozen=True, slots=True)
class _Section:
    name: bytes
    address: int
    content: bytes
    characteristics: int

    @property
    def raw_size(self) -> int:
        return _aligned(len(self.content), _FILE_ALIGNMENT)


def build_program(product: Installer) -> bytes:
    """The bytes of a program whose entry point returns at once, with its two resources."""
    code = _Section(b".text", _SECTION_ALIGNMENT, b"\x31\xc0\xc3", 0x60000020)  # xor eax, eax; ret
    address = 2 * _SECTION_ALIGNMENT
    resources = _Section(b".rsrc", address, _resources(product, address), 0x40000040)
    image_size = address + _aligned(len(resources.content), _SECTION_ALIGNMENT)
    dos = struct.pack("<2s58xI", b"MZ", 64)
    coff = struct.pack("<4sHHIIIHH", b"PE\0\0", 0x8664, 2, _STAMP, 0, 0, 240, 0x0022)
    optional = struct.pack(
        "<HBBIIIIIQIIHHHHHHIIIIHHQQQQII",
        0x20B,
        14,
        0,
        code.raw_size,
        resources.raw_size,
        0,
        code.address,
        code.address,
        0x140000000,
        _SECTION_ALIGNMENT,
        _FILE_ALIGNMENT,
        6,
        0,
        0,
        0,
        6,
        0,
        0,
        image_size,
        _FILE_ALIGNMENT,
        0,
        2,
        0x8160,
        0x100000,
        0x1000,
        0x100000,
        0x1000,
        0,
        16,
    )
    directories = [(0, 0)] * 16
    directories[2] = (resources.address, len(resources.content))
    tables = b"".join(struct.pack("<II", *directory) for directory in directories)
    headers, bodies, offset = dos + coff + optional + tables, b"", _FILE_ALIGNMENT
    for section in (code, resources):
        headers += struct.pack(
            "<8sIIIIIIHHI",
            section.name,
            len(section.content),
            section.address,
            section.raw_size,
            offset,
            0,
            0,
            0,
            0,
            section.characteristics,
        )
        bodies += section.content.ljust(section.raw_size, b"\0")
        offset += section.raw_size
    return headers.ljust(_FILE_ALIGNMENT, b"\0") + bodies


def _resources(product: Installer, address: int) -> bytes:
    """A resource directory with one named type (what it does) and one numbered (its version)."""
    behaviour = product.behaviour.encode()
    version = _version_info(product)
    # Three levels (type, name, language), one entry each, then the data entries, the name, the data.
    level = 16 + 8
    names_at = 16 + 2 * 8
    languages_at = names_at + 2 * level
    entries_at = languages_at + 2 * level
    label_at = entries_at + 2 * 16
    label = struct.pack("<H", len(_RESOURCE_NAME)) + _RESOURCE_NAME.encode("utf-16-le")
    data_at = _aligned(label_at + len(label), 8)
    blobs = (behaviour, version)
    root = struct.pack("<IIHHHH", 0, 0, 0, 0, 1, 1)
    root += struct.pack("<II", 0x80000000 | label_at, 0x80000000 | names_at)
    root += struct.pack("<II", _VERSION, 0x80000000 | names_at + level)
    names = b"".join(
        struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, 1, 0x80000000 | languages_at + i * level) for i in (0, 1)
    )
    languages = b"".join(
        struct.pack("<IIHHHHII", 0, 0, 0, 0, 0, 1, 0x409, entries_at + i * 16) for i in (0, 1)
    )
    entries, data, offset = b"", b"", data_at
    for blob in blobs:
        entries += struct.pack("<IIII", address + offset, len(blob), 0, 0)
        padded = blob.ljust(_aligned(len(blob), 8), b"\0")
        data += padded
        offset += len(padded)
    tree = root + names + languages + entries + label
    return tree.ljust(data_at, b"\0") + data


def _version_info(product: Installer) -> bytes:
    """A VS_VERSIONINFO resource (Microsoft's documentation of VS_VERSIONINFO and its children)."""
    parts = [int(part) for part in product.version.split(".")] + [0, 0, 0, 0]
    high, low = parts[0] << 16 | parts[1], parts[2] << 16 | parts[3]
    fixed = struct.pack("<13I", 0xFEEF04BD, 0x10000, high, low, high, low, 0x3F, 0, 0x40004, 1, 0, 0, 0)
    strings = {
        "CompanyName": product.publisher,
        "FileDescription": f"{product.title} Setup",
        "FileVersion": product.version,
        "ProductName": product.title,
        "ProductVersion": product.version,
        "OriginalFilename": product.file,
    }
    table = _block(
        "040904B0", b"", b"".join(_padded(_text_block(key, text)) for key, text in strings.items())
    )
    translation = _block("Translation", struct.pack("<HH", 0x409, 1200), b"")
    children = _padded(_block("StringFileInfo", b"", table)) + _block("VarFileInfo", b"", translation)
    return _block("VS_VERSION_INFO", fixed, children)


def _text_block(key: str, text: str) -> bytes:
    value = (text + "\0").encode("utf-16-le")
    return _node(key, value, b"", len(value) // 2, is_text=True)


def _block(key: str, value: bytes, children: bytes) -> bytes:
    return _node(key, value, children, len(value), is_text=not value)


def _node(key: str, value: bytes, children: bytes, value_length: int, *, is_text: bool) -> bytes:
    head = _padded(b"\0" * 6 + (key + "\0").encode("utf-16-le"))
    body = head + (_padded(value) if children else value) + children
    return struct.pack("<HHH", len(body), value_length, int(is_text)) + body[6:]


def _padded(content: bytes) -> bytes:
    return content.ljust(_aligned(len(content), 4), b"\0")


def _aligned(size: int, unit: int) -> int:
    return -(-size // unit) * unit
