"""Printers, ports and drivers as the PrintManagement module returns them, and its errors."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.powershell import cim, enums
from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.records import (
    ErrorCategory,
    ErrorRecord,
    PsObject,
    PsValue,
    UInt32,
    UInt64,
)
from engine.rehearsal.windows.powershell.wildcard import has_wildcard, matches
from engine.rehearsal.windows.printing import Driver, Port, Printer
from engine.rehearsal.windows.services import Status

_NAMESPACE = "ROOT/StandardCimv2"
PRINTER = cim.CimClass(_NAMESPACE, "MSFT_Printer", "MSFT_Printer")
DRIVER = cim.CimClass(_NAMESPACE, "MSFT_PrinterDriver", "MSFT_PrinterDriver")
PORT = cim.CimClass(_NAMESPACE, "MSFT_PrinterPort", "MSFT_PrinterPort")
TCP_PORT = cim.CimClass(_NAMESPACE, "MSFT_TcpIpPrinterPort", "MSFT_TcpIpPrinterPort")
LOCAL_PORT = cim.CimClass(_NAMESPACE, "MSFT_LocalPrinterPort", "MSFT_LocalPrinterPort")

_PERMISSIONS = "G:SYD:(A;CIIO;RC;;;CO)(A;OIIO;RPWPSDRCWDWO;;;CO)(A;;SWRC;;;WD)(A;;LCSWSDRCWDWO;;;BA)"

_Named = TypeVar("_Named", Printer, Port, Driver)


def printer_object(printer: Printer, *, full: bool) -> PsObject:
    """A queue as Get-Printer returns it; its permissions only with -Full."""
    properties: dict[str, PsValue] = {
        "RenderingMode": enums.by_number("RenderingModeEnum", printer.rendering_mode),
        "Type": enums.by_name("PrinterTypeEnum", "Local"),
        "DeviceType": enums.by_name("DeviceTypeEnum", "Print"),
        "WorkflowPolicy": enums.by_name("WorkflowPolicyEnum", "Uninitialized"),
        "PrinterStatus": enums.by_name("PrinterStatusEnum", "Normal"),
        "BranchOfficeOfflineLogSizeMB": None,
        "Comment": printer.comment,
        "ComputerName": "",
        "Datatype": printer.data_type,
        "DisableBranchOfficeLogging": None,
        "DriverName": printer.driver,
        "JobCount": UInt32(0),
        "KeepPrintedJobs": printer.keep_printed_jobs,
        "Location": printer.location,
        "Name": printer.name,
        "PermissionSDDL": _PERMISSIONS if full else None,
        "PortName": printer.port,
        "PrintProcessor": printer.processor,
        "Priority": UInt32(printer.priority),
        "Published": printer.published,
        "SeparatorPageFile": printer.separator_page,
        "Shared": printer.shared,
        "ShareName": printer.share_name,
        "StartTime": UInt32(printer.start_time),
        "UntilTime": UInt32(printer.until_time),
    }
    return PRINTER.instance(properties, f'Name = "{printer.name}", ComputerName = "", RenderingMode = 0')


def port_object(port: Port) -> PsObject:
    """A port as Get-PrinterPort returns it; what a local port has not is missing."""
    tcp = port.kind == "tcp"
    properties: dict[str, PsValue] = {
        "Caption": None,
        "ComputerName": "",
        "Description": "Standard TCP/IP Port" if tcp else "Local Port",
        "ElementName": None,
        "Name": port.name,
        "PortMonitor": "TCPMON.DLL" if tcp else "Local Monitor",
    }
    if tcp:
        properties |= {
            "Protocol": enums.by_name("PortProtocolEnum", port.protocol.upper()),
            "LprByteCounting": port.lpr_byte_counting,
            "LprQueueName": port.lpr_queue,
            "PortNumber": UInt32(port.number),
            "PrinterHostAddress": port.host_address,
            "SNMPCommunity": port.snmp_community,
            "SNMPEnabled": port.snmp_enabled,
            "SNMPIndex": UInt32(port.snmp_index),
        }
    return (TCP_PORT if tcp else LOCAL_PORT).instance(properties, f'Name = "{port.name}", ComputerName = ""')


def driver_object(driver: Driver) -> PsObject:
    """A driver as Get-PrinterDriver returns it."""
    folder = driver.inf.replace(".", ".inf_amd64_") if driver.inf else ""
    repository = "C:\\Windows\\System32\\DriverStore\\FileRepository"
    properties: dict[str, PsValue] = {
        "ComputerName": "",
        "ConfigFile": None,
        "DataFile": None,
        "Description": driver.name,
        "DriverVersion": UInt64(_packed(driver.version)),
        "InfPath": f"{repository}\\{folder}\\{driver.inf}" if driver.inf else "",
        "IsPackageAware": True,
        "MajorVersion": UInt32(driver.major_version),
        "Manufacturer": driver.manufacturer,
        "Name": driver.name,
        "PrinterEnvironment": driver.environment,
        "PrintProcessor": "winprint",
        "provider": driver.manufacturer,
    }
    keys = f'Name = "{driver.name}", PrinterEnvironment = "{driver.environment}"'
    return DRIVER.instance(properties, keys)


def _packed(version: str) -> int:
    """A version of up to four numbers in one 64 bit number, the first on top."""
    numbers = [int(part) if part.isdigit() else 0 for part in version.split(".")[:4]]
    result = 0
    for number in numbers + [0] * (4 - len(numbers)):
        result = result << 16 | min(number, 0xFFFF)
    return result


def named(
    call: Call,
    cim_class: cim.CimClass,
    names: tuple[str, ...],
    everything: tuple[_Named, ...],
    get: Callable[[str], _Named | None],
) -> Iterator[_Named | ErrorRecord]:
    """The things of the given names or patterns; an error record for each exact name that is none."""
    for name in names:
        if has_wildcard(name):
            yield from (thing for thing in everything if matches(name, thing.name))
            continue
        thing = get(name)
        yield cim.not_found(call, cim_class, name) if thing is None else thing


def refusal(call: Call, cim_class: cim.CimClass, *, changes: bool) -> ErrorRecord | None:
    """Why the spooler answers nobody, or not this caller; None where it does."""
    spooler = call.host.services.get("Spooler")
    if spooler is None or spooler.status is not Status.Running:
        message = "The spooler service is not reachable. Ensure the spooler service is running."
        return cim.failure(call, cim_class, message, "HRESULT 0x800706ba")
    allowed = call.token.is_administrator and Fault.ACCESS_DENIED not in call.host.faults
    if changes and not allowed:
        message = "Access was denied to the specified resource."
        return cim.failure(call, cim_class, message, "HRESULT 0x80070005", ErrorCategory.PermissionDenied)
    return None


def unknown_driver(call: Call, cim_class: cim.CimClass) -> ErrorRecord:
    message = (
        "The specified driver does not exist. Use add-printerdriver to add a new driver, or specify an "
        "existing driver."
    )
    return cim.failure(call, cim_class, message, "HRESULT 0x80070705")


def unknown_port(call: Call, cim_class: cim.CimClass) -> ErrorRecord:
    message = (
        "The specified port does not exist. Use add-printerport to add a new port, or specify an existing "
        "port."
    )
    return cim.failure(call, cim_class, message, "HRESULT 0x80070704")
