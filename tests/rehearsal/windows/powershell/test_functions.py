"""The emulations of the reviewed functions, called through the text that defines them."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest

from engine.rehearsal.windows import reboot
from engine.rehearsal.windows.image import HostImage, Product
from engine.rehearsal.windows.powershell.functions.products import packed
from engine.rehearsal.windows.powershell.functions.table import EMULATIONS
from engine.rehearsal.windows.powershell.records import CommandCall, PsValue
from engine.rehearsal.windows.powershell.script import digest, read_function
from engine.rehearsal.windows.registry import RegistryType, Value
from engine.rehearsal.windows.wow64 import View
from tests.support.simulated_windows import Console, Result, call, open_host

SCRIPTS = sorted((Path(__file__).parents[4] / "engine" / "kinds" / "scripts").glob("*.ps1"))
LAB = r"HKLM\SOFTWARE\Lab"
CODE = "{11111111-2222-3333-4444-555555555555}"
PRODUCTS = (
    Product(key=CODE, name="GeoGebra", version="6.0.8", view="32"),
    Product(key="VLC media player", name="VLC", version="3.0.20"),
)


@pytest.fixture
def console(tmp_path: Path) -> Console:
    console = Console(open_host(tmp_path, HostImage(kind="server", products=PRODUCTS)))
    for script in SCRIPTS:
        assert console.define(script.read_text(encoding="utf-8")).errors == []
    return console


def shown(result: Result) -> dict[str, PsValue]:
    return dict(result.only().properties)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_every_reviewed_function_has_an_emulation_of_its_present_text(script: Path) -> None:
    text = script.read_text(encoding="utf-8")
    assert read_function(text).name == script.stem
    assert EMULATIONS[script.stem.casefold()].sha256 == digest(text)
    assert digest(text.replace("\n", "\r\n")) == digest(text)


def test_there_is_no_emulation_without_its_function() -> None:
    assert {script.stem.casefold() for script in SCRIPTS} == set(EMULATIONS)


def test_a_function_is_unknown_until_its_text_came(tmp_path: Path) -> None:
    console = Console(open_host(tmp_path))
    assert console.run("Get-RollcallPendingReboot").error_ids == ["CommandNotFoundException"]


@pytest.mark.parametrize(
    "text",
    [
        "Get-Process",
        "$PSVersionTable",
        "",
        "function Get-Thing { 1 }",
        "function Get-Thing { param() 1 }",
        "function Get-A { param() } function Get-B { param() }",
        "function Get-Thing { param([int $x) }",
    ],
)
def test_any_other_script_is_refused(tmp_path: Path, text: str) -> None:
    result = Console(open_host(tmp_path)).define(text)
    assert len(result.errors) == 1
    assert result.errors[0].terminating
    assert "rehearsal" in result.errors[0].message


def test_a_changed_text_is_refused_with_both_digests(tmp_path: Path) -> None:
    text = SCRIPTS[0].read_text(encoding="utf-8") + "# changed"
    result = Console(open_host(tmp_path)).define(text)
    assert result.error_ids == ["RehearsalScriptNotReviewed"]
    assert digest(text) in result.errors[0].message


def test_calls_are_bound_by_the_text_s_own_param_block(console: Console) -> None:
    for key in (r"64:HKCU\x", r"16:HKLM\x", r"HKLM\x", r"64:HKLM", "64:HKLM\\x\\\\y"):
        assert console.run("Get-RollcallRegistryValue", Key=key).error_ids == [
            "ParameterArgumentValidationError,Get-RollcallRegistryValue"
        ]
    assert console.run("Get-RollcallRegistryValue", Value=r"64:HKLM\x").error_ids == [
        "ParameterArgumentValidationError,Get-RollcallRegistryValue"
    ]
    assert console.run("Remove-RollcallRegistryValue", Hive="HKLM", View=64).error_ids == [
        "MissingMandatoryParameter,Remove-RollcallRegistryValue"
    ]
    assert console.run("Get-RollcallInstalledProduct", UpgradeCode="nonsense").error_ids == [
        "ParameterArgumentValidationError,Get-RollcallInstalledProduct"
    ]
    assert console.run("Get-RollcallInstalledProduct", KeyName="a", UpgradeCode=CODE).error_ids == [
        "AmbiguousParameterSet,Get-RollcallInstalledProduct"
    ]


def write(console: Console, kind: str, *data: str, name: str = "v", view: int = 64) -> Result:
    place: dict[str, PsValue] = {"Hive": "HKLM", "Key": r"SOFTWARE\Lab", "View": view, "Name": name}
    return console.run("Set-RollcallRegistryValue", **place, Type=kind, Data=data)


def read(console: Console, name: str = "v", view: int = 64) -> dict[str, PsValue]:
    return shown(console.run("Get-RollcallRegistryValue", Value=f"{view}:{LAB}\\\\{name}"))


@pytest.mark.parametrize(
    ("kind", "data", "back", "stored"),
    [
        ("String", ("Grüße",), "Grüße", Value(RegistryType.String, "Grüße")),
        ("ExpandString", ("%TEMP%",), "%TEMP%", Value(RegistryType.ExpandString, "%TEMP%")),
        ("DWord", ("4294967295",), "4294967295", Value(RegistryType.DWord, 2**32 - 1)),
        ("QWord", ("18446744073709551615",), "18446744073709551615", Value(RegistryType.QWord, 2**64 - 1)),
        ("MultiString", ("a", "b"), ("a", "b"), Value(RegistryType.MultiString, ("a", "b"))),
        ("MultiString", (), (), Value(RegistryType.MultiString, ())),
        ("Binary", (base64.b64encode(b"\0\xff").decode(),), "AP8=", Value(RegistryType.Binary, b"\0\xff")),
        ("None", ("",), "", Value(RegistryType.None_, b"")),
    ],
)
def test_every_type_is_written_and_read(
    console: Console, kind: str, data: tuple[str, ...], back: PsValue, stored: Value
) -> None:
    assert write(console, kind, *data).errors == []
    assert console.host.registry.value(r"HKLM\SOFTWARE\Lab", "v") == stored
    found = read(console)
    assert (found["Type"], found["Data"], found["ValueExists"]) == (kind, back, True)


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("DWord", ("4294967296",)),
        ("DWord", ("-1",)),
        ("QWord", ("one",)),
        ("Binary", ("%%%",)),
        ("String", ("a", "b")),
        ("String", ()),
    ],
)
def test_data_that_does_not_fit_writes_nothing(console: Console, kind: str, data: tuple[str, ...]) -> None:
    result = write(console, kind, *data)
    assert result.error_ids == ["RollcallRegistryDataInvalid,Set-RollcallRegistryValue"]
    assert not result.errors[0].terminating
    assert console.host.counters.writes == 0


def test_views_are_apart_and_removal_is_quiet(console: Console) -> None:
    write(console, "DWord", "1", view=32)
    assert read(console) == {
        "Value": f"64:{LAB}\\\\v",
        "ValueExists": False,
        "Name": "v",
        "Type": "",
        "Data": "",
    }
    assert console.host.registry.exists(r"HKLM\SOFTWARE\WOW6432Node\Lab")
    for _ in range(2):
        gone = console.run(
            "Remove-RollcallRegistryValue", Hive="HKLM", Key=r"SOFTWARE\Lab", View=32, Name="V"
        )
        assert gone.errors == []
    assert read(console, view=32)["ValueExists"] is False


def test_all_values_of_a_key(console: Console) -> None:
    write(console, "DWord", "1", name="a")
    write(console, "String", "x", name="")
    result = console.run("Get-RollcallRegistryValue", Key=r"64:HKLM\SOFTWARE\lab")
    assert [item.prop("Name") for item in result.objects] == ["a", ""]
    nothing = shown(console.run("Get-RollcallRegistryValue", Key=r"64:HKLM\SOFTWARE\NoSuch"))
    assert (nothing["ValueExists"], nothing["Name"]) == (False, "")


def test_one_value_that_may_not_be_read_hides_no_other(console: Console) -> None:
    write(console, "String", "x", name="back\\\\slashes")
    asked = (
        rf"64:{LAB}\\none",
        r"64:HKLM\SAM\SAM\\F",
        rf"64:{LAB}\\BACK\\slashes",
        r"32:HKLM\SOFTWARE\\",
    )
    result = console.run("Get-RollcallRegistryValue", Value=asked)
    assert [item.prop("Value") for item in result.objects] == [asked[0], asked[2], asked[3]]
    assert [item.prop("ValueExists") for item in result.objects] == [False, True, False]
    assert [error.target_name for error in result.errors] == [asked[1]]
    assert not result.errors[0].terminating


def test_a_failed_write_ends_a_batch_that_says_stop(console: Console) -> None:
    place: dict[str, PsValue] = {"Hive": "HKLM", "Key": r"SOFTWARE\Lab", "View": 64}
    written = {**place, "Type": "DWord", "Data": ("1",), "ErrorAction": "Stop"}
    result = console.batch(
        [call("Set-RollcallRegistryValue", **{**written, "Data": ("no number",)}, Name="bad")],
        [call("Set-RollcallRegistryValue", **written, Name="after")],
    )
    assert result.failure is not None
    assert result.failure.error_id == "RollcallRegistryDataInvalid,Set-RollcallRegistryValue"
    assert console.host.counters.writes == 0


def test_a_table_is_rows_of_objects_and_of_errors_in_their_order(console: Console) -> None:
    services = CommandCall("Get-Service", False, (("Name", ("spooler", "nope", "WinRM")),), True)
    table = call("ConvertTo-RollcallTable", Property=("Name", "StartType", "CanStop", "NoSuch"))
    result = console.batch([services, table])
    assert result.errors == []
    (rows,) = result.output
    assert isinstance(rows, tuple)
    missing = "Cannot find any service with service name 'nope'."
    id_ = "NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.GetServiceCommand"
    assert rows == (
        ("object", "Spooler", "Automatic", True, None),
        ("error", id_, "ObjectNotFound", missing, "nope", "Get-Service"),
        ("object", "WinRM", "Automatic", True, None),
    )


def test_a_table_of_nothing_is_empty_and_lists_in_it_stay_lists(console: Console) -> None:
    table = call("ConvertTo-RollcallTable", Property=("Data",))
    nothing = console.batch([call("Get-Service", Name="no*such"), table])
    assert (nothing.output, nothing.errors) == ([()], [])
    write(console, "MultiString", "a", "b")
    lines = console.batch([call("Get-RollcallRegistryValue", Key=rf"64:{LAB}"), table])
    assert lines.output == [(("object", ("a", "b")),)]


def test_the_registry_has_its_rights(console: Console) -> None:
    teacher = Console(console.host, "a.rivera")
    for script in SCRIPTS:
        teacher.define(script.read_text(encoding="utf-8"))
    assert write(teacher, "DWord", "1").error_ids == [
        "RollcallRegistryAccessDenied,Set-RollcallRegistryValue"
    ]
    closed = console.run("Get-RollcallRegistryValue", Key=r"64:HKLM\SAM\SAM")
    assert closed.error_ids == ["RollcallRegistryAccessDenied,Get-RollcallRegistryValue"]
    assert closed.errors[0].category.name == "PermissionDenied"


@pytest.mark.parametrize(
    ("asked", "sid", "account"),
    [
        ("everyone", "S-1-1-0", "Everyone"),
        (r".\Administrators", "", ""),
        ("S-1-5-32-544", "S-1-5-32-544", r"BUILTIN\Administrators"),
        ("S-1-5-21-1-2-3-4", "S-1-5-21-1-2-3-4", ""),
        (r"BCPS\nobody", "", ""),
    ],
)
def test_accounts(console: Console, asked: str, sid: str, account: str) -> None:
    found = shown(console.run("Resolve-RollcallAccount", Name=asked))
    assert found == {"Name": asked, "Mapped": bool(sid), "Sid": sid, "Account": account}


def test_one_account_that_fails_hides_no_other(console: Console) -> None:
    asked = ("everyone", "S-1-5-99999999999999", r"BCPS\nobody")
    result = console.run("Resolve-RollcallAccount", Name=asked)
    assert [item.prop("Name") for item in result.objects] == [asked[0], asked[2]]
    assert [error.target_name for error in result.errors] == [asked[1]]


def test_accounts_of_this_computer(console: Console) -> None:
    found = shown(console.run("Resolve-RollcallAccount", Name=r".\administrator"))
    assert found["Account"] == r"DHS-SRV01\Administrator"


def test_pending_restarts(console: Console) -> None:
    assert shown(console.run("Get-RollcallPendingReboot")) == {"Pending": False, "Reasons": ()}
    reboot.require_servicing(console.host.registry)
    reboot.rename_at_start(console.host.registry, r"C:\x")
    found = shown(console.run("Get-RollcallPendingReboot"))
    assert found == {"Pending": True, "Reasons": ("servicing", "files")}


def test_products_by_key_and_by_upgrade_code(console: Console) -> None:
    found = shown(console.run("Get-RollcallInstalledProduct", KeyName=CODE))
    assert (found["View"], found["DisplayVersion"], found["WindowsInstaller"]) == (32, "6.0.8", True)
    found = shown(console.run("Get-RollcallInstalledProduct", KeyName="vlc MEDIA player"))
    assert (found["View"], found["WindowsInstaller"]) == (64, False)
    upgrade = "{AAAAAAAA-BBBB-CCCC-DDDD-EEEEEEEEEEEE}"
    nothing = shown(console.run("Get-RollcallInstalledProduct", UpgradeCode=upgrade))
    assert (nothing["Found"], nothing["UpgradeCode"], nothing["KeyName"]) == (False, upgrade, "")
    key = (
        r"HKLM\SOFTWARE\Classes\Installer\UpgradeCodes" + "\\" + packed(upgrade.strip("{}").replace("-", ""))
    )
    console.host.registry.fill(
        [(key, packed(CODE.strip("{}").replace("-", "")), Value(RegistryType.String, ""), View.BITS_64)]
    )
    found = shown(console.run("Get-RollcallInstalledProduct", UpgradeCode=upgrade))
    assert (found["Found"], found["KeyName"], found["UpgradeCode"]) == (True, CODE, upgrade)
    several = console.run("Get-RollcallInstalledProduct", DisplayName=("no such", "geogebra"))
    assert [item.prop("Found") for item in several.objects] == [False, True]
    assert [item.prop("DisplayName") for item in several.objects] == ["no such", "GeoGebra"]


def test_a_packed_guid_is_windows_installers() -> None:
    assert packed("0123456789ABCDEFFEDCBA9876543210") == "76543210BA98FEDCEFCDAB8967452301"
    assert packed(packed("0123456789ABCDEFFEDCBA9876543210")) == "0123456789ABCDEFFEDCBA9876543210"


def test_file_versions(console: Console) -> None:
    console.host.files.write_file(r"D:\text.exe", b"no program")
    result = console.run("Get-RollcallFileVersion", Path=(r"D:\no.exe", r"D:\text.exe"))
    versions = {"FileVersion": "", "ProductVersion": ""}
    assert [dict(item.properties) for item in result.objects] == [
        {"Path": r"D:\no.exe", "Exists": False, **versions},
        {"Path": r"D:\text.exe", "Exists": True, **versions},
    ]
