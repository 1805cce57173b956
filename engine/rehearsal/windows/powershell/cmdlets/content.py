"""Get-Content, Set-Content, Get-FileHash and Get-Acl over the file system."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from engine.rehearsal.windows.filesystem.opening import Disposition, Option
from engine.rehearsal.windows.ntstatus import NtError
from engine.rehearsal.windows.powershell import errors
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.conversion import text_of
from engine.rehearsal.windows.powershell.items import file_error, found, place
from engine.rehearsal.windows.powershell.locations import Location
from engine.rehearsal.windows.powershell.records import (
    Byte,
    ErrorCategory,
    ErrorRecord,
    Output,
    PsEnum,
    PsObject,
    PsValue,
    Record,
)
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.security import Ace, AceFlag, AceType, rights

_PLACE = """
    Filter String ~
    Include String[] ~
    Exclude String[] ~
    Force Switch
    Credential PSCredential property ~
    UseTransaction Switch =usetx ~
"""
_GET = signature(
    "Get-Content default=Path class=Microsoft.PowerShell.Commands.GetContentCommand",
    """
    Path String[] @0 Path! property
    LiteralPath String[] LiteralPath! =PSPath property
    ReadCount Int64 property ~
    TotalCount Int64 =First =Head property
    Tail Int32 =Last property
    Delimiter String ~
    Wait Switch ~
    Raw Switch
    Encoding FileSystemCmdletProviderEncoding
    Stream String ~
    """
    + _PLACE,
)
_SET = signature(
    "Set-Content default=Path process class=Microsoft.PowerShell.Commands.SetContentCommand",
    """
    Path String[] @0 Path! property
    LiteralPath String[] LiteralPath! =PSPath property
    Value Object[] @1 ! value property null
    PassThru Switch
    NoNewline Switch
    Encoding FileSystemCmdletProviderEncoding
    Stream String ~
    """
    + _PLACE,
)
_HASH = signature(
    "Get-FileHash default=Path",
    """
    Path String[] @0 Path!
    LiteralPath String[] LiteralPath! =PSPath property
    InputStream Stream Stream! ~
    Algorithm String {SHA1,SHA256,SHA384,SHA512,MACTripleDES,MD5,RIPEMD160}
    """,
)
_ACL = signature(
    "Get-Acl default=ByPath class=Microsoft.PowerShell.Commands.GetAclCommand",
    """
    Path String[] @1 ByPath value property
    LiteralPath String[] ByLiteralPath =PSPath value property
    InputObject PSObject ByInputObject! ~
    Audit Switch ~
    AllCentralAccessPolicies Switch ~
    Filter String ~
    Include String[] ~
    Exclude String[] ~
    UseTransaction Switch =usetx ~
    """,
)
# The ANSI code page of Western Windows is what 5.1 means by Default.
_ENCODINGS = {
    "Default": "cp1252",
    "String": "utf-16-le",
    "Unicode": "utf-16-le",
    "BigEndianUnicode": "utf-16-be",
    "UTF8": "utf-8",
    "UTF7": "utf-7",
    "UTF32": "utf-32-le",
    "BigEndianUTF32": "utf-32-be",
    "Ascii": "ascii",
    "Oem": "cp437",
}
_MARKS = {
    "utf-8": b"\xef\xbb\xbf",
    "utf-16-le": b"\xff\xfe",
    "utf-16-be": b"\xfe\xff",
    "utf-32-le": b"\xff\xfe\0\0",
    "utf-32-be": b"\0\0\xfe\xff",
}


def _encoding(call: Call) -> str:
    asked = call.bound.enum("Encoding")
    return "" if asked is None else asked.text


def _decoded(data: bytes, asked: str) -> str:
    """A mark at the start decides; without one it is the encoding that was asked for, or the ANSI one."""
    for codec in ("utf-8", "utf-32-le", "utf-16-le", "utf-16-be"):
        if data.startswith(_MARKS[codec]):
            return data[len(_MARKS[codec]) :].decode(codec, "replace")
    return data.decode(_ENCODINGS.get(asked, "cp1252"), "replace")


def _files(call: Call) -> Iterator[Location | ErrorRecord]:
    for location in found(call):
        if isinstance(location, ErrorRecord) or location.provider == "FileSystem":
            yield location
        else:
            yield errors.not_emulated(call.signature.name, "the registry's content")


def _read(call: Call, location: Location) -> bytes | ErrorRecord:
    try:
        handle = call.host.files.open(
            location.path, call.token, rights.READ_DATA, options=Option.NON_DIRECTORY
        )
        try:
            return handle.read(0, handle.node.size) if handle.node.size else b""
        finally:
            handle.close()
    except NtError as error:
        return file_error(call, error, location, "GetContentReader")


def _get(call: Call) -> Iterator[Record]:
    for location in _files(call):
        data = location if isinstance(location, ErrorRecord) else _read(call, location)
        if isinstance(data, ErrorRecord):
            yield data
        elif _encoding(call) == "Byte":
            yield from _limited(call, [Byte(octet) for octet in data])
        elif call.bound.switch("Raw"):
            yield Output(_decoded(data, _encoding(call)))
        else:
            yield from _limited(call, list(_decoded(data, _encoding(call)).splitlines()))


def _limited(call: Call, items: list[Byte] | list[str]) -> Iterator[Record]:
    first, last = call.bound.number("TotalCount"), call.bound.number("Tail")
    kept = items[:first] if first is not None else items
    kept = kept[max(0, len(kept) - last) :] if last is not None else kept
    yield from (Output(item) for item in kept)


def _encoded(call: Call, values: tuple[PsValue, ...]) -> bytes:
    if _encoding(call) == "Byte":
        whole = b"".join(item for item in values if isinstance(item, bytes))
        return whole or bytes(item & 0xFF for item in values if isinstance(item, int))
    codec = _ENCODINGS.get(_encoding(call), "cp1252")
    ending = "" if call.bound.switch("NoNewline") else "\r\n"
    text = "".join(text_of(value) + ending for value in values)
    return _MARKS.get(codec, b"") + text.encode(codec, "replace")


def _set(call: Call) -> Iterator[Record]:
    data = _encoded(call, call.bound.items("Value"))
    for text in call.bound.texts("LiteralPath") or call.bound.texts("Path"):
        location = place(call, text)
        if location.provider == "Registry":
            yield errors.not_emulated(call.signature.name, "the registry's content")
        elif call.proceeds("Set Content", f"Path: {location.path}"):
            yield from _write(call, location, data)
            if call.bound.switch("PassThru"):
                yield from (Output(value) for value in call.bound.items("Value"))


def _write(call: Call, location: Location, data: bytes) -> Iterator[Record]:
    try:
        handle = call.host.files.open(
            location.path,
            call.token,
            rights.WRITE_DATA,
            disposition=Disposition.OVERWRITE_IF,
            options=Option.NON_DIRECTORY,
        )
        try:
            if data:
                handle.write(0, data)
        finally:
            handle.close()
    except NtError as error:
        yield file_error(call, error, location, "GetContentWriter")


def _hash(call: Call) -> Iterator[Record]:
    algorithm = (call.bound.text("Algorithm") or "SHA256").upper()
    if algorithm in ("MACTRIPLEDES", "RIPEMD160"):
        yield errors.not_emulated(call.signature.name, f"the algorithm {algorithm}")
        return
    for location in _files(call):
        data = location if isinstance(location, ErrorRecord) else _read(call, location)
        if isinstance(data, ErrorRecord):
            yield data
        elif isinstance(location, Location):
            digest = hashlib.new(algorithm.lower(), data, usedforsecurity=False).hexdigest().upper()
            names = ("Microsoft.Powershell.Utility.FileHash", "System.Object")
            yield Output(PsObject(names, {"Algorithm": algorithm, "Hash": digest, "Path": location.path}))


def _acl(call: Call) -> Iterator[Record]:
    for location in _files(call):
        if isinstance(location, ErrorRecord):
            yield location
            continue
        try:
            call.host.files.open(location.path, call.token, rights.READ_CONTROL).close()
        except NtError as error:
            problem = file_error(call, error, location, "")
            yield call.error(
                "Attempted to perform an unauthorized operation.",
                "System.UnauthorizedAccessException",
                ErrorCategory.PermissionDenied,
                location.path,
                exception=problem.exception_type,
            )
            continue
        yield Output(_acl_object(call, location))


def _acl_object(call: Call, location: Location) -> PsObject:
    descriptor = call.host.files.security(location.path)
    node = call.host.files.lookup(location.path)
    folder = node is not None and node.is_directory
    name_of = call.host.principals.name_of
    kind = "System.Security.AccessControl." + ("DirectorySecurity" if folder else "FileSecurity")
    properties: dict[str, PsValue] = {
        "Path": f"Microsoft.PowerShell.Core\\FileSystem::{location.path}",
        "Owner": name_of(descriptor.owner) if descriptor.owner else "",
        "Group": name_of(descriptor.group) if descriptor.group else "",
        "Access": tuple(_rule(call, ace) for ace in descriptor.dacl or ()),
        "Sddl": descriptor.to_sddl(),
        "AreAccessRulesProtected": descriptor.protected,
    }
    return PsObject(
        (kind, "System.Security.AccessControl.FileSystemSecurity", "System.Object"), properties, kind
    )


def _rule(call: Call, ace: Ace) -> PsObject:
    inheritance = int(bool(ace.flags & AceFlag.CONTAINER_INHERIT)) | 2 * int(
        bool(ace.flags & AceFlag.OBJECT_INHERIT)
    )
    propagation = int(bool(ace.flags & AceFlag.NO_PROPAGATE)) | 2 * int(
        bool(ace.flags & AceFlag.INHERIT_ONLY)
    )
    space = "System.Security.AccessControl."
    named = {rights.FULL_CONTROL: "FullControl", rights.MODIFY: "Modify, Synchronize"}
    named[rights.READ_AND_EXECUTE] = "ReadAndExecute, Synchronize"
    allowed = ace.type is AceType.ALLOW
    inheritances = ("None", "ContainerInherit", "ObjectInherit", "ContainerInherit, ObjectInherit")
    propagations = ("None", "NoPropagateInherit", "InheritOnly", "NoPropagateInherit, InheritOnly")
    properties: dict[str, PsValue] = {
        "FileSystemRights": PsEnum(f"{space}FileSystemRights", named.get(ace.mask, str(ace.mask)), ace.mask),
        "AccessControlType": PsEnum(
            f"{space}AccessControlType", "Allow" if allowed else "Deny", 0 if allowed else 1
        ),
        "IdentityReference": call.host.principals.name_of(ace.sid),
        "IsInherited": ace.inherited,
        "InheritanceFlags": PsEnum(f"{space}InheritanceFlags", inheritances[inheritance], inheritance),
        "PropagationFlags": PsEnum(f"{space}PropagationFlags", propagations[propagation], propagation),
    }
    name = f"{space}FileSystemAccessRule"
    return PsObject((name, f"{space}AccessRule", "System.Object"), properties, name)


COMMANDS = (Command(_GET, _get), Command(_SET, _set), Command(_HASH, _hash), Command(_ACL, _acl))
