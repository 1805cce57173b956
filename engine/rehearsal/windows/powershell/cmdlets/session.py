"""Dates and pauses, the commands of a session, and the computer's own groups and users."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

from engine.rehearsal.windows.powershell import enums
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.errors import command_not_found
from engine.rehearsal.windows.powershell.records import (
    ErrorCategory,
    ErrorRecord,
    Output,
    Pause,
    PsObject,
    PsValue,
    Record,
)
from engine.rehearsal.windows.powershell.signature import Signature, signature
from engine.rehearsal.windows.powershell.wildcard import has_wildcard, matches
from engine.rehearsal.windows.principals import Account, AccountKind, LocalGroup

_DATE = signature(
    "Get-Date default=net class=Microsoft.PowerShell.Commands.GetDateCommand",
    """
    Date DateTime @0 =LastWriteTime value property
    Year Int32 ~
    Month Int32 ~
    Day Int32 ~
    Hour Int32 ~
    Minute Int32 ~
    Second Int32 ~
    Millisecond Int32 ~
    DisplayHint DisplayHintType ~
    UFormat String UFormat ~
    Format String net ~
    """,
)
_SLEEP = signature(
    "Start-Sleep default=Seconds class=Microsoft.PowerShell.Commands.StartSleepCommand",
    """
    Seconds Int32 @0 Seconds! value property
    Milliseconds Int32 Milliseconds! property
    """,
)
_GROUP = signature(
    "Get-LocalGroup default=Default class=Microsoft.PowerShell.Commands.GetLocalGroupCommand",
    """
    Name String[] @0 Default value property
    SID SecurityIdentifier[] @0 SecurityIdentifier value property ~
    """,
)
_MEMBER = signature(
    "Get-LocalGroupMember default=Default class=Microsoft.PowerShell.Commands.GetLocalGroupMemberCommand",
    """
    Group LocalGroup @0 Group! value property ~
    Name String @0 Default! value property
    SID SecurityIdentifier @0 SecurityIdentifier! value property ~
    Member String @1
    """,
)
_USER = signature(
    "Get-LocalUser default=Default class=Microsoft.PowerShell.Commands.GetLocalUserCommand",
    """
    Name String[] @0 Default value property
    SID SecurityIdentifier[] @0 SecurityIdentifier value property ~
    """,
)
_COMMAND = signature(
    "Get-Command default=CmdletSet class=Microsoft.PowerShell.Commands.GetCommandCommand",
    """
    Name String[] @0 AllCommandSet value property
    Verb String[] CmdletSet property
    Noun String[] CmdletSet property
    Module String[] =PSSnapin property ~
    FullyQualifiedModule ModuleSpecification[] property ~
    CommandType CommandTypes AllCommandSet =Type property ~
    TotalCount Int32 property ~
    Syntax Switch property ~
    ShowCommandInfo Switch ~
    ArgumentList Object[] @1 =Args ~
    All Switch property
    ListImported Switch property ~
    ParameterName String[] ~
    ParameterType PSTypeName[] ~
    """,
)
_SPACE = "Microsoft.PowerShell.Commands."


def _date(call: Call) -> Iterator[Record]:
    given = call.bound.value("Date")
    yield Output(given if isinstance(given, datetime) else datetime.now(UTC))


def _sleep(call: Call) -> Iterator[Record]:
    milliseconds, seconds = call.bound.number("Milliseconds"), call.bound.number("Seconds")
    yield Pause(milliseconds / 1000 if milliseconds is not None else float(seconds or 0))


def _sid(account: Account) -> PsObject:
    return PsObject(
        ("System.Security.Principal.SecurityIdentifier", "System.Object"),
        {"AccountDomainSid": None, "Value": account.sid},
        account.sid,
    )


def _group_object(group: LocalGroup) -> PsObject:
    properties: dict[str, PsValue] = {
        "Description": "",
        "Name": group.account.name,
        "SID": _sid(group.account),
        "PrincipalSource": enums.by_name("PrincipalSource", "Local"),
        "ObjectClass": "Group",
    }
    return PsObject((_SPACE + "LocalGroup", "System.Object"), properties, group.account.name)


def _missing_group(call: Call, name: str) -> ErrorRecord:
    return call.error(
        f"Group {name} was not found.",
        "GroupNotFound",
        ErrorCategory.ObjectNotFound,
        name,
        exception=_SPACE + "GroupNotFoundException",
    )


def _groups(call: Call) -> Iterator[Record]:
    call.host.journal.read()
    groups = call.host.principals.local_groups()
    for name in call.bound.texts("Name") or ("*",):
        found = [group for group in groups if matches(name, group.account.name)]
        yield from (Output(_group_object(group)) for group in found)
        if not found and not has_wildcard(name):
            yield _missing_group(call, name)


def _members(call: Call) -> Iterator[Record]:
    call.host.journal.read()
    name = call.bound.text("Name") or ""
    wanted = call.bound.text("Member")
    group = next(
        (g for g in call.host.principals.local_groups() if g.account.name.casefold() == name.casefold()), None
    )
    if group is None:
        yield _missing_group(call, name)
        return
    for member in group.members:
        if wanted is None or matches(wanted, member.full_name) or matches(wanted, member.name):
            yield Output(_member_object(call, member))


def _member_object(call: Call, member: Account) -> PsObject:
    own = member.authority in (call.host.name, "") or member.kind is AccountKind.WELL_KNOWN
    user = member.kind is AccountKind.USER
    properties: dict[str, PsValue] = {
        "Name": member.full_name,
        "SID": _sid(member),
        "PrincipalSource": enums.by_name("PrincipalSource", "Local" if own else "ActiveDirectory"),
        "ObjectClass": "User" if user else "Group",
    }
    kind = "LocalUser" if user and own else "LocalPrincipal"
    return PsObject((_SPACE + kind, "System.Object"), properties, member.full_name)


def _users(call: Call) -> Iterator[Record]:
    call.host.journal.read()
    users = call.host.principals.local_users()
    for name in call.bound.texts("Name") or ("*",):
        found = [user for user in users if matches(name, user.name)]
        yield from (Output(_user_object(call, user)) for user in found)
        if not found and not has_wildcard(name):
            yield call.error(
                f"User {name} was not found.",
                "UserNotFound",
                ErrorCategory.ObjectNotFound,
                name,
                exception=_SPACE + "UserNotFoundException",
            )


def _user_object(call: Call, user: Account) -> PsObject:
    credential = call.host.principals.credential(user.full_name)
    built_in = user.sid.rpartition("-")[2] in ("501", "503", "504")
    properties: dict[str, PsValue] = {
        "Description": "",
        "Enabled": not built_in,
        "FullName": "" if credential is None else credential.full_name,
        "PasswordRequired": True,
        "Name": user.name,
        "SID": _sid(user),
        "PrincipalSource": enums.by_name("PrincipalSource", "Local"),
        "ObjectClass": "User",
    }
    return PsObject((_SPACE + "LocalUser", _SPACE + "LocalPrincipal", "System.Object"), properties, user.name)


def _commands(call: Call) -> Iterator[Record]:
    """The emulated commands, and the functions of this session, by name."""
    verbs, nouns = call.bound.texts("Verb") or ("*",), call.bound.texts("Noun") or ("*",)
    for name in call.bound.texts("Name") or ("*",):
        found = [each for each in call.known if matches(name, each.name)]
        for each in sorted(found, key=lambda known: known.name.casefold()):
            verb, _, noun = each.name.partition("-")
            if any(matches(p, verb) for p in verbs) and any(matches(p, noun) for p in nouns):
                yield Output(_command_object(each))
        if not found and not has_wildcard(name):
            record = command_not_found(name)
            ending = call.signature.implementation
            yield replace(
                record,
                error_id=f"{record.error_id},{ending}",
                activity=call.signature.name,
                terminating=False,
            )


def _command_object(known: Signature) -> PsObject:
    kind = "Function" if known.is_function else "Cmdlet"
    properties: dict[str, PsValue] = {
        "Name": known.name,
        "CommandType": enums.by_name("CommandTypes", kind),
        "Verb": known.name.partition("-")[0],
        "Noun": known.name.partition("-")[2],
    }
    space = "System.Management.Automation."
    return PsObject((f"{space}{kind}Info", f"{space}CommandInfo", "System.Object"), properties, known.name)


COMMANDS = (
    Command(_COMMAND, _commands),
    Command(_DATE, _date),
    Command(_SLEEP, _sleep),
    Command(_GROUP, _groups),
    Command(_MEMBER, _members),
    Command(_USER, _users),
)
