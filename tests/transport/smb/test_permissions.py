"""Permissions over SMB: written exactly, kept when a file is replaced, inherited as Windows does."""

from __future__ import annotations

import pytest

from engine.model.errors import StepFailed
from engine.model.query import ReadFile
from engine.model.security import AccessEntry, SecurityDescriptor
from engine.model.step import MakeDirectory, SetSecurity
from tests.support.smb_contract import ServedHost, content, put, security

ADMINISTRATORS, USERS, SYSTEM = "S-1-5-32-544", "S-1-5-32-545", "S-1-5-18"
STAFF = "S-1-5-21-1111111111-222222222-333333333-1105"
FULL, MODIFY, READ = 0x1F01FF, 0x1301BF, 0x1200A9


def _entry(sid: str, mask: int, kind: str = "allow", *, down: bool = True) -> AccessEntry:
    return AccessEntry.model_validate(
        {"sid": sid, "type": kind, "mask": mask, "object_inherit": down, "container_inherit": down}
    )


PROTECTED = SecurityDescriptor(
    owner=ADMINISTRATORS,
    protected=True,
    entries=(
        _entry(STAFF, 0x10000, "deny"),
        _entry(ADMINISTRATORS, FULL),
        _entry(SYSTEM, FULL),
        _entry(STAFF, MODIFY),
        _entry("S-1-1-0", READ, down=False),
    ),
)


def _folder(host: ServedHost, name: str) -> str:
    path = rf"C:\{name}"
    with host.session() as session:
        session.write(MakeDirectory(path=path))
    return path


def test_a_descriptor_is_read_back_as_it_was_written(host: ServedHost) -> None:
    path = _folder(host, "Exact")
    with host.session() as session:
        before = security(session, path).descriptor
        for _ in range(2):
            session.write(SetSecurity(path=path, descriptor=PROTECTED))
        after = security(session, path)
    assert after.is_directory
    assert after.descriptor == PROTECTED.model_copy(update={"group": before.group})


def test_entries_are_stored_in_windows_order(host: ServedHost) -> None:
    path = _folder(host, "Order")
    shuffled = PROTECTED.model_copy(update={"entries": PROTECTED.entries[1:] + PROTECTED.entries[:1]})
    with host.session() as session:
        session.write(SetSecurity(path=path, descriptor=shuffled))
        assert security(session, path).descriptor.entries == PROTECTED.entries


def test_generic_rights_are_stored_as_specific_ones(host: ServedHost) -> None:
    path = _folder(host, "Generic")
    generic = (_entry(ADMINISTRATORS, 0x10000000), _entry(USERS, 0xA0000000))
    descriptor = SecurityDescriptor(owner=None, protected=True, entries=generic)
    with host.session() as session:
        session.write(SetSecurity(path=path, descriptor=descriptor))
        masks = [entry.mask for entry in security(session, path).descriptor.entries]
    assert masks == [FULL, READ]


def test_no_owner_leaves_the_owner(host: ServedHost) -> None:
    path = _folder(host, "Owner")
    with host.session() as session:
        session.write(SetSecurity(path=path, descriptor=PROTECTED))
        session.write(SetSecurity(path=path, descriptor=PROTECTED.model_copy(update={"owner": None})))
        assert security(session, path).descriptor.owner == ADMINISTRATORS


def test_a_replaced_file_keeps_its_permissions(host: ServedHost) -> None:
    path = _folder(host, "Kept") + r"\a.txt"
    own = PROTECTED.model_copy(
        update={"entries": (_entry(ADMINISTRATORS, FULL, down=False), _entry(STAFF, READ, down=False))}
    )
    with host.session() as session:
        session.write(put(path, b"one"))
        session.write(SetSecurity(path=path, descriptor=own))
        before = security(session, path)
        session.write(put(path, b"two"))
        assert content(session, path) == b"two"
        assert security(session, path) == before
    assert before.descriptor.entries == own.entries


def test_inherited_entries_stay_and_those_of_the_step_are_never_stored_as_own(host: ServedHost) -> None:
    parent = _folder(host, "Parent")
    child = _folder(host, r"Parent\Child")
    own = _entry(STAFF, MODIFY)
    stale = _entry(USERS, FULL).model_copy(update={"inherited": True})
    with host.session() as session:
        session.write(SetSecurity(path=parent, descriptor=PROTECTED))
        descriptor = SecurityDescriptor(owner=None, protected=False, entries=(own, stale))
        session.write(SetSecurity(path=child, descriptor=descriptor))
        after = security(session, child).descriptor
    assert after.entries[0] == own
    inherited = [(entry.sid, entry.type, entry.mask) for entry in after.entries if entry.inherited]
    assert inherited == [(e.sid, e.type, e.mask) for e in PROTECTED.entries if e.container_inherit]
    assert not after.protected


def test_what_is_in_a_folder_inherits_the_change_and_protected_folders_do_not(host: ServedHost) -> None:
    top = _folder(host, "Tree")
    _folder(host, r"Tree\Open\Deep")
    closed = _folder(host, r"Tree\Closed")
    with host.session() as session:
        session.write(put(rf"{top}\Open\Deep\a.txt", b"x"))
        session.write(SetSecurity(path=closed, descriptor=PROTECTED))
        kept = security(session, closed)
        entries = (_entry(ADMINISTRATORS, FULL), _entry(USERS, READ))
        descriptor = SecurityDescriptor(owner=None, protected=True, entries=entries)
        session.write(SetSecurity(path=top, descriptor=descriptor))
        for path in (rf"{top}\Open", rf"{top}\Open\Deep", rf"{top}\Open\Deep\a.txt"):
            given = [e for e in security(session, path).descriptor.entries if e.inherited]
            assert [(e.sid, e.mask) for e in given] == [(ADMINISTRATORS, FULL), (USERS, READ)], path
        assert security(session, closed) == kept


def test_an_account_that_is_no_sid_is_refused_before_anything_is_sent(host: ServedHost) -> None:
    path = _folder(host, "Names")
    with host.session() as session:
        before = security(session, path)
        bad = PROTECTED.model_copy(update={"entries": (_entry("Everyone", READ),)})
        with pytest.raises(StepFailed, match="not a SID"):
            session.write(SetSecurity(path=path, descriptor=bad))
        assert security(session, path) == before
        session.read(ReadFile(path=rf"{path}\none", limit=0))
