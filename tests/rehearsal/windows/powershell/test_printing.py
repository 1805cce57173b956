from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.windows.powershell.records import PsEnum, UInt32
from tests.support.simulated_windows import Console, call, open_host

IPP = "Microsoft IPP Class Driver"


@pytest.fixture
def console(tmp_path: Path) -> Console:
    console = Console(open_host(tmp_path))
    console.run("Add-PrinterPort", "IP_10.114.0.21", "10.114.0.21", SNMP=1, SNMPCommunity="public")
    return console


def test_a_port_looks_as_windows_shows_it(console: Console) -> None:
    port = console.run("Get-PrinterPort", "ip_10.114.0.21").only()
    assert port.type_names[0].endswith("#ROOT/StandardCimv2/MSFT_TcpIpPrinterPort")
    assert port.prop("PrinterHostAddress") == "10.114.0.21"
    assert port.prop("PortNumber") == UInt32(9100)
    assert port.prop("SNMPEnabled") is True
    protocol = port.prop("Protocol")
    assert isinstance(protocol, PsEnum)
    assert (protocol.text, protocol.value) == ("RAW", 1)
    local = console.run("Get-PrinterPort", "FILE:").only()
    assert local.prop("PrinterHostAddress") is None


def test_a_queue_needs_its_driver_and_port(console: Console) -> None:
    result = console.run("Add-Printer", "L114", "HP Universal", PortName="IP_10.114.0.21")
    assert result.error_ids == ["HRESULT 0x80070705,Add-Printer"]
    assert "Use add-printerdriver" in result.errors[0].message
    result = console.run("Add-Printer", "L114", IPP, PortName="IP_10.0.0.1")
    assert result.error_ids == ["HRESULT 0x80070704,Add-Printer"]
    assert console.host.printing.printer("L114") is None


def test_a_queue_s_life(console: Console) -> None:
    added = console.run(
        "Add-Printer", "L114", IPP.upper(), PortName="ip_10.114.0.21", Shared=None, Location="Room 114"
    )
    assert added.errors == []
    queue = console.run("Get-Printer", "l114").only()
    assert queue.prop("DriverName") == IPP
    assert queue.prop("PortName") == "IP_10.114.0.21"
    assert (queue.prop("Shared"), queue.prop("ShareName")) == (True, "L114")
    assert queue.prop("Location") == "Room 114"
    assert console.run("Add-Printer", "L114", IPP, PortName="FILE:").error_ids == [
        "HRESULT 0x8007070a,Add-Printer"
    ]
    assert console.run("Set-Printer", "L114", Shared=False, Comment="Duplex").errors == []
    queue = console.run("Get-Printer", "L114").only()
    assert (queue.prop("Shared"), queue.prop("Comment")) == (False, "Duplex")
    assert console.run("Set-Printer", "L114", DriverName="Nope").error_ids == [
        "HRESULT 0x80070705,Set-Printer"
    ]
    assert console.run("Remove-Printer", "L114").errors == []
    assert console.run("Get-Printer", "L114").error_ids == ["CmdletizationQuery_NotFound_Name,Get-Printer"]


def test_what_a_queue_uses_cannot_be_removed(console: Console) -> None:
    console.run("Add-Printer", "L114", IPP, PortName="IP_10.114.0.21")
    assert console.run("Remove-PrinterPort", "IP_10.114.0.21").error_ids == [
        "HRESULT 0x800700aa,Remove-PrinterPort"
    ]
    assert console.run("Remove-PrinterDriver", IPP).error_ids == ["HRESULT 0x80070bb9,Remove-PrinterDriver"]
    assert console.batch([call("Get-Printer", "L114"), call("Remove-Printer")]).errors == []
    assert console.run("Remove-PrinterPort", "IP_10.114.0.21").errors == []
    assert console.run("Get-PrinterPort", "IP_10.114.0.21").errors


def test_drivers_come_from_the_store(console: Console) -> None:
    name = "Microsoft PS Class Driver"
    assert console.run("Get-PrinterDriver", name).error_ids == [
        "CmdletizationQuery_NotFound_Name,Get-PrinterDriver"
    ]
    assert console.run("Add-PrinterDriver", name).errors == []
    writes = console.host.counters.writes
    assert console.run("Add-PrinterDriver", name).errors == []
    assert console.host.counters.writes == writes
    driver = console.run("Get-PrinterDriver", name, PrinterEnvironment="Windows x64").only()
    assert driver.prop("MajorVersion") == UInt32(4)
    assert console.run("Get-PrinterDriver", name, PrinterEnvironment="Windows NT x86").errors
    assert console.run("Add-PrinterDriver", "HP Universal").error_ids == [
        "HRESULT 0x80070705,Add-PrinterDriver"
    ]
    assert console.run("Remove-PrinterDriver", name, RemoveFromDriverStore=True).errors == []
    assert console.run("Add-PrinterDriver", name).errors


def test_the_same_port_twice(console: Console) -> None:
    result = console.run("Add-PrinterPort", "IP_10.114.0.21", "10.0.0.9")
    assert result.error_ids == ["HRESULT 0x800700b7,Add-PrinterPort"]
    assert (
        console.run("Add-PrinterPort", Name="LPR", LprHostAddress="10.0.0.9", LprQueueName="q").errors == []
    )
    protocol = console.run("Get-PrinterPort", "LPR").only().prop("Protocol")
    assert isinstance(protocol, PsEnum)
    assert protocol.text == "LPR"


def test_without_its_spooler_windows_prints_nothing(console: Console) -> None:
    console.run("Stop-Service", "Spooler")
    for command in ("Get-Printer", "Get-PrinterPort", "Get-PrinterDriver"):
        result = console.run(command)
        assert result.error_ids == [f"HRESULT 0x800706ba,{command}"]


def test_others_than_administrators_only_look(console: Console) -> None:
    teacher = Console(console.host, "a.rivera")
    assert teacher.run("Get-Printer").errors == []
    result = teacher.run("Add-PrinterPort", "x", "10.0.0.1")
    assert result.error_ids == ["HRESULT 0x80070005,Add-PrinterPort"]
    assert result.errors[0].category.name == "PermissionDenied"
