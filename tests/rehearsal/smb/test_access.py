"""Who gets in: logons, shares, folders, and both together."""

from __future__ import annotations

import pytest
import smbclient

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.ntstatus import NtStatus
from engine.rehearsal.windows.security import Ace, SecurityDescriptor, allow, deny, rights, sids
from engine.rehearsal.windows.security.ace import FILES_AND_FOLDERS
from tests.support.rehearsed_smb import ADMINISTRATOR, RehearsedSmb
from tests.support.smb_client import Client, refused


def _protect(served: RehearsedSmb, path: str, *aces: Ace) -> None:
    """Give a folder just these entries, beside full control for administrators."""
    admins = allow(sids.ADMINISTRATORS, rights.FULL_CONTROL, FILES_AND_FOLDERS)
    sd = SecurityDescriptor(sids.ADMINISTRATORS, sids.SYSTEM, (*aces, admins), protected=True)
    served.call(lambda host: host.files.set_security(path, sd))


@pytest.mark.parametrize(("user", "password"), [(ADMINISTRATOR, "wrong"), ("nobody", "wrong")])
def test_a_wrong_user_or_password_is_a_logon_failure(served: RehearsedSmb, user: str, password: str) -> None:
    client = Client(served.port, user, password)
    with refused(NtStatus.LOGON_FAILURE):
        client.names("C$")
    client.close()


def test_administrative_shares_are_for_administrators(admin: Client, teacher: Client) -> None:
    assert "Windows" in admin.names("C$")
    assert "System32" in admin.names("ADMIN$")
    for share in ("C$", "D$", "ADMIN$"):
        with refused(NtStatus.ACCESS_DENIED):
            teacher.names(share)


@pytest.mark.parametrize("share", ["Nothing", "Gone"])
def test_a_share_that_is_not_there_is_a_bad_name(admin: Client, share: str) -> None:
    with refused(NtStatus.BAD_NETWORK_NAME):
        admin.names(share)


def test_a_share_admits_whom_it_names(
    served: RehearsedSmb, teacher: Client, pupil: Client, admin: Client
) -> None:
    everybody = allow(sids.EVERYONE, rights.MODIFY, FILES_AND_FOLDERS)
    _protect(served, r"D:\Shares\Staff", everybody)
    teacher.write("Staff", "plan.txt", b"for staff")
    assert teacher.read("Staff", "plan.txt") == b"for staff"
    for other in (pupil, admin):
        with refused(NtStatus.ACCESS_DENIED):
            other.names("Staff")


def test_a_folder_refuses_whom_the_share_admits(served: RehearsedSmb, teacher: Client, pupil: Client) -> None:
    served.call(lambda host: host.files.make_directory(r"D:\Shares\Public\Staff only"))
    staff = allow(served.sid("DHS-Staff"), rights.MODIFY, FILES_AND_FOLDERS)
    _protect(served, r"D:\Shares\Public\Staff only", staff)
    teacher.write("Public", r"Staff only\a.txt", b"x")
    with refused(NtStatus.ACCESS_DENIED):
        pupil.names("Public", "Staff only")
    with refused(NtStatus.ACCESS_DENIED):
        pupil.read("Public", r"Staff only\a.txt")


def test_a_refusal_comes_before_a_permission(served: RehearsedSmb, teacher: Client, pupil: Client) -> None:
    with refused(NtStatus.ACCESS_DENIED):
        pupil.names("NotPupils")
    teacher.names("NotPupils")
    served.call(lambda host: host.files.make_directory(r"D:\Shares\Public\Denied"))
    _protect(
        served,
        r"D:\Shares\Public\Denied",
        deny(served.sid("DHS-Pupils"), rights.WRITE_DATA | rights.APPEND_DATA, FILES_AND_FOLDERS),
        allow(sids.EVERYONE, rights.MODIFY, FILES_AND_FOLDERS),
    )
    teacher.write("Public", r"Denied\a.txt", b"read me")
    assert pupil.read("Public", r"Denied\a.txt") == b"read me"
    with refused(NtStatus.ACCESS_DENIED):
        pupil.write("Public", r"Denied\b.txt", b"")


def test_a_share_for_reading_lets_nobody_change(served: RehearsedSmb, admin: Client) -> None:
    served.call(lambda host: host.files.write_file(r"D:\Shares\Public\fixed.txt", b"fixed"))
    assert admin.read("ReadOnly", "fixed.txt") == b"fixed"
    with refused(NtStatus.ACCESS_DENIED):
        admin.write("ReadOnly", "fixed.txt", b"other")
    with refused(NtStatus.ACCESS_DENIED):
        admin.write("ReadOnly", "new.txt", b"")
    with refused(NtStatus.ACCESS_DENIED):
        smbclient.remove(admin.path("ReadOnly", "fixed.txt"), **admin.login)
    assert admin.read("Public", "fixed.txt") == b"fixed"


def test_access_based_enumeration_hides_what_cannot_be_read(
    served: RehearsedSmb, teacher: Client, pupil: Client
) -> None:
    for name in ("Staff", "Pupils"):
        path = rf"D:\Shares\Hiding\{name}"
        served.call(lambda host, path: host.files.make_directory(path), path)
        _protect(served, path, allow(served.sid(f"DHS-{name}"), rights.MODIFY, FILES_AND_FOLDERS))
    assert teacher.names("Hiding") == ["Staff"]
    assert pupil.names("Hiding") == ["Pupils"]


def test_a_share_that_wants_encryption_gets_it(admin: Client) -> None:
    admin.write("Sealed", "secret.txt", b"sealed")
    assert admin.read("Sealed", "secret.txt") == b"sealed"


def test_a_share_takes_no_more_users_than_it_may(
    served: RehearsedSmb, admin: Client, teacher: Client
) -> None:
    admin.names("Single")
    with refused(NtStatus.REQUEST_NOT_ACCEPTED):
        teacher.names("Single")
    admin.close()
    served.call(lambda host: host.name)  # the server has seen the connection end
    assert isinstance(teacher.names("Single"), list)


def test_a_share_that_is_removed_is_gone_for_who_was_connected(served: RehearsedSmb, teacher: Client) -> None:
    def add(host: WindowsHost) -> None:
        public = host.shares.get("Public")
        assert public is not None
        host.shares.add(type(public)("Passing", public.path, public.entries))

    served.call(add)
    teacher.names("Passing")
    served.call(lambda host: host.shares.remove("Passing"))
    with refused(NtStatus.NETWORK_NAME_DELETED):
        teacher.names("Passing")


def test_with_the_fault_access_denied_only_reading_works(served: RehearsedSmb, admin: Client) -> None:
    served.call(lambda host: host.files.write_file(r"D:\faulty.txt", b"old"))
    served.call(lambda host: host.faults.switch(Fault.ACCESS_DENIED, True))
    try:
        assert admin.read("D$", "faulty.txt") == b"old"
        with refused(NtStatus.ACCESS_DENIED):
            admin.write("D$", "faulty.txt", b"new")
    finally:
        served.call(lambda host: host.faults.switch(Fault.ACCESS_DENIED, False))
    admin.write("D$", "faulty.txt", b"new")


def test_a_refused_logon_is_refused_for_everybody(served: RehearsedSmb) -> None:
    served.call(lambda host: host.faults.switch(Fault.LOGON_REFUSED, True))
    client = Client(served.port, ADMINISTRATOR)
    try:
        with refused(NtStatus.LOGON_FAILURE):
            client.names("C$")
    finally:
        served.call(lambda host: host.faults.switch(Fault.LOGON_REFUSED, False))
        client.close()


def test_a_share_whose_folder_is_gone_takes_nothing_more(served: RehearsedSmb, teacher: Client) -> None:
    def add(host: WindowsHost) -> None:
        public = host.shares.get("Public")
        assert public is not None
        host.files.make_directory(r"D:\Shares\Short")
        host.shares.add(type(public)("Short", r"D:\Shares\Short", public.entries))

    served.call(add)
    teacher.names("Short")
    served.call(lambda host: host.files.remove(r"D:\Shares\Short"))
    with refused(NtStatus.NETWORK_NAME_DELETED):
        teacher.names("Short")
