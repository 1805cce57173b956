"""Get-RollcallFileVersion."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pefile

from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.functions.emulation import custom_object, written
from engine.rehearsal.windows.powershell.records import ErrorCategory, Output, Record

_READ_DATA = 0x1


@dataclass(frozen=True, slots=True)
class _Versions:
    file: str = ""
    product: str = ""


def get(call: Call) -> Iterator[Record]:
    """The version resources of program files."""
    call.host.journal.read()
    for path in call.bound.texts("Path"):
        yield _read(call, path)


def _read(call: Call, path: str) -> Record:
    node = call.host.files.lookup(path)
    if node is None or node.is_directory:
        return Output(custom_object(Path=path, Exists=False, FileVersion="", ProductVersion=""))
    try:
        call.host.files.open(path, call.token, _READ_DATA).close()
        found = _versions(call.host.files.read_file(path))
    except NtError as error:
        return _refusal(call, error, path)
    return Output(custom_object(Path=path, Exists=True, FileVersion=found.file, ProductVersion=found.product))


def _versions(data: bytes) -> _Versions:
    """From VS_FIXEDFILEINFO, where the string table names a version at all, as FileVersionInfo does."""
    try:
        image = pefile.PE(data=data)
    except pefile.PEFormatError:
        return _Versions()
    if not getattr(image, "VS_FIXEDFILEINFO", None):
        return _Versions()
    named = _string_names(image)
    numbers = image.VS_FIXEDFILEINFO[0]
    return _Versions(
        _dotted(numbers.FileVersionMS, numbers.FileVersionLS) if b"FileVersion" in named else "",
        _dotted(numbers.ProductVersionMS, numbers.ProductVersionLS) if b"ProductVersion" in named else "",
    )


def _string_names(image: pefile.PE) -> frozenset[bytes]:
    blocks = [entry for block in getattr(image, "FileInfo", []) for entry in block]
    tables = [table for entry in blocks for table in getattr(entry, "StringTable", [])]
    return frozenset(name for table in tables for name in table.entries)


def _dotted(high: int, low: int) -> str:
    return f"{high >> 16}.{high & 0xFFFF}.{low >> 16}.{low & 0xFFFF}"


def _refusal(call: Call, error: NtError, path: str) -> Record:
    if error.status == NtStatus.ACCESS_DENIED:
        return written(
            call,
            "RollcallFileAccessDenied",
            ErrorCategory.PermissionDenied,
            f"Access to the path '{path}' is denied.",
            "System.UnauthorizedAccessException",
            path,
        )
    return written(
        call,
        "RollcallFileFailed",
        ErrorCategory.ReadError,
        f"The process cannot access the file '{path}' because it is being used by another process.",
        "System.IO.IOException",
        path,
    )
