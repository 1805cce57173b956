from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.rehearsal.windows.powershell.records import Int64, PsEnum, PsObject, PsValue
from engine.rehearsal.windows.registry import RegistryType, Value
from tests.support.simulated_windows import Console, call, open_host

COMMANDS = "Microsoft.PowerShell.Commands."
KEY = r"HKLM:\SOFTWARE\Rollcall"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(open_host(tmp_path))


def stored(console: Console, name: str) -> Value | None:
    return console.host.registry.value(r"HKLM\SOFTWARE\Rollcall", name)


@pytest.mark.parametrize(
    "path",
    [
        r"HKLM:\software\Microsoft\Windows NT\CurrentVersion",
        r"HKLM:/SOFTWARE/Microsoft/Windows NT/CurrentVersion",
        r"Registry::HKEY_LOCAL_MACHINE\SOFTWARE\Microsoft\Windows NT\CurrentVersion",
        r"Microsoft.PowerShell.Core\Registry::HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion",
    ],
)
def test_a_key_is_found_by_every_form_of_its_path(console: Console, path: str) -> None:
    key = console.run("Get-Item", LiteralPath=path).only()
    assert key.type_names[0] == "Microsoft.Win32.RegistryKey"
    assert str(key.prop("Name")).casefold() == (
        r"hkey_local_machine\software\microsoft\windows nt\currentversion"
    )
    values = key.prop("Property")
    assert isinstance(values, tuple)
    assert "ProductName" in values


def test_what_is_not_there(console: Console) -> None:
    result = console.run("Get-Item", KEY)
    assert result.error_ids == [f"PathNotFound,{COMMANDS}GetItemCommand"]
    assert result.errors[0].message == rf"Cannot find path '{KEY}' because it does not exist."
    assert console.run("Get-Item", r"C:\nothing*").errors == []
    assert console.run("Get-Item", r"HKU:\.DEFAULT").error_ids == [f"DriveNotFound,{COMMANDS}GetItemCommand"]
    for path in (r"relative\path", "Env:PATH", r"Registry::HKEY_NOWHERE\x"):
        assert console.run("Get-Item", path).error_ids == ["RehearsalDoesNotEmulate,Get-Item"]


@pytest.mark.parametrize(
    ("path", "kind", "there"),
    [
        (r"C:\Windows", "Container", True),
        (r"C:\Windows", "Leaf", False),
        (r"c:\WINDOWS", "Any", True),
        (r"D:\missing", "Any", False),
        (r"Q:\x", "Any", False),
        (r"HKLM:\SOFTWARE", "Container", True),
        (r"Nope:\x", "Any", False),
    ],
)
def test_testing_a_path_is_never_an_error(console: Console, path: str, kind: str, there: bool) -> None:
    console.host.files.make_directory(r"C:\Windows")
    result = console.run("Test-Path", path, PathType=kind)
    assert (result.output, result.errors) == ([there], [])


def test_a_new_key_over_an_old_one_wipes_it(console: Console) -> None:
    assert console.run("New-Item", KEY).errors == []
    console.run("New-ItemProperty", KEY, "Ledger", Value="x")
    again = console.run("New-Item", KEY)
    assert again.error_ids == [f"System.IO.IOException,{COMMANDS}NewItemCommand"]
    assert again.errors[0].message == "A key in this path already exists."
    assert stored(console, "Ledger") is not None
    assert console.run("New-Item", KEY, Force=True).errors == []
    assert stored(console, "Ledger") is None


def test_a_deep_key_needs_force(console: Console) -> None:
    deep = KEY + r"\a\b"
    assert console.run("New-Item", deep).error_ids == [f"System.ArgumentException,{COMMANDS}NewItemCommand"]
    assert console.run("New-Item", deep, Force=None).errors == []
    assert console.run("New-Item", KEY, Name="c", Value="default").errors == []
    names = [item.prop("PSChildName") for item in console.run("Get-ChildItem", KEY).objects]
    assert names == ["a", "c"]
    refused = console.run("Remove-Item", KEY)
    assert refused.error_ids == [f"HostFunctionNotImplemented,{COMMANDS}RemoveItemCommand"]
    assert console.run("Remove-Item", KEY, Recurse=True).errors == []
    assert console.run("Test-Path", KEY).output == [False]


@pytest.mark.parametrize(
    ("kind", "value", "data", "read"),
    [
        ("String", "x", "x", "x"),
        ("ExpandString", "%SystemRoot%\\x", "%SystemRoot%\\x", "C:\\Windows\\x"),
        ("DWord", 4294967295, 4294967295, -1),
        ("DWord", "-1", 4294967295, -1),
        ("QWord", Int64(-2), 2**64 - 2, Int64(-2)),
        ("MultiString", ("a", "b"), ("a", "b"), ("a", "b")),
        ("Binary", b"\0\xff", b"\0\xff", b"\0\xff"),
        ("Binary", (0, 255), b"\0\xff", b"\0\xff"),
    ],
)
def test_values_of_every_type(
    console: Console, kind: str, value: PsValue, data: PsValue, read: PsValue
) -> None:
    console.run("New-Item", KEY)
    made = console.run("New-ItemProperty", KEY, Name="v", PropertyType=kind, Value=value)
    assert made.errors == []
    found = stored(console, "V")
    assert found is not None
    assert (found.type.text, found.data) == (kind, data)
    assert console.run("Get-ItemProperty", KEY, "v").only().prop("v") == read


def test_new_and_set_differ_over_what_exists(console: Console) -> None:
    console.run("New-Item", KEY)
    assert console.run("Set-ItemProperty", KEY, "n", 5).errors == []
    assert stored(console, "n") == Value(RegistryType.DWord, 5)
    result = console.run("New-ItemProperty", KEY, "n", Value=6)
    assert result.error_ids == [f"System.IO.IOException,{COMMANDS}NewItemPropertyCommand"]
    assert result.errors[0].message == "The property already exists."
    assert console.run("New-ItemProperty", KEY, "n", Value=6, Force=True).errors == []
    assert console.run("Set-ItemProperty", KEY, "n", "7").errors == []
    assert stored(console, "n") == Value(RegistryType.DWord, 7)
    assert console.run("Set-ItemProperty", KEY, "n", "7", Type="String").errors == []
    assert stored(console, "n") == Value(RegistryType.String, "7")
    assert console.run("Set-ItemProperty", KEY + "x", "n", 1).error_ids == [
        f"PathNotFound,{COMMANDS}SetItemPropertyCommand"
    ]


def test_data_that_does_not_fit(console: Console) -> None:
    console.run("New-Item", KEY)
    result = console.run("New-ItemProperty", KEY, "n", PropertyType="DWord", Value="many")
    assert result.error_ids == [
        f"System.Management.Automation.PSInvalidCastException,{COMMANDS}NewItemPropertyCommand"
    ]
    assert "Input string was not in a correct format." in result.errors[0].message
    assert stored(console, "n") is None


def test_properties_that_are_missing(console: Console) -> None:
    console.run("New-Item", KEY)
    for verb in ("Get", "Remove"):
        result = console.run(f"{verb}-ItemProperty", KEY, "nope")
        assert result.error_ids == [
            f"System.Management.Automation.PSArgumentException,{COMMANDS}{verb}ItemPropertyCommand"
        ]
        assert result.errors[0].message == (
            r"Property nope does not exist at path HKEY_LOCAL_MACHINE\SOFTWARE\Rollcall."
        )
    console.run("Set-ItemProperty", KEY, "(default)", "d")
    assert stored(console, "") == Value(RegistryType.String, "d")
    assert console.run("Remove-ItemProperty", KEY, "(default)").errors == []
    assert stored(console, "") is None


def test_files_and_folders(console: Console) -> None:
    folder = console.run("New-Item", r"D:\a\b", ItemType="Directory").only()
    assert (folder.type_names[0], folder.prop("FullName")) == ("System.IO.DirectoryInfo", r"D:\a\b")
    assert console.run("New-Item", r"D:\a\b", ItemType="Directory").error_ids == [
        f"DirectoryExist,{COMMANDS}NewItemCommand"
    ]
    file = console.run("New-Item", r"D:\a\b\f.txt", Value="hi").only()
    assert (file.prop("Length"), file.prop("Extension"), file.prop("BaseName")) == (2, ".txt", "f")
    attributes = file.prop("Attributes")
    assert isinstance(attributes, PsEnum)
    assert attributes.text == "Archive"
    assert console.run("New-Item", r"D:\a\b\f.txt").error_ids == [f"NewItemIOError,{COMMANDS}NewItemCommand"]
    assert console.run("New-Item", r"D:\x\f.txt").error_ids == [f"NewItemIOError,{COMMANDS}NewItemCommand"]
    listed = console.run("Get-ChildItem", r"D:\a", Recurse=True, Name=True).output
    assert listed == ["b", r"b\f.txt"]
    texts = console.run("Get-ChildItem", r"D:\a", Recurse=True, File=True, Filter="*.TXT").only()
    assert texts.prop("Name") == "f.txt"
    assert console.run("Rename-Item", r"D:\a\b\f.txt", "g.txt").errors == []
    assert console.run("Remove-Item", r"D:\a\b\*.txt").errors == []
    assert console.run("Remove-Item", r"D:\a").errors
    assert console.run("Remove-Item", r"D:\a", Recurse=True).errors == []
    assert not console.host.files.exists(r"D:\a")


def test_content_and_its_hash(console: Console) -> None:
    console.host.files.make_directory(r"D:\t")
    path = r"D:\t\f.txt"
    assert console.run("Set-Content", path, ("Grüße", "zwei"), Encoding="UTF8").errors == []
    data = console.host.files.read_file(path)
    assert data == b"\xef\xbb\xbf" + "Grüße\r\nzwei\r\n".encode()
    assert console.run("Get-Content", path).output == ["Grüße", "zwei"]
    assert console.run("Get-Content", path, Raw=True).output == ["Grüße\r\nzwei\r\n"]
    assert console.run("Get-Content", path, Tail=1).output == ["zwei"]
    assert console.run("Set-Content", path, "ü").errors == []
    assert console.host.files.read_file(path) == b"\xfc\r\n"
    found = console.run("Get-FileHash", path).only()
    assert found.prop("Hash") == hashlib.sha256(b"\xfc\r\n").hexdigest().upper()
    assert console.run("Get-Content", r"D:\t\no").error_ids == [f"PathNotFound,{COMMANDS}GetContentCommand"]


def test_rights_count(console: Console) -> None:
    console.run("New-Item", r"C:\Windows\System32\secret", ItemType="Directory")
    teacher = Console(console.host, "a.rivera")
    result = teacher.run("New-Item", r"C:\Windows\System32\evil.dll", Value="x")
    assert result.error_ids == [f"NewItemUnauthorizedAccessError,{COMMANDS}NewItemCommand"]
    assert result.errors[0].category.name == "PermissionDenied"
    result = teacher.run("New-Item", KEY)
    assert result.error_ids == [f"System.Security.SecurityException,{COMMANDS}NewItemCommand"]
    assert teacher.run("Get-Item", r"HKLM:\SOFTWARE").errors == []


def test_an_acl_shows_owner_and_entries_by_name(console: Console) -> None:
    console.host.files.make_directory(r"D:\t")
    acl = console.run("Get-Acl", r"D:\t").only()
    assert acl.type_names[0] == "System.Security.AccessControl.DirectorySecurity"
    assert acl.prop("Owner") == r"BUILTIN\Administrators"
    entries = acl.prop("Access")
    assert isinstance(entries, tuple)
    shown = {str(entry.prop("IdentityReference")) for entry in entries if isinstance(entry, PsObject)}
    assert r"NT AUTHORITY\SYSTEM" in shown
    assert str(acl.prop("Sddl")).startswith("O:BA")


def test_items_go_down_the_pipe(console: Console) -> None:
    console.run("New-Item", KEY + r"\x", Force=True)
    result = console.batch([call("Get-ChildItem", KEY), call("Remove-Item")])
    assert result.errors == []
    assert console.run("Test-Path", KEY + r"\x").output == [False]
