"""Renaming, writing, locking and permissions of what is open."""

from __future__ import annotations

import pytest

from engine.rehearsal.windows.filesystem import (
    Attribute,
    Disposition,
    FileSystem,
    Handle,
    NewTimes,
    Node,
    NtStatus,
    Option,
    Part,
    Share,
)
from engine.rehearsal.windows.filesystem.handle import FREEZE_TIME
from engine.rehearsal.windows.filesystem.renaming import rename
from engine.rehearsal.windows.filesystem.sharing import ByteLock
from engine.rehearsal.windows.security import AceFlag, SecurityDescriptor, allow, rights, sids
from engine.rehearsal.windows.security.ace import FILES_AND_FOLDERS
from tests.support.files import ADMIN, USER, Client, fails

SOURCE, TARGET = r"D:\Work\source", r"D:\Work\target"


def _root(files: FileSystem, drive: str = "D") -> Node:
    return files.drives[drive].root


def _rename(files: FileSystem, client: Client, target: str, *, replace: bool) -> None:
    handle = files.open(SOURCE, client, rights.DELETE)
    try:
        rename(handle, _root(files), target.split("\\"), replace, rights.FULL_CONTROL)
    finally:
        handle.close()


def test_a_rename_keeps_the_file_s_own_permissions(files: FileSystem, admin: Client) -> None:
    files.write_file(SOURCE, b"x")
    files.make_directory(r"D:\Other")
    own = SecurityDescriptor(ADMIN, ADMIN, (allow(ADMIN, rights.FULL_CONTROL),), protected=True)
    files.set_security(SOURCE, own)
    _rename(files, admin, r"Other\moved", replace=False)
    assert not files.exists(SOURCE)
    assert files.security(r"D:\Other\moved").dacl == own.dacl


def test_a_rename_may_change_the_case_alone(files: FileSystem, admin: Client) -> None:
    files.write_file(SOURCE, b"x")
    _rename(files, admin, r"Work\SOURCE", replace=False)
    node = files.lookup(SOURCE)
    assert node is not None
    assert node.name == "SOURCE"


def test_replacing_takes_the_right_to_delete_the_target(files: FileSystem, user: Client) -> None:
    for path in (SOURCE, TARGET):
        files.open(path, user, rights.MODIFY, disposition=Disposition.CREATE).close()
    with fails(NtStatus.OBJECT_NAME_COLLISION):
        _rename(files, user, r"Work\target", replace=False)
    kept = SecurityDescriptor(ADMIN, ADMIN, (allow(sids.USERS, rights.READ_DATA),), protected=True)
    before = files.security(TARGET)
    files.set_security(TARGET, kept)
    with fails(NtStatus.ACCESS_DENIED):
        _rename(files, user, r"Work\target", replace=True)
    files.set_security(TARGET, before)
    _rename(files, user, r"Work\target", replace=True)
    assert not files.exists(SOURCE)


@pytest.mark.parametrize("obstacle", ["open", "read-only", "folder"])
def test_some_targets_are_never_replaced(files: FileSystem, admin: Client, obstacle: str) -> None:
    files.write_file(SOURCE, b"new")
    if obstacle == "folder":
        files.make_directory(TARGET)
    else:
        files.write_file(TARGET, b"old")
    handle = files.open(TARGET, admin, rights.READ_DATA | rights.WRITE_ATTRIBUTES, Share.ALL)
    if obstacle == "read-only":
        handle.set_basic(NewTimes(), Attribute.READONLY)
    if obstacle != "open":
        handle.close()
    with fails(NtStatus.ACCESS_DENIED):
        _rename(files, admin, r"Work\target", replace=True)
    assert files.read_file(SOURCE) == b"new"
    handle.close()


def test_a_folder_moves_with_what_is_in_it_unless_that_is_open(files: FileSystem, admin: Client) -> None:
    files.write_file(SOURCE + r"\a\b", b"x")
    inner = files.open(SOURCE + r"\a\b", admin, rights.READ_DATA, Share.ALL)
    with fails(NtStatus.ACCESS_DENIED):
        _rename(files, admin, "elsewhere", replace=False)
    inner.close()
    with fails(NtStatus.SHARING_VIOLATION):
        _rename(files, admin, r"Work\source\a\below itself", replace=False)
    _rename(files, admin, "elsewhere", replace=False)
    assert files.read_file(r"D:\elsewhere\a\b") == b"x"


def _made(files: FileSystem, client: Client, share: Share = Share.ALL) -> Handle:
    return files.open(SOURCE, client, rights.FULL_CONTROL, share, Disposition.OPEN_IF)


def test_what_lies_between_is_zero(files: FileSystem, user: Client) -> None:
    handle = _made(files, user)
    handle.write(5000, b"end")
    assert handle.read(4998, 10) == b"\0\0end"
    handle.set_end_of_file(10_000)
    assert handle.read(9_999, 10) == b"\0"
    with fails(NtStatus.END_OF_FILE):
        handle.read(10_000, 1)
    handle.set_end_of_file(2)
    assert handle.read(0, 10) == b"\0\0"
    handle.close()


def test_who_may_only_append_does_not_overwrite(files: FileSystem, user: Client) -> None:
    _made(files, user).close()
    handle = files.open(SOURCE, user, rights.APPEND_DATA)
    handle.write(0, b"one")
    with fails(NtStatus.ACCESS_DENIED):
        handle.write(0, b"two")
    handle.write(3, b"two")
    handle.close()
    assert files.read_file(SOURCE) == b"onetwo"


def test_times_that_were_set_stay(files: FileSystem, user: Client) -> None:
    handle = _made(files, user)
    handle.set_basic(NewTimes(created=111, written=222, changed=333), 0)
    handle.write(0, b"x")
    times = handle.node.times
    assert (times.created, times.written, times.changed) == (111, 222, 333)
    handle.close()
    second = _made(files, user)
    second.set_basic(NewTimes(written=FREEZE_TIME), 0)
    second.write(0, b"y")
    assert second.node.times.written == 222
    second.close()
    third = _made(files, user)
    third.write(0, b"z")
    assert third.node.times.written > 333
    third.close()


def test_locks_keep_others_out(files: FileSystem, user: Client) -> None:
    one, two = _made(files, user), _made(files, user)
    one.write(0, b"x" * 100)
    one.lock([ByteLock(0, 10, exclusive=True), ByteLock(50, 10, exclusive=False)])
    for offset, reads in ((0, False), (20, True), (55, True)):
        if reads:
            assert two.read(offset, 5) == b"x" * 5
        else:
            with fails(NtStatus.FILE_LOCK_CONFLICT):
                two.read(offset, 5)
    with fails(NtStatus.FILE_LOCK_CONFLICT):
        two.write(55, b"y")
    with fails(NtStatus.LOCK_NOT_GRANTED):
        two.lock([ByteLock(80, 5, exclusive=True), ByteLock(5, 1, exclusive=False)])
    one.lock([ByteLock(80, 5, exclusive=True)])  # nothing of the refused request was taken
    one.write(0, b"mine")
    with fails(NtStatus.RANGE_NOT_LOCKED):
        one.unlock(0, 5)
    one.unlock(0, 10)
    assert two.read(0, 4) == b"mine"
    one.close()
    two.write(55, b"free")
    two.close()


def test_a_folder_s_new_list_reaches_everything_below(files: FileSystem) -> None:
    files.write_file(r"D:\Work\a\b\file", b"x")
    own = SecurityDescriptor(USER, USER, (allow(USER, rights.FULL_CONTROL),), protected=True)
    files.write_file(r"D:\Work\a\alone", b"x", own)
    staff = allow("S-1-5-21-1-2-3-1105", rights.MODIFY, FILES_AND_FOLDERS)
    new = SecurityDescriptor(sids.ADMINISTRATORS, sids.SYSTEM, (staff,), protected=True)
    files.set_security(r"D:\Work", new)
    below = files.security(r"D:\Work\a\b\file")
    assert below.dacl == (allow(staff.sid, staff.mask, AceFlag.INHERITED),)
    assert files.security(r"D:\Work\a\b").dacl == (
        allow(staff.sid, staff.mask, FILES_AND_FOLDERS | AceFlag.INHERITED),
    )
    assert files.security(r"D:\Work\a\alone").dacl == own.dacl


def test_setting_a_list_through_a_handle_reaches_only_the_object(files: FileSystem, admin: Client) -> None:
    files.write_file(r"D:\Work\a\file", b"x")
    before = files.security(r"D:\Work\a\file")
    new = SecurityDescriptor(None, None, (allow(ADMIN, rights.FULL_CONTROL, FILES_AND_FOLDERS),))
    handle = files.open(r"D:\Work", admin, rights.WRITE_DAC | rights.READ_CONTROL, options=Option.DIRECTORY)
    handle.set_security(Part.DACL, new)
    assert handle.security(Part.DACL).dacl == new.dacl
    assert handle.security(Part.OWNER).dacl is None
    assert files.security(r"D:\Work\a\file") == before
    handle.set_security(Part.DACL, new, propagate=True)
    assert files.security(r"D:\Work\a\file") != before
    handle.close()


def test_only_who_may_restore_gives_files_away(files: FileSystem, user: Client, admin: Client) -> None:
    stranger = SecurityDescriptor("S-1-5-21-9-9-9-1", None, None)
    handle = _made(files, user)
    with fails(NtStatus.INVALID_OWNER):
        handle.set_security(Part.OWNER, stranger)
    handle.close()
    handle = _made(files, admin)
    handle.set_security(Part.OWNER, stranger)
    handle.close()
    assert files.security(SOURCE).owner == stranger.owner
