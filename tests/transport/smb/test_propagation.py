"""Passing permissions on: an interrupted run is seen and can be repeated, and nobody slips through."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from smbprotocol.exceptions import SMBResponseException
from smbprotocol.header import SMB2HeaderResponse
from smbprotocol.open import Open

from engine.model.errors import DeadlineExceeded, HostUnreachable, StepFailed
from engine.model.security import AccessEntry, SecurityDescriptor
from engine.model.step import MakeDirectory, RemoveFile, SetSecurity
from engine.transport.ntstatus import Status
from engine.transport.smb import info, permissions
from engine.transport.smb.connection import SmbConnection
from engine.transport.smb.paths import HostPath
from engine.transport.smb.session import SmbSession
from engine.transport.target import Timeouts
from tests.support.smb_contract import ServedHost, put, security

ADMINISTRATORS, USERS = "S-1-5-32-544", "S-1-5-32-545"
FOLDERS, FILES = (r"\a", r"\a\b", r"\c"), (r"\a\b\deep.txt", r"\a\x.txt", r"\c\y.txt")
_real = info.set_security


def _entry(sid: str) -> AccessEntry:
    return AccessEntry(sid=sid, type="allow", mask=0x1F01FF, object_inherit=True, container_inherit=True)


def _only(*sids: str) -> SecurityDescriptor:
    entries = tuple(_entry(sid) for sid in sids)
    return SecurityDescriptor(owner=ADMINISTRATORS, protected=True, entries=entries)


OPEN, CLOSED = _only(ADMINISTRATORS, USERS), _only(ADMINISTRATORS)


def _tree(session: SmbSession, top: str) -> None:
    """Folders and files to which users have access."""
    session.write(MakeDirectory(path=top))
    for folder in FOLDERS:
        session.write(MakeDirectory(path=top + folder))
    for file in FILES:
        session.write(put(top + file, b"x"))
    session.write(SetSecurity(path=top, descriptor=OPEN))
    assert len(_open_to_users(session, top)) == 1 + len(FOLDERS) + len(FILES)


def _open_to_users(session: SmbSession, top: str, *more: str) -> list[str]:
    paths = [top + below for below in ("", *FOLDERS, *FILES, *more)]
    return [path for path in paths if any(e.sid == USERS for e in security(session, path).descriptor.entries)]


def _is_as_planned(session: SmbSession, top: str) -> bool:
    """What a plan compares: the declared folder alone."""
    found = security(session, top).descriptor
    return found.protected and found.entries == CLOSED.entries


@contextmanager
def _at_write(number: int, act: Callable[[], None]) -> Iterator[None]:
    """Do something just before the write of this number, counted from 0."""
    written = 0

    def write(handle: Open, descriptor: bytes, parts: int) -> None:
        nonlocal written
        if written == number:
            written += 1  # what `act` writes itself does not count
            act()
        else:
            written += 1
        _real(handle, descriptor, parts)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(info, "set_security", write)
        yield


def _cut() -> None:
    raise ConnectionResetError


def test_wherever_it_is_cut_the_plan_sees_it_and_doing_it_again_ends_it(host: ServedHost) -> None:
    top = r"C:\Cut"
    writes = 1 + len(FOLDERS) + len(FILES)
    closed = SetSecurity(path=top, descriptor=CLOSED)
    with host.session() as session:
        for done in range(writes):
            _tree(session, top)
            with _at_write(done, _cut), pytest.raises(HostUnreachable):
                session.write(closed)
            assert len(_open_to_users(session, top)) == writes - done
            assert not _is_as_planned(session, top), f"cut after {done} writes"
            session.write(closed)
            assert _open_to_users(session, top) == []
            assert _is_as_planned(session, top)


def test_no_more_is_written_than_there_is(host: ServedHost) -> None:
    top = r"C:\Count"
    with host.session() as session:
        _tree(session, top)
        with _at_write(1 + len(FOLDERS) + len(FILES), _cut):
            session.write(SetSecurity(path=top, descriptor=CLOSED))


def test_what_was_moved_in_with_other_entries_inherits_although_its_folder_is_right(host: ServedHost) -> None:
    top = r"C:\Moved"
    with host.session() as session:
        _tree(session, top)
        session.write(SetSecurity(path=top, descriptor=CLOSED))
        stale = security(session, top + r"\a\x.txt").descriptor
        entry = _entry(USERS).model_copy(
            update={"inherited": True, "object_inherit": False, "container_inherit": False}
        )
        _write_raw(session, top + r"\a\x.txt", stale.model_copy(update={"entries": (entry,)}))
        assert len(_open_to_users(session, top)) == 1
        session.write(SetSecurity(path=top, descriptor=CLOSED))
        assert _open_to_users(session, top) == []


@pytest.mark.parametrize("number", range(7))
def test_what_is_created_meanwhile_is_found_wherever_the_walk_is(host: ServedHost, number: int) -> None:
    top = rf"C:\Race{number}"
    with host.session() as session, host.session() as somebody:
        _tree(session, top)
        new = (r"\new.txt", r"\n", r"\n\new.txt", r"\a\new.txt", r"\a\b\new.txt", r"\c\new.txt")

        def create() -> None:
            somebody.write(MakeDirectory(path=top + r"\n"))
            for path in new:
                if path.endswith(".txt"):
                    somebody.write(put(top + path, b"x"))

        with _at_write(number, create):
            session.write(SetSecurity(path=top, descriptor=CLOSED))
        assert _open_to_users(session, top, *new) == []


def test_what_vanishes_meanwhile_is_no_error(host: ServedHost) -> None:
    top = r"C:\Gone"
    with host.session() as session, host.session() as somebody:
        session.write(MakeDirectory(path=top))
        for number in range(3):
            session.write(put(rf"{top}\{number}.txt", b"x"))

        def remove() -> None:
            for number in range(3):
                somebody.write(RemoveFile(path=rf"{top}\{number}.txt"))

        with _at_write(0, remove):
            session.write(SetSecurity(path=top, descriptor=CLOSED))
        assert _is_as_planned(session, top)


def test_one_that_is_refused_is_told_after_the_others_and_the_folder_stays(
    host: ServedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = r"C:\Refused"
    refused = HostPath.parse(top + r"\a\x.txt")
    opened = SmbConnection.open

    def guarded(
        self: SmbConnection,
        path: HostPath,
        access: int,
        *,
        disposition: int = 1,
        options: int = 0,
        share: int = 7,
    ) -> Open:
        if path == refused:
            header = SMB2HeaderResponse()
            header["status"] = Status.ACCESS_DENIED
            raise SMBResponseException(header)
        return opened(self, path, access, disposition=disposition, options=options, share=share)

    with host.session() as session:
        _tree(session, top)
        with monkeypatch.context() as patch:
            patch.setattr(SmbConnection, "open", guarded)
            with pytest.raises(StepFailed, match=r"C:\\Refused\\a\\x.txt: access denied") as caught:
                session.write(SetSecurity(path=top, descriptor=CLOSED))
        assert "in all" not in caught.value.cause
        assert _open_to_users(session, top) == [top, top + r"\a\x.txt"]
        session.write(SetSecurity(path=top, descriptor=CLOSED))
        assert _open_to_users(session, top) == []


def test_a_deep_tree_is_walked_to_its_end(rehearsed_host: ServedHost) -> None:
    top = r"C:\Deep"
    deepest = top + r"\d" * 100
    with rehearsed_host.session() as session:
        session.write(MakeDirectory(path=deepest))
        session.write(SetSecurity(path=top, descriptor=OPEN))
        assert USERS in {entry.sid for entry in security(session, deepest).descriptor.entries}


def test_the_time_limit_is_for_each_object_and_still_ends_one_that_hangs(
    rehearsed_host: ServedHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    top = r"C:\Slow"
    with rehearsed_host.session() as session:
        _tree(session, top)
    with rehearsed_host.session(Timeouts(connect=5, read=5, step=0.6)) as session:
        watchdog = session._connection.watchdog
        over = watchdog._expired

        def slowly(handle: Open, descriptor: bytes, parts: int) -> None:
            over.wait(0.3)
            _real(handle, descriptor, parts)

        def never(_handle: Open, _descriptor: bytes, _parts: int) -> None:
            over.wait(20)
            raise ConnectionResetError

        monkeypatch.setattr(info, "set_security", slowly)
        session.write(SetSecurity(path=top, descriptor=CLOSED))
        assert _open_to_users(session, top) == []
        monkeypatch.setattr(info, "set_security", never)
        with pytest.raises(DeadlineExceeded, match="took longer"):
            session.write(SetSecurity(path=top, descriptor=OPEN))


def _write_raw(session: SmbSession, path: str, descriptor: SecurityDescriptor) -> None:
    """Entries as they stand, those marked as inherited too: what moving a file within a drive leaves."""
    place = HostPath.parse(path)
    connection = session._connection
    with connection.watchdog.limit(20):
        permissions._write(connection, place, descriptor, descriptor)
