"""SMB shares: published folders of a server."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.kinds.accounts import AccountName, account_key
from engine.kinds.contract import Part
from engine.kinds.paths import LocalPath, check_component
from engine.model.resource import Spec

# Windows makes these by itself: drives, remote administration, inter-process communication, printer drivers.
_ADMINISTRATIVE = re.compile(r"([a-z]|admin|ipc|print|fax)\$", re.IGNORECASE)
_NAME_LIMIT = 80  # MS-SRVS 2.2.4.23: NNLEN


def _share_name(name: str) -> str:
    check_component(name)
    if bad := re.search(r"[\[\]+=;,`%]", name):
        raise ValueError(f"{bad.group()!r} cannot stand in the name of a share: {name!r}")
    if len(name) > _NAME_LIMIT:
        raise ValueError(f"a share's name has at most {_NAME_LIMIT} characters")
    if _ADMINISTRATIVE.fullmatch(name):
        raise ValueError(f"{name} is an administrative share that Windows manages itself")
    return name


class ShareAccess(Part):
    """Who may do what over the network, before the folder's own permissions are looked at.

    It is complete: entries for other accounts that the host has are removed.
    """

    full: Annotated[tuple[AccountName, ...], Field(examples=[[r"BCPS\DHS-Admins"]])] = ()
    """Accounts that may do everything, also change permissions."""
    change: Annotated[tuple[AccountName, ...], Field(examples=[[r"BCPS\DHS-Staff"]])] = ()
    """Accounts that may read, write and delete."""
    read: Annotated[tuple[AccountName, ...], Field(examples=[["Everyone"]])] = ()
    """Accounts that may only read."""
    deny: Annotated[tuple[AccountName, ...], Field(examples=[[r"BCPS\DHS-Students"]])] = ()
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
    path: Annotated[LocalPath, Field(examples=[r"D:\Shares\Staff"])]
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
