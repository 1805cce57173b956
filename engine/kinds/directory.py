"""Folders and who may use them (NTFS permissions)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from engine.kinds.accounts import AccountName, account_queries, known_names, resolve
from engine.kinds.contract import Dependency, Difference, Kind, Part, Removal, United
from engine.kinds.paths import LocalEntryPath, ancestors
from engine.kinds.replies import Unreadable, unknown_if_unreadable
from engine.kinds.rights import AppliesTo, Right, canonical, check_scope, describe, folders_only, make_entry
from engine.model.base import State
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers, Missing, Query, ReadSecurity, Security, Unread
from engine.model.resource import Spec
from engine.model.security import AccessEntry, SecurityDescriptor
from engine.model.step import MakeDirectory, RemoveDirectory, SetSecurity, Step


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Permission(Part):
    """One line of a folder's permissions."""

    account: Annotated[AccountName, Field(examples=[r"BCPS\DHS-Staff"])]
    r"""Who: `DOMAIN\name`, `.\name` for an account of the host itself, a SID, or a well-known name such as
    `Everyone`, `SYSTEM`, `CREATOR OWNER` or `BUILTIN\Administrators`, which is understood on a Windows of any
    language."""
    rights: Annotated[
        tuple[Right, ...],
        BeforeValidator(_one_or_more, json_schema_input_type=Right | tuple[Right, ...]),
        Field(min_length=1, examples=["modify"]),
    ]
    """What: `read`, `read_execute`, `list` (read_execute of folders only), `write`, `modify` (read, write,
    delete), `full` (also permissions and ownership), `delete`, `traverse`; one, or a list of them."""
    type: Literal["allow", "deny"] = "allow"
    """Allow it, or deny it whatever else is allowed."""
    applies_to: Annotated[AppliesTo | None, Field(examples=["subfolders and files only"])] = None
    """Where it holds, in the words of Windows' own dialogue. By default `this folder, subfolders and files`;
    for `list` it is `this folder and subfolders`."""

    @model_validator(mode="after")
    def _scope_fits(self) -> Self:
        check_scope(self.rights, self.applies_to)
        return self

    @property
    def scope(self) -> AppliesTo:
        if self.applies_to is not None:
            return self.applies_to
        return (
            "this folder and subfolders" if folders_only(self.rights) else "this folder, subfolders and files"
        )


class Permissions(Part):
    """Who owns a folder and who may use it."""

    owner: Annotated[AccountName | None, Field(examples=[r"BUILTIN\Administrators"])] = None
    """The account that owns the folder; left out, it is not managed."""
    inherit: Annotated[bool | None, Field(examples=[False])] = None
    """Take over the permissions of the folder above as well. Left out, it is not managed."""
    entries: Annotated[tuple[Permission, ...], United()] = ()
    """The folder's own permissions. Those that it inherits are not repeated here."""
    exclusive: bool = False
    """Remove the folder's own permissions of accounts that are not listed. Without it they stay; those of
    listed accounts are always made exactly as listed."""

    @model_validator(mode="after")
    def _not_locked(self) -> Self:
        if self.inherit is False and not self.entries:
            raise ValueError("without entries and without inheritance nobody could open the folder")
        return self


class DirectorySpec(Spec):
    """A folder on a host.

    Its contents are never touched. When it is no longer declared it stays on the host, unmanaged; declared
    absent, it is removed only if it is empty.
    """

    path: Annotated[LocalEntryPath, Field(examples=[r"D:\Shares\Staff"])]
    """The folder's full path on the host. The folders above it are created as needed."""
    permissions: Permissions | None = None
    """Who may use it. Left out, permissions are not managed: a new folder inherits them."""


def _accounts(spec: DirectorySpec) -> tuple[str, ...]:
    if spec.permissions is None:
        return ()
    owner = () if spec.permissions.owner is None else (spec.permissions.owner,)
    return (*owner, *(entry.account for entry in spec.permissions.entries))


def _observe(spec: DirectorySpec) -> tuple[Query, ...]:
    return (ReadSecurity(path=spec.path), *account_queries(_accounts(spec)))


def _security(spec: DirectorySpec, answers: Answers) -> Security | None:
    answer = answers.get(ReadSecurity(path=spec.path))
    match answer:
        case Missing():
            return None
        case Security(is_directory=True):
            return answer
        case Security():
            raise Unreadable("a file stands where the folder should be")
        case Unread(reason=reason):
            raise Unreadable(f"permissions: {reason}")
        case _:
            raise Unreadable("permissions: not answered")


@unknown_if_unreadable
def _parse(spec: DirectorySpec, answers: Answers) -> Observation:
    names = known_names(_accounts(spec), answers)
    security = _security(spec, answers)
    if security is None:
        return Absent()
    descriptor = security.descriptor
    return Present(
        state={
            "owner": _shown(descriptor.owner or "", names),
            "inherit": not descriptor.protected,
            "entries": _lines(descriptor.entries, names),
        }
    )


def _shown(sid: str, names: Mapping[str, str]) -> str:
    return names.get(sid.upper(), sid)


def _lines(entries: Iterable[AccessEntry], names: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(describe(entry, _shown(entry.sid, names)) for entry in canonical(entries))


@unknown_if_unreadable
def _wanted(spec: DirectorySpec, answers: Answers) -> State:
    permissions = spec.permissions
    if permissions is None:
        return {}
    names = known_names(_accounts(spec), answers)
    wanted: State = {}
    if permissions.owner is not None:
        wanted["owner"] = _shown(resolve(permissions.owner, answers).sid, names)
    if permissions.inherit is not None:
        wanted["inherit"] = permissions.inherit
    if permissions.entries or permissions.exclusive:
        wanted["entries"] = _lines(_merged(permissions, _security(spec, answers), answers), names)
    return wanted


def _merged(permissions: Permissions, security: Security | None, answers: Answers) -> tuple[AccessEntry, ...]:
    """The explicit entries that the folder is to have: the declared ones, and those that may stay."""
    declared = [
        make_entry(resolve(entry.account, answers).sid, entry.type, entry.rights, entry.scope)
        for entry in permissions.entries
    ]
    found = canonical(security.descriptor.entries) if security is not None else ()
    if permissions.exclusive:
        found = ()
    elif not permissions.entries:
        return found
    listed = {entry.sid for entry in declared}
    return canonical([*declared, *(entry for entry in found if entry.sid not in listed)])


def _steps(spec: DirectorySpec, difference: Difference) -> tuple[Step, ...]:
    match difference.action:
        case Action.CREATE:
            make = MakeDirectory(path=spec.path)
            return (make, *_set_security(spec, difference)) if difference.wanted else (make,)
        case Action.UPDATE:
            return _set_security(spec, difference)
        case Action.DELETE:
            return (RemoveDirectory(path=spec.path),)
        case _:
            return ()


def _set_security(spec: DirectorySpec, difference: Difference) -> tuple[Step, ...]:
    permissions = spec.permissions or Permissions()
    security = _security(spec, difference.answers)
    inherits = permissions.inherit
    if inherits is None:
        inherits = security is None or not security.descriptor.protected
    owner = None
    if permissions.owner is not None:
        owner = resolve(permissions.owner, difference.answers).sid
    descriptor = SecurityDescriptor(
        owner=owner,
        protected=not inherits,
        entries=_merged(permissions, security, difference.answers),
    )
    return (SetSecurity(path=spec.path, descriptor=descriptor),)


DIRECTORY = Kind(
    name="directory",
    spec=DirectorySpec,
    removal=Removal.FORGET,
    identity=lambda spec: spec.path,
    observe=_observe,
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
    dependencies=lambda spec: tuple(Dependency("directory", path) for path in ancestors(spec.path)),
    remembered=lambda spec: DirectorySpec(path=spec.path),
)
