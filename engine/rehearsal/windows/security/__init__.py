"""Security descriptors: their bytes and text, who gets what from them, and their inheritance."""

from __future__ import annotations

from engine.rehearsal.windows.ntstatus import AccessDenied
from engine.rehearsal.windows.security.ace import Ace, AceFlag, AceType, allow, deny
from engine.rehearsal.windows.security.check import Token, access_check
from engine.rehearsal.windows.security.descriptor import InvalidDescriptor, SecurityDescriptor
from engine.rehearsal.windows.security.inheritance import inherit, reinherit
from engine.rehearsal.windows.security.sids import InvalidSid

__all__ = [
    "AccessDenied",
    "Ace",
    "AceFlag",
    "AceType",
    "InvalidDescriptor",
    "InvalidSid",
    "SecurityDescriptor",
    "Token",
    "access_check",
    "allow",
    "deny",
    "inherit",
    "reinherit",
]
