"""Resolve-RollcallAccount."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.functions.emulation import custom_object, thrown
from engine.rehearsal.windows.powershell.records import ErrorCategory, Output, Record

_SID = re.compile(r"S-1-[0-9]+(-[0-9]+)+", re.IGNORECASE)
_MOST = 2**32  # of a sub-authority; a SID has at most fifteen of them (MS-DTYP 2.4.2.1)


def resolve(call: Call) -> Iterator[Record]:
    """SID and name of an account."""
    name = call.bound.text("Name") or ""
    principals = call.host.principals
    call.host.journal.read()
    if _SID.fullmatch(name):
        sid = _valid_sid(call, name)
    else:
        asked = call.host.name + name[1:] if name.startswith(".\\") else name
        account = principals.lookup(asked)
        if account is None:
            yield Output(custom_object(Mapped=False, Sid="", Account=""))
            return
        sid = account.sid
    known = principals.lookup(sid)
    yield Output(custom_object(Mapped=True, Sid=sid, Account="" if known is None else known.full_name))


def _valid_sid(call: Call, text: str) -> str:
    parts = text.upper().split("-")[3:]
    if len(parts) > 15 or any(int(part) >= _MOST for part in parts):
        raise thrown(
            call,
            "RollcallAccountFailed",
            ErrorCategory.ResourceUnavailable,
            "Value was invalid.\r\nParameter name: sddlForm",
            "System.ArgumentException",
            text,
        )
    return text.upper()
