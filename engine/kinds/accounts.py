r"""Accounts: as people write them, as the host that uses them knows them, and as SIDs.

Names of built-in accounts differ with the language of Windows, and the same account can be written in
several ways. So every account is resolved on the host in the same read: SIDs are compared, and the host's
own names are shown and sent.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator

from engine.kinds.replies import Unreadable, flag, single, text
from engine.model.command import Statement
from engine.model.query import Answers, Ask
from engine.model.words import quoted

# Microsoft, "Well-known SIDs". Their English names are understood on a Windows of any language.
WELL_KNOWN = {
    "Everyone": "S-1-1-0",
    "CREATOR OWNER": "S-1-3-0",
    "CREATOR GROUP": "S-1-3-1",
    "OWNER RIGHTS": "S-1-3-4",
    r"NT AUTHORITY\NETWORK": "S-1-5-2",
    r"NT AUTHORITY\INTERACTIVE": "S-1-5-4",
    r"NT AUTHORITY\ANONYMOUS LOGON": "S-1-5-7",
    r"NT AUTHORITY\Authenticated Users": "S-1-5-11",
    r"NT AUTHORITY\SYSTEM": "S-1-5-18",
    r"NT AUTHORITY\LOCAL SERVICE": "S-1-5-19",
    r"NT AUTHORITY\NETWORK SERVICE": "S-1-5-20",
    r"BUILTIN\Administrators": "S-1-5-32-544",
    r"BUILTIN\Users": "S-1-5-32-545",
    r"BUILTIN\Guests": "S-1-5-32-546",
    r"BUILTIN\Power Users": "S-1-5-32-547",
    r"BUILTIN\Print Operators": "S-1-5-32-550",
    r"BUILTIN\Backup Operators": "S-1-5-32-551",
    r"BUILTIN\Remote Desktop Users": "S-1-5-32-555",
    r"NT SERVICE\TrustedInstaller": "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464",
}
_BY_NAME = {name.casefold(): sid for name, sid in WELL_KNOWN.items()}
_BY_NAME |= {name.rpartition("\\")[2].casefold(): sid for name, sid in WELL_KNOWN.items()}
_SID = re.compile(r"S-1-\d+(-\d+)+", re.IGNORECASE)
_FORBIDDEN = re.compile(r'["/\[\]:;|=,+*?<>\x00-\x1f]')  # Microsoft, "sAMAccountName", and wildcards


def _account(written: str) -> str:
    r"""Check an account as written: `DOMAIN\name`, `.\name`, `name@domain`, a SID or a well-known name."""
    if _SID.fullmatch(written):
        return written.upper()
    if written.casefold() in _BY_NAME:
        return written
    if bad := _FORBIDDEN.search(written):
        raise ValueError(f"{quoted(bad.group())} cannot stand in the name of an account: {quoted(written)}")
    domain, backslash, name = written.partition("\\")
    if backslash and domain.strip() and name.strip() and "\\" not in name:
        return written
    user, at, realm = written.partition("@")
    if not backslash and at and user.strip() and realm.strip():
        return written
    raise ValueError(
        f"write the account with its domain (DOMAIN\\name), with .\\ for an account of the host itself, "
        f"or as a SID: {quoted(written)}"
    )


AccountName = Annotated[str, AfterValidator(_account)]


@dataclass(frozen=True, slots=True)
class Account:
    """An account as one host knows it."""

    sid: str
    name: str  # '' where the SID has no name on this host

    @property
    def shown(self) -> str:
        return self.name or self.sid


def account_key(written: str) -> str:
    """The same for spellings that are plainly one account; others may still turn out to be one."""
    return _BY_NAME.get(written.casefold(), written).casefold()


def account_query(written: str) -> Ask:
    """The question that resolves an account on the host."""
    asked = _BY_NAME.get(written.casefold(), written)
    return Ask(
        statement=Statement.of("Resolve-RollcallAccount", {"Name": asked}),
        properties=("Name", "Mapped", "Sid", "Account"),
        together="Name",
    )


def account_queries(written: Iterable[str]) -> tuple[Ask, ...]:
    """Each question once, in the order in which the accounts are first named."""
    return tuple(dict.fromkeys(account_query(name) for name in written))


def resolve(written: str, answers: Answers) -> Account:
    """The account as the host knows it.

    Raises:
        Unreadable: the host does not know it, or could not say.
    """
    account = _ask(written, answers)
    if account is None:
        raise Unreadable(f"the host knows no account {quoted(written)}")
    return account


def known_names(written: Iterable[str], answers: Answers) -> dict[str, str]:
    """SID to name: the host's own for these accounts, the English one for other well-known ones.

    Accounts that the host does not know are left out.

    Raises:
        Unreadable: the host could not say.
    """
    names = {sid: name for name, sid in WELL_KNOWN.items()}
    for each in written:
        account = _ask(each, answers)
        if account is not None and account.name:
            names[account.sid] = account.name
    return names


def _ask(written: str, answers: Answers) -> Account | None:
    found = single(answers, account_query(written))
    if not flag(found, "Mapped"):
        return None
    sid = text(found, "Sid").upper()
    if not _SID.fullmatch(sid):
        raise Unreadable(f"not a SID for account {quoted(written)}: {quoted(sid[:200])}")
    return Account(sid=sid, name=text(found, "Account"))
