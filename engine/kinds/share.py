"""SMB shares: published folders of a server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.kinds.accounts import AccountName, account_key, account_queries, known_names, resolve
from engine.kinds.contract import (
    Dependency,
    Derived,
    Difference,
    Essential,
    Impossible,
    Kind,
    Part,
    Removal,
    United,
    essential,
)
from engine.kinds.directory import DirectorySpec
from engine.kinds.paths import (
    LocalPath,
    ancestors,
    is_drive_root,
    normal_path,
    same_name,
    spelled_like,
)
from engine.kinds.replies import (
    Unreadable,
    flag,
    number,
    objects,
    single_or_absent,
    text,
    unknown_if_unreadable,
    word,
)
from engine.model.base import FieldValue, State
from engine.model.command import Argument, Statement
from engine.model.names import check_component
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers, Ask, PsObject, Query
from engine.model.resource import Spec
from engine.model.step import Invoke, Step
from engine.model.words import quoted

# Windows makes these by itself: drives, remote administration, inter-process communication, printer drivers.
_ADMINISTRATIVE = re.compile(r"([a-z]|admin|ipc|print|fax)\$", re.IGNORECASE)
_NAME_LIMIT = 80  # MS-SRVS 2.2.4.23: NNLEN


def _share_name(name: str) -> str:
    check_component(name)
    if bad := re.search(r"[\[\]+=;,`%]", name):
        raise ValueError(f"{quoted(bad.group())} cannot stand in the name of a share: {quoted(name)}")
    if len(name) > _NAME_LIMIT:
        raise ValueError(f"a share's name has at most {_NAME_LIMIT} characters")
    if _ADMINISTRATIVE.fullmatch(name):
        raise ValueError(f"{name} is an administrative share that Windows manages itself")
    return name


class ShareAccess(Part):
    """Who may do what over the network, before the folder's own permissions are looked at.

    It is complete: entries for other accounts that the host has are removed.
    """

    full: Annotated[tuple[AccountName, ...], Field(examples=[[r"BCPS\DHS-Admins"]]), United()] = ()
    """Accounts that may do everything, also change permissions."""
    change: Annotated[tuple[AccountName, ...], Field(examples=[[r"BCPS\DHS-Staff"]]), United()] = ()
    """Accounts that may read, write and delete."""
    read: Annotated[tuple[AccountName, ...], Field(examples=[["Everyone"]]), United()] = ()
    """Accounts that may only read."""
    deny: Annotated[tuple[AccountName, ...], Field(examples=[[r"BCPS\DHS-Students"]]), United()] = ()
    """Accounts that may do nothing, whatever else is allowed to them."""

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        allowed = (*self.full, *self.change, *self.read)
        if not allowed:
            raise ValueError("name at least one account under full, change or read")
        for names in (allowed, self.deny):
            keys = [account_key(name) for name in names]
            if twice := next((name for name in names if keys.count(account_key(name)) > 1), None):
                raise ValueError(f"{twice} is named more than once")
        return self


class ShareSpec(Spec):
    """A folder of the server that people reach over the network.

    Fields that are left out are not managed: a new share gets Windows' default (Everyone may read, manual
    caching, no encryption), and an existing one keeps what it has. Removing a share never removes its folder.
    """

    name: Annotated[str, AfterValidator(_share_name), Field(examples=["Staff"])]
    """The share's name; with `$` at its end it is hidden from browsing."""
    path: Annotated[LocalPath | None, Essential(), Field(examples=[r"D:\Shares\Staff"])] = None
    """The folder that is shared. It is created where it does not exist. Another folder means a new share."""
    description: Annotated[str | None, Field(max_length=255, examples=["Shared documents of the staff"])] = (
        None
    )
    """A comment that people see while browsing, of at most 255 characters."""
    access: ShareAccess | None = None
    """Who may use the share."""
    caching: Annotated[
        Literal["manual", "documents", "programs", "branchcache", "none"] | None, Field(examples=["none"])
    ] = None
    """What computers keep for offline use: `manual` what people choose, `documents` all that they open,
    `programs` the same with programs run from the copy, `branchcache` for a branch office, or `none`."""
    access_based_enumeration: Annotated[bool | None, Field(examples=[True])] = None
    """Show people only the files and folders that they may open."""
    encrypt: Annotated[bool | None, Field(examples=[True])] = None
    """Refuse clients that cannot encrypt (older than SMB 3.0)."""
    user_limit: Annotated[int | None, Field(ge=0, le=0xFFFFFFFE, examples=[20])] = None
    """How many users may be connected at the same time; 0 is no limit."""


_NOT_FOUND = ("CmdletizationQuery_NotFound_Name", "CmdletizationQuery_NotFound")
# Enums of the SmbShare module (Microsoft, "MSFT_SMBShare class", "MSFT_SmbShareAccessControlEntry class").
_CACHING = {0: "none", 1: "manual", 2: "documents", 3: "programs", 4: "branchcache", 5: "unknown"}
_ENUMERATION = {0: "AccessBased", 1: "Unrestricted"}
_CONTROL = {0: "Allow", 1: "Deny"}
_RIGHT = {0: "full", 1: "change", 2: "read", 3: "custom"}
_SHARE_PROPERTIES = (
    *("Path", "Description", "CachingMode", "FolderEnumerationMode", "EncryptData", "ConcurrentUserLimit"),
    "Special",
)
_PARAMETERS = {"full": "FullAccess", "change": "ChangeAccess", "read": "ReadAccess", "deny": "NoAccess"}


def _share_query(spec: ShareSpec) -> Ask:
    return Ask(
        statement=Statement.of("Get-SmbShare", {"Name": spec.name}),
        properties=("Name", *_SHARE_PROPERTIES),
        together="Name",
    )


def _access_query(spec: ShareSpec) -> Ask:
    return Ask(
        statement=Statement.of("Get-SmbShareAccess", {"Name": spec.name}),
        properties=("Name", "AccountName", "AccessControlType", "AccessRight"),
        together="Name",
    )


def _declared(spec: ShareSpec) -> tuple[tuple[str, str], ...]:
    """Pairs of what is granted (`full`, `change`, `read`, `deny`) and the account as written."""
    access = spec.access
    if access is None:
        return ()
    lists = {"full": access.full, "change": access.change, "read": access.read, "deny": access.deny}
    return tuple((granted, account) for granted, accounts in lists.items() for account in accounts)


def _observe(spec: ShareSpec) -> tuple[Query, ...]:
    accounts = account_queries(account for _, account in _declared(spec))
    return (_share_query(spec), _access_query(spec), *accounts)


@unknown_if_unreadable
def _parse(spec: ShareSpec, answers: Answers) -> Observation:
    names = known_names((account for _, account in _declared(spec)), answers)
    share = single_or_absent(answers, _share_query(spec), _NOT_FOUND)
    entries = objects(answers, _access_query(spec), _NOT_FOUND)
    if share is None and entries is None:
        return Absent()
    if share is None or entries is None:
        raise Unreadable("the share came or went while it was read")
    if flag(share, "Special"):
        raise Unreadable("an administrative share that Windows manages itself")
    return Present(
        state={
            "path": _observed_path(text(share, "Path")),
            "description": text(share, "Description"),
            "caching": word(share, "CachingMode", _CACHING),
            "access_based_enumeration": word(share, "FolderEnumerationMode", _ENUMERATION) == "AccessBased",
            "encrypt": flag(share, "EncryptData"),
            "user_limit": number(share, "ConcurrentUserLimit"),
            "access": _lines(_observed_entry(entry, names) for entry in entries),
        }
    )


def _observed_path(path: str) -> str:
    try:
        return normal_path(path)
    except ValueError:
        return path  # a device or volume path that no manifest can name: simply another path


def _lines(entries: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """One line per account and right: `change BCPS\\DHS-Staff`."""
    return tuple(sorted({f"{granted} {account}" for granted, account in entries}, key=str.casefold))


def _entries(lines: FieldValue) -> tuple[tuple[str, str], ...]:
    pairs = (
        (line.partition(" ") for line in lines if isinstance(line, str)) if isinstance(lines, tuple) else ()
    )
    return tuple((granted, account) for granted, _, account in pairs)


def _observed_entry(entry: PsObject, names: Mapping[str, str]) -> tuple[str, str]:
    right = word(entry, "AccessRight", _RIGHT)
    if word(entry, "AccessControlType", _CONTROL) == "Deny":
        right = "deny" if right == "full" else f"deny-{right}"
    account = text(entry, "AccountName")
    if not account:
        raise Unreadable("an access entry without account")
    by_sid = names.get(account.removeprefix("*").upper())  # an account that the host shows by its SID
    known = by_sid or next((name for name in names.values() if same_name(name, account)), account)
    return right, known


@unknown_if_unreadable
def _wanted(spec: ShareSpec, answers: Answers) -> State:
    share = single_or_absent(answers, _share_query(spec), _NOT_FOUND)
    path = essential(spec.path, "path")
    wanted: State = {
        "path": path if share is None else spelled_like(path, _observed_path(text(share, "Path")))
    }
    optional: State = {
        "description": spec.description,
        "caching": spec.caching,
        "access_based_enumeration": spec.access_based_enumeration,
        "encrypt": spec.encrypt,
        "user_limit": spec.user_limit,
    }
    wanted |= {field: value for field, value in optional.items() if value is not None}
    if spec.access is not None:
        wanted["access"] = _lines(_wanted_entries(spec, answers))
    return wanted


def _wanted_entries(spec: ShareSpec, answers: Answers) -> tuple[tuple[str, str], ...]:
    found: dict[tuple[str, bool], tuple[str, str]] = {}
    for granted, written in _declared(spec):
        account = resolve(written, answers)
        if not account.name:
            raise Unreadable(f"{written} has no name on this host, which access to a share needs")
        key = (account.sid, granted == "deny")
        if key in found:
            raise Unreadable(f"{written} is {account.name}, which the access list names already")
        found[key] = (granted, account.name)
    return tuple(found.values())


def _steps(spec: ShareSpec, difference: Difference) -> tuple[Step, ...]:
    remove = Statement.of("Remove-SmbShare", {"Name": spec.name, "Force": True})
    match difference:
        case Difference(action=Action.DELETE):
            statements: tuple[Statement, ...] = (remove,)
        case Difference(action=Action.CREATE):
            statements = (_new(spec, difference.wanted),)
        case Difference(action=Action.REPLACE, observed=Present(state=state)):
            statements = (remove, _new(spec, {**state, **difference.wanted}))
        case Difference(action=Action.UPDATE, observed=Present(state=state)):
            wanted = {field: difference.wanted[field] for field in sorted(difference.changed)}
            statements = (*_settings(spec, wanted), *_access(spec, state, wanted))
        case _:
            statements = ()
    return (Invoke(statements=statements),) if statements else ()


def _setting_parameters(wanted: State) -> dict[str, Argument]:
    """The parameters that `New-SmbShare` and `Set-SmbShare` share."""
    parameters: dict[str, Argument] = {}
    for field, value in wanted.items():
        match field, value:
            case "description", str(text_):
                parameters["Description"] = text_
            case "caching", str(mode):
                parameters["CachingMode"] = _caching_word(mode)
            case "access_based_enumeration", bool(hidden):
                parameters["FolderEnumerationMode"] = "AccessBased" if hidden else "Unrestricted"
            case "encrypt", bool(encrypted):
                parameters["EncryptData"] = encrypted
            case "user_limit", int(limit):
                parameters["ConcurrentUserLimit"] = limit
            case _:  # path and access travel otherwise
                pass
    return parameters


def _caching_word(mode: str) -> str:
    words = {"none": "None", "manual": "Manual", "documents": "Documents", "programs": "Programs"}
    return {**words, "branchcache": "BranchCache"}.get(mode, "Manual")


def _new(spec: ShareSpec, wanted: State) -> Statement:
    access: dict[str, Argument] = {}
    for granted, account in _entries(wanted.get("access")):
        if granted not in _PARAMETERS:
            raise Impossible(
                f"the share has to be made anew, and its access entry for {account} ({granted}) cannot be; "
                "declare the share's access"
            )
        before = access.get(_PARAMETERS[granted])
        access[_PARAMETERS[granted]] = (*(before if isinstance(before, tuple) else ()), account)
    place: dict[str, Argument] = {"Name": spec.name, "Path": essential(spec.path, "path")}
    return Statement.of("New-SmbShare", {**place, **_setting_parameters(wanted), **access})


def _settings(spec: ShareSpec, wanted: State) -> tuple[Statement, ...]:
    parameters = _setting_parameters(wanted)
    if not parameters:
        return ()
    return (Statement.of("Set-SmbShare", {"Name": spec.name, **parameters, "Force": True}),)


def _access(spec: ShareSpec, observed: State, wanted: State) -> tuple[Statement, ...]:
    """Denials first and their ends last, so that nobody has more access in between than before or after."""
    if "access" not in wanted:
        return ()
    old, new = set(_entries(observed.get("access"))), set(_entries(wanted["access"]))
    revoked = sorted({account for granted, account in old - new if not granted.startswith("deny")})
    unblocked = sorted({account for granted, account in old - new if granted.startswith("deny")})
    blocked = sorted(account for granted, account in new - old if granted == "deny")
    kept = {(granted, account) for granted, account in old & new if account not in revoked}
    granted_now = sorted((account, granted) for granted, account in new - kept if granted != "deny")

    def change(command: str, account: str, **more: Argument) -> Statement:
        return Statement.of(command, {"Name": spec.name, "AccountName": account, **more, "Force": True})

    return (
        *(change("Unblock-SmbShareAccess", account) for account in unblocked if account in blocked),
        *(change("Block-SmbShareAccess", account) for account in blocked),
        *(change("Revoke-SmbShareAccess", account) for account in revoked),
        *(
            change("Grant-SmbShareAccess", account, AccessRight=granted.capitalize())
            for account, granted in granted_now
        ),
        *(change("Unblock-SmbShareAccess", account) for account in unblocked if account not in blocked),
    )


def _remembered(spec: ShareSpec) -> ShareSpec:
    return ShareSpec(name=spec.name, path=spec.path)


def _dependencies(spec: ShareSpec) -> tuple[Dependency, ...]:
    if spec.path is None or is_drive_root(spec.path):
        return ()
    return tuple(Dependency("directory", path) for path in (spec.path, *ancestors(spec.path)))


def _derived(spec: ShareSpec) -> tuple[Derived, ...]:
    if spec.path is None or is_drive_root(spec.path):
        return ()
    return (Derived("directory", DirectorySpec(path=spec.path)),)


SHARE = Kind(
    name="share",
    spec=ShareSpec,
    removal=Removal.DELETE,
    identity=lambda spec: spec.name,
    observe=_observe,
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
    replaces=lambda _spec, fields: "path" in fields,
    dependencies=_dependencies,
    derived=_derived,
    remembered=_remembered,
)
