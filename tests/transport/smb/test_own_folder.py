"""Rollcall's own folders: nobody but administrators and the system gets in, and a planted one is refused."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.kinds.paths import LOGS, OWN_FOLDER, staged_folder
from engine.model.errors import StepFailed
from engine.model.security import AccessEntry, SecurityDescriptor
from engine.model.step import MakeDirectory, RemoveDirectory, RemoveFile, SetSecurity
from engine.transport.smb import lease
from engine.transport.smb.own_folder import SHUT, fault
from engine.transport.smb.session import SmbSession
from tests.support.smb_contract import ServedHost, names, put, security

ADMINISTRATORS, SYSTEM, USERS = "S-1-5-32-544", "S-1-5-18", "S-1-5-32-545"
PUPIL = "S-1-5-21-1111111111-222222222-333333333-1107"
READ = 0x1200A9
STAGED = staged_folder("ab" * 32)


def _entry(sid: str, mask: int, *, inherit_only: bool = False) -> AccessEntry:
    return AccessEntry(
        sid=sid,
        type="allow",
        mask=mask,
        object_inherit=True,
        container_inherit=True,
        inherit_only=inherit_only,
    )


def _with(*entries: AccessEntry, owner: str = ADMINISTRATORS) -> SecurityDescriptor:
    return SecurityDescriptor(owner=owner, protected=True, entries=(*SHUT.entries, *entries))


def _allowed(session: SmbSession, path: str) -> set[str]:
    return {entry.sid for entry in security(session, path).descriptor.entries if entry.type == "allow"}


@contextmanager
def _found(session: SmbSession, path: str, descriptor: SecurityDescriptor) -> Iterator[None]:
    """The folder as somebody else left it; afterwards it is as it was."""
    session.write(MakeDirectory(path=path))
    session.write(SetSecurity(path=path, descriptor=descriptor))
    try:
        yield
    finally:
        session.write(SetSecurity(path=path, descriptor=SHUT))


def test_only_administrators_and_the_system_get_into_what_is_made(host: ServedHost) -> None:
    lease.take(host.target(), host.credential, "run").release()
    with host.session() as session:
        session.write(MakeDirectory(path=STAGED))
        session.write(MakeDirectory(path=LOGS))
        session.write(put(rf"{STAGED}\setup.exe", b"MZ"))
        folders = (OWN_FOLDER, LOGS, STAGED.rpartition("\\")[0], STAGED)
        for path in (*folders, rf"{STAGED}\setup.exe"):
            assert _allowed(session, path) == {ADMINISTRATORS, SYSTEM}, path
        for path in folders:
            found = security(session, path).descriptor
            assert (found.owner, found.protected) == (ADMINISTRATORS, True), path
        session.write(RemoveFile(path=rf"{STAGED}\setup.exe"))


@pytest.mark.parametrize(
    ("descriptor", "told"),
    [
        (_with(_entry(USERS, 0x1301BF)), f"{USERS} may write"),
        (_with(_entry(PUPIL, 0x40000)), f"{PUPIL} may write"),
        (_with(_entry(USERS, 0x2, inherit_only=True)), f"{USERS} may write"),
        (_with(owner=PUPIL), f"its owner is {PUPIL}"),
    ],
)
@pytest.mark.parametrize("folder", [OWN_FOLDER, LOGS])
def test_one_that_others_could_write_to_is_refused(
    host: ServedHost, folder: str, descriptor: SecurityDescriptor, told: str
) -> None:
    with host.session() as session, _found(session, folder, descriptor):
        before = security(session, folder)
        with pytest.raises(StepFailed, match=told):
            session.write(MakeDirectory(path=LOGS.replace("Rollcall", "ROLLCALL")))
        if folder == OWN_FOLDER:
            with pytest.raises(StepFailed, match=r"take the lease.*cannot be used"):
                lease.take(host.target(), host.credential, "run")
        assert security(session, folder) == before


def test_one_that_others_can_only_read_is_shut_with_what_is_in_it(host: ServedHost) -> None:
    log = rf"{LOGS}\geogebra-install.log"
    with host.session() as session, _found(session, LOGS, _with(_entry(USERS, READ))):
        session.write(put(log, b"PIDKEY=ABC"))
        assert USERS in _allowed(session, log)
        session.write(MakeDirectory(path=LOGS))
        assert _allowed(session, LOGS) == _allowed(session, log) == {ADMINISTRATORS, SYSTEM}
        session.write(RemoveFile(path=log))


def test_a_file_in_the_place_of_a_folder_is_refused(host: ServedHost) -> None:
    with host.session() as session:
        session.write(MakeDirectory(path=LOGS))
        session.write(RemoveDirectory(path=LOGS))
        session.write(put(LOGS, b""))
        try:
            with pytest.raises(StepFailed, match="no folder"):
                session.write(MakeDirectory(path=LOGS))
        finally:
            session.write(RemoveFile(path=LOGS))


def test_other_folders_are_left_as_they_are_found(host: ServedHost) -> None:
    path = r"C:\Program Files\Rollcaller"
    descriptor = _with(_entry(USERS, 0x1301BF))
    with host.session() as session:
        session.write(MakeDirectory(path=path))
        session.write(SetSecurity(path=path, descriptor=descriptor))
        session.write(MakeDirectory(path=path + r"\below"))
        assert security(session, path).descriptor.entries == descriptor.entries
        assert "below" in names(session, path)


@given(st.integers(0, 31))
def test_no_right_to_change_anything_passes(bit: int) -> None:
    mask = 1 << bit
    reading = 0x1200A9  # read and execute
    assert (fault(_with(_entry(USERS, mask))) is None) == bool(mask & reading or mask & ~0x1F01FF)
