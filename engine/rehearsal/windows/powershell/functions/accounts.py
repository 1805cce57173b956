"""Resolve-RollcallAccount."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.functions.emulation import custom_object, written
from engine.rehearsal.windows.powershell.records import ErrorCategory, Output, Record

_SID = re.compile(r"S-1-[0-9]+(-[0-9]+)+", re.IGNORECASE)
_MOST = 2**32  # of a sub-authority; a SID has at most fifteen of them (MS-DTYP 2.4.2.1)


def resolve(call: Call) -> Iterator[Record]:
    """SIDs and names of accounts."""
    call.host.journal.read()
    for name in call.bound.texts("Name"):
        yield _resolved(call, name)


def _resolved(call: Call, name: str) -> Record:
    principals = call.host.principals
    if _SID.fullmatch(name):
        if not _is_valid(name):
            return written(
                call,
                "RollcallAccountFailed",
                ErrorCategory.ResourceUnavailable,
                "Value was invalid.\r\nParameter name: sddlForm",
                "System.ArgumentException",
                name,
            )
        sid = name.upper()
    else:
        account = principals.lookup(call.host.name + name[1:] if name.startswith(".\\") else name)
        if account is None:
            return Output(custom_object(Name=name, Mapped=False, Sid="", Account=""))
        sid = account.sid
    known = principals.lookup(sid)
    shown = "" if known is None else known.full_name
    return Output(custom_object(Name=name, Mapped=True, Sid=sid, Account=shown))


def _is_valid(sid: str) -> bool:
    parts = sid.split("-")[3:]
    return len(parts) <= 15 and all(int(part) < _MOST for part in parts)
