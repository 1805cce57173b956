"""Answers that say no (MS-SMB2 2.2.2)."""

from __future__ import annotations

import struct

from engine.rehearsal.smb.crypto import Dialect
from engine.rehearsal.smb.exchange import Reply
from engine.rehearsal.smb.negotiation import Agreement
from engine.rehearsal.windows.ntstatus import NtStatus

_ERROR = struct.Struct("<HBBI")


def error_reply(status: NtStatus, agreement: Agreement | None = None, data: bytes = b"") -> Reply:
    """An ERROR response; in 3.1.1 its data stand in an error context."""
    contexts = 0
    if data and agreement is not None and agreement.algorithms.dialect is Dialect.SMB_3_1_1:
        contexts = 1
        data = struct.pack("<II", len(data), 0) + data
    return Reply(_ERROR.pack(9, contexts, 0, len(data)) + (data or b"\0"), status)
