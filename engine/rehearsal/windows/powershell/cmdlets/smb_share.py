"""Get-, New-, Set- and Remove-SmbShare (Microsoft's documentation of the SmbShare module)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.powershell import cim, enums
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.records import Output, PsObject, PsValue, Record, UInt32
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.powershell.wildcard import has_wildcard, matches
from engine.rehearsal.windows.shares import (
    CHANGE,
    FULL,
    READ,
    CachingMode,
    FolderEnumerationMode,
    NameTaken,
    Share,
    ShareEntry,
    blocked,
    granted,
)
from engine.rehearsal.windows.well_known import EVERYONE

SHARE = cim.CimClass("ROOT/Microsoft/Windows/SMB", "MSFT_SmbShare", "MSFT_SMBShare")

_SDDL_RIGHTS = {FULL: "FA", CHANGE: "0x1301bf", READ: "0x1200a9"}
_NAME_LENGTH = 80  # MS-SRVS 2.2.4.23, NNLEN

_GET = signature(
    "Get-SmbShare cim",
    """
    Name String[] @1 property
    ScopeName String[] @2 property ~
    Scoped Boolean[] property ~
    Special Boolean[] property
    ContinuouslyAvailable Boolean[] property ~
    ShareState ShareState[] property ~
    FolderEnumerationMode FolderEnumerationMode[] property
    CachingMode CachingMode[] property
    LeasingMode LeasingMode[] property ~
    ConcurrentUserLimit UInt32[] property
    AvailabilityType AvailabilityType[] property ~
    CaTimeout UInt32[] property ~
    EncryptData Boolean[] property
    CompressData Boolean[] property ~
    IncludeHidden Switch
    SmbInstance SmbInstance property
    """,
)
_NEW = signature(
    "New-SmbShare cim process",
    """
    Path String @2 ! property
    Name String @1 ! property
    ScopeName String @3 property ~
    Temporary Switch
    ContinuouslyAvailable Boolean ~
    Description String
    ConcurrentUserLimit UInt32
    CATimeout UInt32 ~
    FolderEnumerationMode FolderEnumerationMode
    CachingMode CachingMode
    FullAccess String[]
    ChangeAccess String[]
    ReadAccess String[]
    NoAccess String[]
    SecurityDescriptor String property ~
    EncryptData Boolean
    CompressData Boolean ~
    LeasingMode LeasingMode ~
    """,
)
_SET = signature(
    "Set-SmbShare cim asks default=Query",
    """
    Name String[] @1 Query! property
    ScopeName String[] @2 Query property ~
    SmbInstance SmbInstance Query property
    InputObject CimInstance[] InputObject! value
    Description String property
    ConcurrentUserLimit UInt32 property
    CATimeout UInt32 property ~
    ContinuouslyAvailable Boolean property ~
    FolderEnumerationMode FolderEnumerationMode property
    CachingMode CachingMode property
    SecurityDescriptor String property ~
    EncryptData Boolean property
    CompressData Boolean property ~
    LeasingMode LeasingMode ~
    Force Switch
    PassThru Switch
    """,
)
_REMOVE = signature(
    "Remove-SmbShare cim asks default=Query",
    """
    Name String[] @1 Query! property
    ScopeName String[] @2 Query property ~
    SmbInstance SmbInstance Query property
    InputObject CimInstance[] InputObject! value
    Force Switch
    PassThru Switch
    """,
)


def share_object(call: Call, share: Share) -> PsObject:
    """A share as Get-SmbShare returns it."""
    properties: dict[str, PsValue] = {
        "PresetPathAcl": None,
        "ShareState": enums.by_name("ShareState", "Online"),
        "AvailabilityType": enums.by_name("AvailabilityType", "NonClustered"),
        "ShareType": enums.by_number("ShareType", share.type),
        "FolderEnumerationMode": enums.by_number("FolderEnumerationMode", share.enumeration),
        "CachingMode": enums.by_number("CachingMode", share.caching),
        "LeasingMode": enums.by_name("LeasingMode", "Full"),
        "QoSFlowScope": None,
        "SmbInstance": enums.by_name("SmbInstance", "Default"),
        "CATimeout": UInt32(0),
        "CompressData": False,
        "ConcurrentUserLimit": UInt32(share.user_limit),
        "ContinuouslyAvailable": False,
        "CurrentUsers": UInt32(0),
        "Description": share.description,
        "EncryptData": share.encrypt,
        "IdentityRemoting": False,
        "Infrastructure": False,
        "Name": share.name,
        "Path": share.path,
        "Scoped": False,
        "ScopeName": "*",
        "SecurityDescriptor": _sddl(share),
        "ShadowCopy": False,
        "Special": share.special,
        "Temporary": share.temporary,
        "Volume": None,
    }
    keys = f'Name = "{share.name}", ScopeName = "*", SmbInstance = 0'
    call.host.journal.read()
    return SHARE.instance(properties, keys)


def _sddl(share: Share) -> str:
    entries = [
        f"({kind};;{_SDDL_RIGHTS.get(entry.mask, hex(entry.mask))};;;{entry.sid})"
        for entry in share.entries
        for kind in ("A" if entry.type == "allow" else "D")
    ]
    return "O:SYG:SYD:" + "".join(entries)


def may_change(call: Call) -> bool:
    """Whether the provider lets this caller change shares."""
    return call.token.is_administrator and Fault.ACCESS_DENIED not in call.host.faults


def find_shares(call: Call, names: tuple[str, ...]) -> Iterator[Share | Record]:
    """The shares of the given names or patterns; an error record for each exact name that is none."""
    for name in names:
        if has_wildcard(name):
            yield from (share for share in call.host.shares.all() if matches(name, share.name))
            continue
        share = call.host.shares.get(name)
        yield cim.not_found(call, SHARE, name) if share is None else share


def targets(call: Call) -> Iterator[Share | Record]:
    """What -Name or -InputObject mean."""
    objects = call.bound.objects("InputObject")
    named = tuple(str(item.prop("Name")) for item in objects)
    yield from find_shares(call, named or call.bound.texts("Name"))


def _get(call: Call) -> Iterator[Record]:
    if not call.token.is_administrator:
        yield cim.access_denied(call, SHARE)
        return
    wanted = (
        find_shares(call, call.bound.texts("Name")) if call.bound.given("Name") else call.host.shares.all()
    )
    for share in wanted:
        if not isinstance(share, Share):
            yield share
        elif _passes(call, share):
            yield Output(share_object(call, share))


def _passes(call: Call, share: Share) -> bool:
    bound = call.bound
    modes = tuple(mode.value for mode in bound.enums("FolderEnumerationMode"))
    caching = tuple(mode.value for mode in bound.enums("CachingMode"))
    checks = (
        not bound.given("Special") or share.special in bound.items("Special"),
        not modes or share.enumeration in modes,
        not caching or share.caching in caching,
        not bound.given("EncryptData") or share.encrypt in bound.items("EncryptData"),
        not bound.given("ConcurrentUserLimit") or share.user_limit in bound.items("ConcurrentUserLimit"),
    )
    return all(checks)


def _new(call: Call) -> Iterator[Record]:
    name, path = call.bound.text("Name") or "", call.bound.text("Path") or ""
    if not call.proceeds("New-Share", name):
        return
    problem = _refusal(call, name, path)
    entries = problem or _entries(call)
    if not isinstance(entries, tuple):
        yield entries
        return
    share = _changed(call, Share(name, path.rstrip("\\") if len(path) > 3 else path, entries))
    try:
        call.host.shares.add(replace(share, temporary=call.bound.switch("Temporary")))
    except NameTaken:
        yield cim.failure(call, SHARE, "The name has already been shared. ", "Windows System Error 2118")
        return
    yield Output(share_object(call, call.host.shares.get(name) or share))


def _refusal(call: Call, name: str, path: str) -> Record | None:
    """Why the share cannot be made, before its access list is looked at."""
    if not may_change(call):
        return cim.access_denied(call, SHARE)
    if len(name) > _NAME_LENGTH or any(character in name for character in '"/\\[]:|<>+=;,?*'):
        return cim.failure(call, SHARE, "The parameter is incorrect. ", "Windows System Error 87")
    if path[1:3] != ":\\" or path.endswith("\\\\"):
        message = "The filename, directory name, or volume label syntax is incorrect. "
        return cim.failure(call, SHARE, message, "Windows System Error 123")
    node = call.host.files.lookup(path)
    if node is None or not node.is_directory:
        return cim.failure(
            call, SHARE, "The system cannot find the path specified. ", "Windows System Error 3"
        )
    return None


def _entries(call: Call) -> tuple[ShareEntry, ...] | Record:
    """The access list that the parameters ask for; Everyone may read where they ask for none."""
    entries: tuple[ShareEntry, ...] = ()
    for parameter, mask in (("FullAccess", FULL), ("ChangeAccess", CHANGE), ("ReadAccess", READ)):
        for name in call.bound.texts(parameter):
            account = call.host.principals.lookup(name)
            if account is None:
                return unknown_account(call)
            entries = granted(entries, account.sid, mask)
    entries = entries or (ShareEntry(EVERYONE, "allow", READ),)
    for name in call.bound.texts("NoAccess"):
        account = call.host.principals.lookup(name)
        if account is None:
            return unknown_account(call)
        entries = blocked(entries, account.sid)
    return entries


def unknown_account(call: Call) -> Record:
    """ERROR_NONE_MAPPED, as the provider words it."""
    message = "No mapping between account names and security IDs was done. "
    return cim.failure(call, SHARE, message, "Windows System Error 1332")


def _changed(call: Call, share: Share) -> Share:
    """The share with the properties that were given."""
    bound = call.bound
    mode, caching = bound.enum("FolderEnumerationMode"), bound.enum("CachingMode")
    limit, encrypt, description = (
        bound.number("ConcurrentUserLimit"),
        bound.boolean("EncryptData"),
        bound.text("Description"),
    )
    return replace(
        share,
        description=share.description if description is None else description,
        enumeration=share.enumeration if mode is None else FolderEnumerationMode(mode.value),
        caching=share.caching if caching is None else CachingMode(caching.value),
        user_limit=share.user_limit if limit is None else limit,
        encrypt=share.encrypt if encrypt is None else encrypt,
    )


def _set(call: Call) -> Iterator[Record]:
    for share in targets(call):
        if not isinstance(share, Share):
            yield share
        elif not may_change(call):
            yield cim.access_denied(call, SHARE)
        elif call.proceeds("Modify", share.name):
            call.host.shares.update(_changed(call, share))
            if call.bound.switch("PassThru"):
                yield Output(share_object(call, call.host.shares.get(share.name) or share))


def _remove(call: Call) -> Iterator[Record]:
    for share in targets(call):
        if not isinstance(share, Share):
            yield share
        elif not may_change(call):
            yield cim.access_denied(call, SHARE)
        elif call.proceeds("Remove-Share", f"*,{share.name}"):
            if share.name.casefold() == "ipc$":
                yield cim.access_denied(call, SHARE)
                continue
            call.host.shares.remove(share.name)
            if call.bound.switch("PassThru"):
                yield Output(share_object(call, share))


COMMANDS = (Command(_GET, _get), Command(_NEW, _new), Command(_SET, _set), Command(_REMOVE, _remove))
