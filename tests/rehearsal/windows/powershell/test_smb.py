from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.image import HostImage
from engine.rehearsal.windows.powershell.records import PsEnum, UInt32
from engine.rehearsal.windows.shares import CHANGE, READ
from tests.support.simulated_windows import Console, Result, call, open_host

PATH = r"D:\Shares\Staff"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    host = open_host(tmp_path)
    host.files.make_directory(PATH)
    return Console(host)


def access(result: Result) -> list[tuple[str, str, str]]:
    assert not result.errors
    shown = []
    for entry in result.objects:
        kind, right = entry.prop("AccessControlType"), entry.prop("AccessRight")
        assert isinstance(kind, PsEnum)
        assert isinstance(right, PsEnum)
        shown.append((kind.text, right.text, str(entry.prop("AccountName"))))
    return shown


def test_a_new_share_is_as_windows_makes_it(console: Console) -> None:
    share = console.run("New-SmbShare", Name="Staff", Path=PATH).only()
    assert share.type_names[0] == (
        "Microsoft.Management.Infrastructure.CimInstance#ROOT/Microsoft/Windows/SMB/MSFT_SmbShare"
    )
    mode, caching = share.prop("FolderEnumerationMode"), share.prop("CachingMode")
    assert isinstance(mode, PsEnum)
    assert isinstance(caching, PsEnum)
    assert (mode.text, mode.value) == ("Unrestricted", 1)
    assert mode.type_name.endswith("SmbShare.FolderEnumerationMode")
    assert (caching.text, caching.value) == ("Manual", 1)
    assert share.prop("EncryptData") is False
    assert share.prop("ConcurrentUserLimit") == UInt32(0)
    assert isinstance(share.prop("ConcurrentUserLimit"), UInt32)
    assert share.prop("Description") == ""
    assert share.prop("ScopeName") == "*"
    assert access(console.run("Get-SmbShareAccess", "Staff")) == [("Allow", "Read", "Everyone")]


def test_access_is_given_as_asked_and_denials_stand_first(console: Console) -> None:
    console.run(
        "New-SmbShare",
        "Staff",
        PATH,
        FullAccess=(r"bcps\dhs-admins",),
        ChangeAccess=(r"BCPS\DHS-Staff", "a.rivera@bcps.example"),
        NoAccess=r"BCPS\DHS-Students",
    )
    assert access(console.run("Get-SmbShareAccess", "Staff")) == [
        ("Deny", "Full", r"BCPS\DHS-Students"),
        ("Allow", "Full", r"BCPS\DHS-Admins"),
        ("Allow", "Change", r"BCPS\DHS-Staff"),
        ("Allow", "Change", r"BCPS\a.rivera"),
    ]


@pytest.mark.parametrize(
    ("name", "path", "error_id", "message"),
    [
        ("Staff", r"D:\Missing", "Windows System Error 3", "The system cannot find the path specified. "),
        ("Staff", r"E:\Nothing", "Windows System Error 3", "The system cannot find the path specified. "),
        (
            "Staff",
            "Shares",
            "Windows System Error 123",
            "The filename, directory name, or volume label syntax is incorrect. ",
        ),
        ("c$", PATH, "Windows System Error 2118", "The name has already been shared. "),
        ("a/b", PATH, "Windows System Error 87", "The parameter is incorrect. "),
        ("x" * 81, PATH, "Windows System Error 87", "The parameter is incorrect. "),
    ],
)
def test_what_cannot_be_shared(console: Console, name: str, path: str, error_id: str, message: str) -> None:
    before = console.host.counters.writes
    result = console.run("New-SmbShare", Name=name, Path=path)
    assert result.error_ids == [f"{error_id},New-SmbShare"]
    assert result.errors[0].message == message
    assert result.errors[0].exception_type == "Microsoft.Management.Infrastructure.CimException"
    assert console.host.counters.writes == before


def test_a_file_is_no_folder_to_share(console: Console) -> None:
    console.host.files.write_file(r"D:\file.txt", b"x")
    result = console.run("New-SmbShare", "f", r"D:\file.txt")
    assert result.error_ids == ["Windows System Error 3,New-SmbShare"]


def test_an_unknown_account_leaves_everything_as_it_was(console: Console) -> None:
    result = console.run("New-SmbShare", "Staff", PATH, FullAccess=("Everyone", r"BCPS\nobody"))
    assert result.error_ids == ["Windows System Error 1332,New-SmbShare"]
    assert console.host.shares.get("Staff") is None
    console.run("New-SmbShare", "Staff", PATH)
    result = console.run(
        "Grant-SmbShareAccess",
        "Staff",
        AccountName=(r"BCPS\DHS-Staff", r"BCPS\nobody"),
        AccessRight="Change",
        Force=None,
    )
    assert result.error_ids == ["Windows System Error 1332,Grant-SmbShareAccess"]
    assert access(console.run("Get-SmbShareAccess", "Staff")) == [("Allow", "Read", "Everyone")]


def test_not_found_by_name_is_an_error_and_by_pattern_is_not(console: Console) -> None:
    result = console.run("Get-SmbShare", Name="Staff")
    assert result.error_ids == ["CmdletizationQuery_NotFound_Name,Get-SmbShare"]
    assert result.errors[0].message == (
        "No MSFT_SMBShare objects found with property 'Name' equal to 'Staff'.  Verify the value of the "
        "property and retry."
    )
    assert result.errors[0].category.name == "ObjectNotFound"
    assert result.errors[0].target_name == "Staff"
    assert console.run("Get-SmbShare", Name="Sta*").errors == []
    assert len(console.run("Get-SmbShare", Special=True).objects) == 5
    assert console.run("Get-SmbShare", Special=False).objects == []


def test_settings_change_one_by_one(console: Console) -> None:
    console.run("New-SmbShare", "Staff", PATH, Description="old", ConcurrentUserLimit=5)
    before = console.host.counters.writes
    assert console.run("Set-SmbShare", "STAFF", Description="", CachingMode="None", Force=True).errors == []
    assert console.run("Set-SmbShare", "Staff", CachingMode=0, Force=True).errors == []
    share = console.host.shares.get("Staff")
    assert share is not None
    assert (share.description, share.caching, share.user_limit) == ("", 0, 5)
    assert console.host.counters.writes == before + 1


def test_grant_adds_up_revoke_and_unblock_take_away(console: Console) -> None:
    console.run("New-SmbShare", "Staff", PATH, ReadAccess="Everyone")
    staff = r"BCPS\DHS-Staff"
    console.run("Grant-SmbShareAccess", "Staff", AccountName=staff, AccessRight="Change", Force=None)
    grant = console.run("Grant-SmbShareAccess", "Staff", AccountName=staff, AccessRight="Read", Force=None)
    assert access(grant) == [("Allow", "Read", "Everyone"), ("Allow", "Change", staff)]
    block = console.run("Block-SmbShareAccess", "Staff", AccountName="Everyone", Force=None)
    assert access(block)[0] == ("Deny", "Full", "Everyone")
    unblock = console.run("Unblock-SmbShareAccess", "Staff", AccountName="Everyone", Force=None)
    assert ("Allow", "Read", "Everyone") in access(unblock)
    revoke = console.run("Revoke-SmbShareAccess", "Staff", AccountName="Everyone", Force=None)
    assert access(revoke) == [("Allow", "Change", staff)]


def test_who_is_let_in_follows_from_the_commands(console: Console) -> None:
    principals = console.host.principals
    console.run(
        "New-SmbShare", "Staff", PATH, ChangeAccess=r"BCPS\DHS-Staff", ReadAccess=r"BCPS\DHS-Students"
    )
    console.run("Block-SmbShareAccess", "Staff", AccountName=r"BCPS\b.chen", Force=True)
    share = console.host.shares.get("staff")
    assert share is not None
    assert share.allowed_access(principals.token_for("a.rivera")) == CHANGE
    assert share.allowed_access(principals.token_for("s.tudent")) == READ
    assert share.allowed_access(principals.token_for("b.chen")) == 0
    assert share.allowed_access(principals.token_for("svc-rollcall")) == 0


def test_a_share_is_removed_and_its_folder_stays(console: Console) -> None:
    console.run("New-SmbShare", "Staff", PATH)
    assert console.run("Remove-SmbShare", "Staff", Force=True).errors == []
    assert console.host.files.exists(PATH)
    result = console.run("Remove-SmbShare", "Staff", Force=True)
    assert result.error_ids == ["CmdletizationQuery_NotFound_Name,Remove-SmbShare"]


def test_objects_go_down_the_pipe(console: Console) -> None:
    console.run("New-SmbShare", "Staff", PATH)
    result = console.batch([call("Get-SmbShare", "St*"), call("Get-SmbShareAccess")])
    assert access(result) == [("Allow", "Read", "Everyone")]
    result = console.batch([call("Get-SmbShare", "Staff"), call("Remove-SmbShare", Force=True)])
    assert result.errors == []
    assert console.host.shares.get("Staff") is None


def test_only_administrators_see_and_change_shares(console: Console) -> None:
    teacher = Console(console.host, "a.rivera")
    for command, arguments in (("Get-SmbShare", ()), ("New-SmbShare", ("x", PATH))):
        result = teacher.run(command, *arguments)
        assert result.error_ids == [f"Windows System Error 5,{command}"]
        assert result.errors[0].category.name == "PermissionDenied"


def test_the_fault_of_denied_access_keeps_changes_out(console: Console) -> None:
    console.host.faults.switch(Fault.ACCESS_DENIED, on=True)
    assert console.run("Get-SmbShare", "C$").errors == []
    assert console.run("New-SmbShare", "x", PATH).error_ids == ["Windows System Error 5,New-SmbShare"]


def test_german_windows_shows_german_names(tmp_path: Path) -> None:
    host = open_host(tmp_path, HostImage(kind="server", locale="de-DE"))
    host.files.make_directory(PATH)
    console = Console(host)
    console.run("New-SmbShare", "Staff", PATH)
    assert access(console.run("Get-SmbShareAccess", "Staff")) == [("Allow", "Read", "Jeder")]
    result = console.run("Grant-SmbShareAccess", "Staff", AccountName="Everyone", Force=True)
    assert result.error_ids == ["Windows System Error 1332,Grant-SmbShareAccess"]
