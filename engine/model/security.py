"""Security descriptors as data. Principals are SIDs here; names are resolved on the host that uses them."""

from __future__ import annotations

from typing import Literal

from engine.model.base import Frozen

Mask = int  # ACCESS_MASK with generic rights mapped to specific ones


class AccessEntry(Frozen):
    """One access control entry (ACE)."""

    sid: str
    type: Literal["allow", "deny"]
    mask: Mask
    # Inheritance flags of the ACE.
    object_inherit: bool = False
    container_inherit: bool = False
    no_propagate: bool = False
    inherit_only: bool = False
    inherited: bool = False  # came from the parent folder


class SecurityDescriptor(Frozen):
    """Owner and discretionary ACL. `protected`: entries of the parent folder are not inherited."""

    owner: str | None
    group: str | None = None
    protected: bool
    entries: tuple[AccessEntry, ...]
