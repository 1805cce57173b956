"""Opening: dispositions, options, share modes, attributes and rights."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.rehearsal.windows.filesystem import (
    Action,
    Attribute,
    Disposition,
    FileSystem,
    NewTimes,
    NtError,
    NtStatus,
    OpenRequest,
    Option,
    Share,
)
from engine.rehearsal.windows.filesystem.sharing import check_sharing
from engine.rehearsal.windows.security import SecurityDescriptor, allow, deny, rights, sids
from tests.support.files import USER, Client, fails

FILE = r"D:\Work\file"
D = Disposition
ABSENT, COLLISION = NtStatus.OBJECT_NAME_NOT_FOUND, NtStatus.OBJECT_NAME_COLLISION


@pytest.mark.parametrize(
    ("disposition", "absent", "present"),
    [
        (D.SUPERSEDE, Action.CREATED, Action.SUPERSEDED),
        (D.OPEN, ABSENT, Action.OPENED),
        (D.CREATE, Action.CREATED, COLLISION),
        (D.OPEN_IF, Action.CREATED, Action.OPENED),
        (D.OVERWRITE, ABSENT, Action.OVERWRITTEN),
        (D.OVERWRITE_IF, Action.CREATED, Action.OVERWRITTEN),
    ],
)
def test_dispositions(
    files: FileSystem,
    user: Client,
    disposition: Disposition,
    absent: Action | NtStatus,
    present: Action | NtStatus,
) -> None:
    request = OpenRequest(user, rights.GENERIC_READ | rights.GENERIC_WRITE, disposition=disposition)
    for expected in (absent, present):
        if isinstance(expected, NtStatus):
            with fails(expected):
                files.open_request(FILE, request)
        else:
            handle, action = files.open_request(FILE, request)
            assert action is expected
            handle.close()
        files.remove(FILE)
        handle, _ = files.open_request(FILE, OpenRequest(user, rights.MODIFY, disposition=D.CREATE))
        handle.write(0, b"before")
        handle.close()


def test_overwriting_empties_and_opening_does_not(files: FileSystem, user: Client) -> None:
    files.open(FILE, user, rights.MODIFY, disposition=D.CREATE).close()
    for disposition, left in ((D.OPEN, b"data"), (D.OVERWRITE, b"")):
        with_data = files.open(FILE, user, rights.MODIFY)
        with_data.write(0, b"data")
        with_data.close()
        files.open(FILE, user, rights.MODIFY, disposition=disposition).close()
        assert files.read_file(FILE) == left


SHARES = st.integers(0, 7).map(Share)
MASKS = st.lists(
    st.sampled_from(
        [rights.READ_DATA, rights.WRITE_DATA, rights.APPEND_DATA, rights.DELETE, rights.READ_ATTRIBUTES]
    ),
    min_size=1,
).map(lambda bits: sum(set(bits)))


class Opener:
    locks = ()

    def __init__(self, granted: int, shared: Share) -> None:
        self.granted = granted
        self.shared = shared


@given(MASKS, SHARES, MASKS, SHARES)
def test_two_opens_agree_on_who_may_be_second(
    first: int, first_shares: Share, second: int, second_shares: Share
) -> None:
    def goes(before: Opener, after: Opener) -> bool:
        try:
            check_sharing([before], after.granted, after.shared)
        except NtError as error:
            return error.status is not NtStatus.SHARING_VIOLATION
        return True

    one, two = Opener(first, first_shares), Opener(second, second_shares)
    assert goes(one, two) == goes(two, one)
    if first_shares == second_shares == Share.ALL:
        assert goes(one, two)
    if first & rights.WRITE_DATA and not second_shares & Share.WRITE and second & rights.READ_DATA:
        assert not goes(one, two)


def test_who_only_looks_at_attributes_disturbs_nobody(files: FileSystem, user: Client) -> None:
    alone = files.open(FILE, user, rights.MODIFY, Share.NONE, D.CREATE)
    files.open(FILE, user, rights.READ_ATTRIBUTES | rights.SYNCHRONIZE, Share.NONE).close()
    with fails(NtStatus.SHARING_VIOLATION):
        files.open(FILE, user, rights.READ_DATA)
    alone.close()
    files.open(FILE, user, rights.READ_DATA).close()


def test_kinds_are_told_apart(files: FileSystem, user: Client) -> None:
    files.write_file(FILE, b"")
    with fails(NtStatus.NOT_A_DIRECTORY):
        files.open(FILE, user, rights.READ_DATA, options=Option.DIRECTORY)
    with fails(NtStatus.FILE_IS_A_DIRECTORY):
        files.open(r"D:\Work", user, rights.READ_DATA, options=Option.NON_DIRECTORY)
    with fails(NtStatus.OBJECT_PATH_NOT_FOUND):
        files.open(FILE + r"\below", user, rights.READ_DATA)
    with fails(NtStatus.INVALID_PARAMETER):
        files.open(FILE, user, rights.READ_DATA, options=Option.DIRECTORY | Option.NON_DIRECTORY)
    with fails(NtStatus.INVALID_PARAMETER):
        files.open(FILE, user, rights.READ_DATA, options=Option.DELETE_ON_CLOSE)


def test_a_file_that_is_deleted_on_close_goes_with_its_last_handle(files: FileSystem, user: Client) -> None:
    first = files.open(FILE, user, rights.MODIFY, Share.ALL, D.CREATE, Option.DELETE_ON_CLOSE)
    second = files.open(FILE, user, rights.READ_DATA, Share.ALL)
    first.close()
    with fails(NtStatus.DELETE_PENDING):
        files.open(FILE, user, rights.READ_DATA, Share.ALL)
    with fails(NtStatus.DELETE_PENDING):
        files.open(FILE, user, rights.READ_DATA, Share.ALL, D.CREATE)
    assert files.exists(FILE)
    second.close()
    assert not files.exists(FILE)


def test_a_mark_to_delete_can_be_taken_off(files: FileSystem, user: Client) -> None:
    handle = files.open(FILE, user, rights.MODIFY, disposition=D.CREATE)
    handle.set_disposition(True)
    handle.set_disposition(False)
    handle.close()
    assert files.exists(FILE)


def test_a_folder_that_is_not_empty_stays(files: FileSystem, admin: Client) -> None:
    files.write_file(r"D:\Work\inner\a", b"")
    handle = files.open(r"D:\Work\inner", admin, rights.DELETE, options=Option.DIRECTORY)
    with fails(NtStatus.DIRECTORY_NOT_EMPTY):
        handle.set_disposition(True)
    handle.close()
    files.open(r"D:\Work\inner", admin, rights.DELETE, options=Option.DELETE_ON_CLOSE).close()
    assert files.exists(r"D:\Work\inner\a")


def test_what_is_read_only_is_neither_written_nor_deleted(files: FileSystem, user: Client) -> None:
    request = OpenRequest(user, rights.MODIFY, disposition=D.CREATE, attributes=Attribute.READONLY)
    handle, _ = files.open_request(FILE, request)
    handle.write(0, b"its creator may")
    handle.close()
    for disposition in (D.OPEN, D.OVERWRITE):
        with fails(NtStatus.ACCESS_DENIED):
            files.open(FILE, user, rights.WRITE_DATA, disposition=disposition)
    with fails(NtStatus.CANNOT_DELETE):
        files.open(FILE, user, rights.DELETE, options=Option.DELETE_ON_CLOSE)
    handle = files.open(FILE, user, rights.DELETE | rights.WRITE_ATTRIBUTES)
    with fails(NtStatus.CANNOT_DELETE):
        handle.set_disposition(True)
    handle.set_basic(NewTimes(), Attribute.NORMAL)
    handle.set_disposition(True)
    handle.close()
    assert not files.exists(FILE)


def _protect(files: FileSystem, path: str, *entries: tuple[str, int]) -> None:
    aces = tuple(allow(sid, mask) for sid, mask in entries)
    files.set_security(path, SecurityDescriptor(sids.SYSTEM, sids.SYSTEM, aces, protected=True))


def test_rights_come_from_the_list(files: FileSystem, user: Client) -> None:
    files.write_file(FILE, b"x")
    _protect(files, r"D:\Work", (sids.USERS, rights.TRAVERSE))
    _protect(files, FILE, (USER, rights.READ_DATA))
    handle = files.open(FILE, user, rights.READ_DATA)
    assert handle.read(0, 9) == b"x"
    with fails(NtStatus.ACCESS_DENIED):
        handle.write(0, b"y")
    handle.close()
    for more in (rights.WRITE_DATA, rights.DELETE, rights.READ_CONTROL, rights.READ_ATTRIBUTES):
        with fails(NtStatus.ACCESS_DENIED):
            files.open(FILE, user, rights.READ_DATA | more)
    most = files.open(FILE, user, rights.MAXIMUM_ALLOWED)
    assert most.granted == rights.READ_DATA
    most.close()


def test_a_folder_gives_some_rights_to_what_is_in_it(files: FileSystem, user: Client) -> None:
    files.write_file(FILE, b"x")
    _protect(files, FILE, (sids.SYSTEM, rights.FULL_CONTROL))
    _protect(files, r"D:\Work", (sids.USERS, rights.DELETE_CHILD | rights.LIST_DIRECTORY))
    files.open(FILE, user, rights.READ_ATTRIBUTES).close()
    with fails(NtStatus.ACCESS_DENIED):
        files.open(FILE, user, rights.READ_DATA)
    handle = files.open(FILE, user, rights.DELETE)
    handle.set_disposition(True)
    handle.close()
    assert not files.exists(FILE)


def test_making_things_takes_rights_on_the_folder(files: FileSystem, user: Client) -> None:
    _protect(files, r"D:\Work", (sids.USERS, rights.ADD_SUBDIRECTORY | rights.LIST_DIRECTORY))
    with fails(NtStatus.ACCESS_DENIED):
        files.open(FILE, user, rights.WRITE_DATA, disposition=D.CREATE)
    made = files.open(
        r"D:\Work\sub", user, rights.LIST_DIRECTORY, disposition=D.CREATE, options=Option.DIRECTORY
    )
    assert made.node.security.owner == USER
    made.close()


def test_an_owner_can_always_mend_the_list(files: FileSystem, user: Client) -> None:
    handle = files.open(FILE, user, rights.MODIFY | rights.WRITE_DAC, disposition=D.CREATE)
    handle.close()
    files.set_security(FILE, SecurityDescriptor(USER, USER, (deny(USER, rights.READ_DATA),), protected=True))
    with fails(NtStatus.ACCESS_DENIED):
        files.open(FILE, user, rights.READ_DATA)
    files.open(FILE, user, rights.READ_CONTROL | rights.WRITE_DAC).close()


def test_the_most_that_a_share_gives_limits_everything(files: FileSystem, admin: Client) -> None:
    files.write_file(FILE, b"x")
    limit = rights.READ_AND_EXECUTE

    def opened(desired: int, disposition: Disposition, path: str = FILE) -> int:
        handle, _ = files.open_request(
            path, OpenRequest(admin, desired, disposition=disposition, limit=limit)
        )
        handle.close()
        return handle.granted

    assert opened(rights.MAXIMUM_ALLOWED, D.OPEN) == limit
    assert opened(rights.GENERIC_READ, D.OPEN) == rights.FILE_GENERIC_READ
    for desired, disposition, path in (
        (rights.WRITE_DATA, D.OPEN, FILE),
        (rights.READ_DATA, D.OVERWRITE, FILE),
        (rights.READ_DATA, D.CREATE, r"D:\Work\new"),
    ):
        with fails(NtStatus.ACCESS_DENIED):
            opened(desired, disposition, path)
    assert files.read_file(FILE) == b"x"
