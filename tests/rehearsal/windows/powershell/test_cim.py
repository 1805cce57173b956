from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.windows.powershell.records import PsValue, UInt32, UInt64
from engine.rehearsal.windows.powershell.wql import InvalidQuery, select, where
from tests.support.simulated_windows import Console, open_host

INSTANCE: dict[str, PsValue] = {
    "Name": "Spooler",
    "StartMode": "Auto",
    "ProcessId": UInt32(12),
    "Started": True,
    "Description": None,
}


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("Name='spooler'", True),
        ('name = "Spooler"', True),
        ("Name <> 'Spooler'", False),
        ("Name LIKE 'Spool%'", True),
        ("Name like '[a-r]%'", False),
        ("Name LIKE 'Spoo_er'", True),
        ("ProcessId > 9 AND ProcessId <= 12", True),
        ("ProcessId != 12 OR StartMode = 'auto'", True),
        ("NOT (Started = TRUE)", False),
        ("Started = 1", True),
        ("Description IS NULL", True),
        ("Name IS NOT NULL", True),
        ("StartMode='Auto' OR Name='x' AND Name='y'", True),
        ("Name = 'it\\'s'", False),
    ],
)
def test_conditions(condition: str, holds: bool) -> None:
    assert where(condition)(INSTANCE) is holds


@pytest.mark.parametrize(
    "condition", ["", "Name", "Name ==", "Name = Spooler", "(Name = 'x'", "Name = 'x' y", "Name = 'x"]
)
def test_broken_conditions(condition: str) -> None:
    with pytest.raises(InvalidQuery):
        where(condition)


def test_queries() -> None:
    query = select("SELECT Name, State FROM Win32_Service WHERE Name = 'a'")
    assert (query.class_name, query.properties) == ("Win32_Service", ("Name", "State"))
    assert select("select * from Win32_Service").properties == ()
    with pytest.raises(InvalidQuery):
        select("DELETE FROM Win32_Service")


@pytest.fixture
def console(tmp_path: Path) -> Console:
    return Console(open_host(tmp_path))


def test_the_system_and_its_disks(console: Console) -> None:
    system = console.run("Get-CimInstance", "win32_operatingsystem").only()
    assert system.type_names[0].endswith("CimInstance#root/cimv2/Win32_OperatingSystem")
    assert system.prop("BuildNumber") == "20348"
    assert system.prop("ProductType") == UInt32(3)
    assert console.run("Get-CimInstance", "Win32_ComputerSystem").only().prop("Domain") == "bcps.example"
    disks = console.run(
        "Get-CimInstance", Query="SELECT * FROM Win32_LogicalDisk WHERE DriveType = 3"
    ).objects
    assert [disk.prop("DeviceID") for disk in disks] == ["C:", "D:"]
    free = disks[1].prop("FreeSpace")
    assert isinstance(free, UInt64)
    console.host.files.write_file(r"D:\big.bin", bytes(8192))
    after = console.run("Get-CimInstance", "Win32_LogicalDisk", Filter="DeviceID='D:'").only()
    assert after.prop("FreeSpace") == free - 8192


def test_properties_that_were_not_asked_for_are_null(console: Console) -> None:
    service = console.run(
        "Get-CimInstance", "Win32_Service", Filter="Name='WinRM'", Property=("State",)
    ).only()
    assert (service.prop("Name"), service.prop("State"), service.prop("StartMode")) == (
        "WinRM",
        "Running",
        None,
    )


def test_what_there_is_not(console: Console) -> None:
    ending = "Microsoft.Management.Infrastructure.CimCmdlets.GetCimInstanceCommand"
    assert console.run("Get-CimInstance", "Win32_Product").error_ids == [f"HRESULT 0x80041010,{ending}"]
    assert console.run("Get-CimInstance", "Win32_Service", Namespace="root/other").errors
    assert console.run("Get-CimInstance", "Win32_Service", Filter="Bogus = 1").error_ids == [
        f"HRESULT 0x80041017,{ending}"
    ]
