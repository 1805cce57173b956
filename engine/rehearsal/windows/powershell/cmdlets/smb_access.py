"""Get-, Grant-, Revoke-, Block- and Unblock-SmbShareAccess (Microsoft's documentation of the module)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from engine.rehearsal.windows.powershell import cim, enums
from engine.rehearsal.windows.powershell.cmdlets.smb_share import (
    SHARE,
    may_change,
    targets,
    unknown_account,
)
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.records import Output, PsObject, Record
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.shares import CHANGE, FULL, READ, Share, ShareEntry, blocked, granted, without

_ENTRY = cim.CimClass(
    "ROOT/Microsoft/Windows/SMB", "MSFT_SmbShareAccessControlEntry", "MSFT_SMBShareAccessControlEntry"
)
_MASKS = {"Full": FULL, "Change": CHANGE, "Read": READ}
_NAMES = {mask: name for name, mask in _MASKS.items()}

_SHARE_PARAMETERS = """
    Name String[] @1 Query! property
    ScopeName String[] @2 Query property ~
    SmbInstance SmbInstance Query property
    InputObject CimInstance[] InputObject! value
"""
_CHANGE_PARAMETERS = (
    _SHARE_PARAMETERS
    + """
    AccountName String[]
    Force Switch
"""
)
_GET = signature("Get-SmbShareAccess cim process default=Query", _SHARE_PARAMETERS)
_GRANT = signature(
    "Grant-SmbShareAccess cim asks default=Query", _CHANGE_PARAMETERS + "AccessRight ShareAccessRight"
)
_REVOKE = signature("Revoke-SmbShareAccess cim asks default=Query", _CHANGE_PARAMETERS)
_BLOCK = signature("Block-SmbShareAccess cim asks default=Query", _CHANGE_PARAMETERS)
_UNBLOCK = signature("Unblock-SmbShareAccess cim asks default=Query", _CHANGE_PARAMETERS)

_Edit = Callable[[tuple[ShareEntry, ...], str], tuple[ShareEntry, ...]]


def _entry_object(call: Call, share: Share, entry: ShareEntry) -> PsObject:
    right = _NAMES.get(entry.mask, "Custom")
    control = "Allow" if entry.type == "allow" else "Deny"
    known = call.host.principals.lookup(entry.sid)
    return _ENTRY.instance(
        {
            "AccessControlType": enums.by_name("ShareAccessControlType", control),
            "AccessRight": enums.by_name("ShareAccessRight", right),
            "AccountName": f"*{entry.sid}" if known is None else known.full_name,
            "Name": share.name,
            "ScopeName": "*",
        },
        "",
    )


def _list(call: Call, share: Share) -> Iterator[Record]:
    call.host.journal.read()
    for entry in share.entries:
        yield Output(_entry_object(call, share, entry))


def _get(call: Call) -> Iterator[Record]:
    for share in targets(call):
        if not isinstance(share, Share):
            yield share
        elif not call.token.is_administrator:
            yield cim.access_denied(call, SHARE)
        else:
            yield from _list(call, share)


def _edit(call: Call, edit: _Edit) -> Iterator[Record]:
    for share in targets(call):
        if not isinstance(share, Share):
            yield share
        elif not may_change(call):
            yield cim.access_denied(call, SHARE)
        elif call.proceeds("Modify", f"*,{share.name}"):
            yield from _edit_one(call, share, edit)


def _edit_one(call: Call, share: Share, edit: _Edit) -> Iterator[Record]:
    """Change the whole access list at once; an account that is unknown leaves it as it was."""
    entries = share.entries
    for name in call.bound.texts("AccountName"):
        account = call.host.principals.lookup(name)
        if account is None and not name.startswith("*S-1-"):
            yield unknown_account(call)
            return
        entries = edit(entries, name[1:] if account is None else account.sid)
    changed = replace(share, entries=entries)
    call.host.shares.update(changed)
    yield from _list(call, changed)


def _grant(call: Call) -> Iterator[Record]:
    right = call.bound.enum("AccessRight")
    mask = _MASKS.get(right.text if right is not None else "Read")
    if mask is None:
        yield cim.failure(call, SHARE, "The parameter is incorrect. ", "Windows System Error 87")
        return
    yield from _edit(call, lambda entries, sid: granted(entries, sid, mask))


def _revoke(call: Call) -> Iterator[Record]:
    yield from _edit(call, lambda entries, sid: without(entries, sid, "allow"))


def _block(call: Call) -> Iterator[Record]:
    yield from _edit(call, blocked)


def _unblock(call: Call) -> Iterator[Record]:
    yield from _edit(call, lambda entries, sid: without(entries, sid, "deny"))


COMMANDS = (
    Command(_GET, _get),
    Command(_GRANT, _grant),
    Command(_REVOKE, _revoke),
    Command(_BLOCK, _block),
    Command(_UNBLOCK, _unblock),
)
