"""The lease: the right to change a host, which ends with the process that holds it.

It is a lock file, opened without sharing and deleted on close. When the controller dies its kernel closes
the connection, and the server closes and deletes the file. Nobody can read a file that is open like this,
so who holds it since when stands in a second file beside it; without a lock that file means nothing. Both are
in a folder that only administrators may enter: others could hold the lock and write what they like.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

from smbprotocol.exceptions import SMBException, SMBResponseException
from smbprotocol.open import CreateDisposition, CreateOptions, Open
from smbprotocol.open import FilePipePrinterAccessMask as Access

from engine.model.errors import AccessDenied, LeaseHeld
from engine.transport.classify import boundary
from engine.transport.ntstatus import Status
from engine.transport.smb import info
from engine.transport.smb.connection import FILE, SHARE_NONE, SmbConnection
from engine.transport.smb.files import remove_file
from engine.transport.smb.own_folder import ROOT, make_directory
from engine.transport.smb.transfer import chunks
from engine.transport.target import Credential, Target
from engine.transport.words import one_line

LOCK = ROOT.child("lease.lock")
NOTE = ROOT.child("lease.json")

_HELD = frozenset({Status.SHARING_VIOLATION, Status.DELETE_PENDING})
_NOT_ALLOWED = (
    "Rollcall's account may not change this computer (access denied to its folder there); "
    "the account must be one of the computer's administrators"
)
_ATTEMPTS = 4  # a holder that has just died is noticed within milliseconds
_PAUSE = 0.15  # seconds
_LONGEST_NOTE = 4096  # bytes
_LONGEST_HOLDER, _LONGEST_MACHINE = 200, 80  # characters; both fit into a note, however they are written


class SmbLease:
    """Held from `take` until `release`, on a connection of its own: cutting a stuck file copy keeps it."""

    def __init__(self, target: Target, connection: SmbConnection, handle: Open) -> None:
        self._target = target
        self._connection = connection
        self._handle: Open | None = handle

    def touch(self) -> None:
        """Ask the server about the open lock file.

        Raises:
            HostError: the answer did not come, or the handle is no longer valid: the lease is lost.
        """
        watchdog = self._connection.watchdog
        with (
            boundary(self._target.host, "keep the lease", watchdog),
            watchdog.limit(self._target.timeouts.read),
        ):
            if self._handle is None:
                raise SMBException("the lease was given back")
            info.query_standard(self._handle)

    def release(self) -> None:
        """Remove note and lock; never raises. The server does the latter if this cannot."""
        handle, self._handle = self._handle, None
        if handle is None:
            return
        with suppress(Exception), self._connection.watchdog.limit(self._target.timeouts.connect):
            remove_file(self._connection, NOTE)
            handle.close()
        self._connection.drop()


def take(target: Target, credential: Callable[[], Credential], holder: str) -> SmbLease:
    """Take the host's lease for `holder`, a text that tells people who applies.

    Raises:
        LeaseHeld: another controller has it; the cause says who, on which machine, and since when.
        AccessDenied: the account is not an administrator of the host.
        HostError: the host cannot be reached or refuses.
    """
    connection = SmbConnection(target, credential)
    try:
        with (
            boundary(target.host, "take the lease", connection.watchdog),
            connection.watchdog.limit(target.timeouts.step),
        ):
            make_directory(connection, ROOT)
            handle = _lock(connection)
            if handle is None:
                raise LeaseHeld(target.host, "take the lease", _who(connection))
            _leave_note(connection, holder)
    except AccessDenied:
        connection.drop()
        raise AccessDenied(target.host, "take the lease", _NOT_ALLOWED) from None
    except BaseException:
        connection.drop()
        raise
    return SmbLease(target, connection, handle)


def _lock(connection: SmbConnection) -> Open | None:
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(_PAUSE)
        try:
            return connection.open(
                LOCK,
                Access.DELETE | Access.FILE_READ_DATA | Access.FILE_READ_ATTRIBUTES | Access.SYNCHRONIZE,
                disposition=CreateDisposition.FILE_OPEN_IF,
                options=FILE | CreateOptions.FILE_DELETE_ON_CLOSE,
                share=SHARE_NONE,
            )
        except SMBResponseException as error:
            if error.status not in _HELD:
                raise
    return None


def _leave_note(connection: SmbConnection, holder: str) -> None:
    note = {
        "holder": one_line(holder, _LONGEST_HOLDER),
        "machine": one_line(socket.gethostname(), _LONGEST_MACHINE),
        "pid": os.getpid(),
        "since": datetime.now(UTC).isoformat(timespec="seconds"),
    }
    access = Access.FILE_WRITE_DATA | Access.FILE_WRITE_ATTRIBUTES | Access.SYNCHRONIZE
    with connection.opened(
        NOTE, access, disposition=CreateDisposition.FILE_OVERWRITE_IF, options=FILE
    ) as handle:
        handle.write(json.dumps(note).encode(), 0)


def _who(connection: SmbConnection) -> str:
    try:
        access = Access.FILE_READ_DATA | Access.FILE_READ_ATTRIBUTES | Access.SYNCHRONIZE
        with connection.opened(NOTE, access, options=FILE) as handle:
            text = next(chunks(handle, min(_LONGEST_NOTE, connection.largest_read)), b"")
        who = _words(json.loads(text))
    # One that is nested too deeply, or of a year that no calendar has, is no note either.
    except (SMBResponseException, ValueError, KeyError, RecursionError, OverflowError):
        return "another apply is running, which left no note"
    return one_line(f"another apply is running: {who}")


def _words(note: object) -> str:
    if not isinstance(note, dict):
        raise ValueError("not a note")
    holder, machine, since, pid = (note[name] for name in ("holder", "machine", "since", "pid"))
    if not all(isinstance(text, str) for text in (holder, machine, since)) or not isinstance(pid, int):
        raise ValueError("not a note")
    return f"{holder} on {machine}, process {pid}, since {_minute(since)}"


def _minute(since: str) -> str:
    """The time of day in UTC, with the day if it is not today's."""
    then = datetime.fromisoformat(since).astimezone(UTC)
    form = "%H:%M UTC" if then.date() == datetime.now(UTC).date() else "%Y-%m-%d %H:%M UTC"
    return then.strftime(form)
