"""Folders and who may use them (NTFS permissions)."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from engine.kinds.accounts import AccountName
from engine.kinds.contract import Part
from engine.kinds.paths import LocalEntryPath
from engine.kinds.rights import AppliesTo, Right, check_scope, folders_only
from engine.model.resource import Spec


def _one_or_more(value: object) -> object:
    return (value,) if isinstance(value, str) else value


class Permission(Part):
    """One line of a folder's permissions."""

    account: Annotated[AccountName, Field(examples=[r"BCPS\DHS-Staff"])]
    r"""Who: `DOMAIN\name`, `.\name` for an account of the host itself, a SID, or a well-known name such as
    `Everyone`, `SYSTEM`, `CREATOR OWNER` or `BUILTIN\Administrators`, which is understood on a Windows of any
    language."""
    rights: Annotated[
        tuple[Right, ...], BeforeValidator(_one_or_more), Field(min_length=1, examples=["modify"])
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
    entries: tuple[Permission, ...] = ()
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
