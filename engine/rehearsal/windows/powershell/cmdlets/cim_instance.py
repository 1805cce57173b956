"""Get-CimInstance for the Win32 classes that administrators read most (Microsoft's CIMWin32 provider)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from types import MappingProxyType

from engine.rehearsal.windows.defaults import system
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.powershell import cim
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.conversion import text_of
from engine.rehearsal.windows.powershell.records import (
    ErrorCategory,
    Output,
    PsObject,
    PsValue,
    Record,
    UInt16,
    UInt32,
    UInt64,
)
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.powershell.wql import InvalidQuery, Test, select, where
from engine.rehearsal.windows.services import StartType, Status

Properties = Mapping[str, PsValue]

_GET = signature(
    "Get-CimInstance default=ClassNameComputerSet class=Microsoft.Management.Infrastructure.CimCmdlets."
    "GetCimInstanceCommand",
    """
    ClassName String @0 ClassNameComputerSet! ClassNameSessionSet! property
    CimSession CimSession[] ClassNameSessionSet! QuerySessionSet! CimInstanceSessionSet! ResourceUriSessionSet! value ~
    ResourceUri Uri CimInstanceComputerSet CimInstanceSessionSet QueryComputerSet QuerySessionSet ResourceUriComputerSet ResourceUriSessionSet property ~
    ComputerName String[] ClassNameComputerSet QueryComputerSet CimInstanceComputerSet ResourceUriComputerSet =CN =ServerName property ~
    KeyOnly Switch ClassNameComputerSet ClassNameSessionSet ResourceUriComputerSet ResourceUriSessionSet ~
    Namespace String ClassNameComputerSet ClassNameSessionSet QueryComputerSet QuerySessionSet ResourceUriComputerSet ResourceUriSessionSet property
    OperationTimeoutSec UInt32 =OT
    InputObject CimInstance @0 CimInstanceComputerSet! CimInstanceSessionSet! =CimInstance value ~
    Query String QueryComputerSet! QuerySessionSet! property
    QueryDialect String ClassNameComputerSet ClassNameSessionSet QueryComputerSet QuerySessionSet property ~
    Shallow Switch ClassNameComputerSet ClassNameSessionSet QueryComputerSet QuerySessionSet ResourceUriComputerSet ResourceUriSessionSet ~
    Filter String ClassNameComputerSet ClassNameSessionSet ResourceUriComputerSet ResourceUriSessionSet property
    Property String[] ClassNameComputerSet ClassNameSessionSet ResourceUriComputerSet ResourceUriSessionSet =SelectProperties property
    """,  # noqa: E501 - a parameter with its sets reads best on a line
)
_NAMESPACE = "root/cimv2"
_START_MODES = {StartType.Automatic: "Auto"}
_STATES = {Status.StartPending: "Start Pending", Status.StopPending: "Stop Pending"}
_INSTALLED = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)
_BOOTED = datetime(2026, 8, 24, 6, 30, tzinfo=UTC)


def _services(host: WindowsHost) -> Iterator[Properties]:
    for service in host.services.all():
        running = service.status is not Status.Stopped
        yield {
            "Name": service.name,
            "Status": "OK",
            "ExitCode": UInt32(0 if running else 1077),  # never started since the computer did
            "DesktopInteract": False,
            "ErrorControl": "Normal",
            "PathName": service.executable,
            "ServiceType": "Share Process" if "svchost" in service.executable else "Own Process",
            "StartMode": _START_MODES.get(service.start_type, service.start_type.name),
            "Caption": service.display_name,
            "Description": service.description or None,
            "InstallDate": None,
            "CreationClassName": "Win32_Service",
            "Started": running,
            "SystemCreationClassName": "Win32_ComputerSystem",
            "SystemName": host.name.upper(),
            "AcceptPause": False,
            "AcceptStop": running and service.can_stop,
            "DisplayName": service.display_name,
            "ServiceSpecificExitCode": UInt32(0),
            "StartName": service.account,
            "State": _STATES.get(service.status, service.status.name),
            "TagId": UInt32(0),
            "CheckPoint": UInt32(0),
            "DelayedAutoStart": service.delayed,
            "ProcessId": UInt32(service.process_id),
            "WaitHint": UInt32(0),
        }


def _operating_system(host: WindowsHost) -> Iterator[Properties]:
    edition = system.operating_system(host.image)
    kilobytes = host.image.memory // 1024
    yield {
        "Status": "OK",
        "Name": f"{edition.caption}|C:\\Windows|\\Device\\Harddisk0\\Partition3",
        "FreePhysicalMemory": UInt64(kilobytes // 2),
        "Caption": edition.caption,
        "InstallDate": _INSTALLED,
        "CreationClassName": "Win32_OperatingSystem",
        "CSCreationClassName": "Win32_ComputerSystem",
        "CSName": host.name.upper(),
        "LastBootUpTime": _BOOTED,
        "NumberOfProcesses": UInt32(120),
        "OSType": UInt16(18),
        "Version": edition.version,
        "TotalVisibleMemorySize": UInt64(kilobytes),
        "BootDevice": "\\Device\\HarddiskVolume1",
        "BuildNumber": edition.build,
        "BuildType": "Multiprocessor Free",
        "CountryCode": "1",
        "Locale": "0407" if host.image.locale.startswith("de") else "0409",
        "Manufacturer": "Microsoft Corporation",
        "MUILanguages": (host.image.locale,),
        "OperatingSystemSKU": UInt32(7 if edition.product_type == 3 else 121),
        "OSArchitecture": "64-bit",
        "OSLanguage": UInt32(1031 if host.image.locale.startswith("de") else 1033),
        "PortableOperatingSystem": False,
        "Primary": True,
        "ProductType": UInt32(edition.product_type),
        "RegisteredUser": host.domain.name,
        "ServicePackMajorVersion": UInt16(0),
        "ServicePackMinorVersion": UInt16(0),
        "SystemDevice": "\\Device\\HarddiskVolume3",
        "SystemDirectory": "C:\\Windows\\system32",
        "SystemDrive": "C:",
        "WindowsDirectory": "C:\\Windows",
    }


def _computer_system(host: WindowsHost) -> Iterator[Properties]:
    server = host.image.kind == "server"
    yield {
        "Name": host.name.upper(),
        "Caption": host.name.upper(),
        "Description": "AT/AT COMPATIBLE",
        "Status": "OK",
        "CreationClassName": "Win32_ComputerSystem",
        "DNSHostName": host.name,
        "Domain": host.domain.dns,
        "DomainRole": UInt16(3 if server else 1),
        "Manufacturer": host.image.manufacturer,
        "Model": host.image.model or ("PowerEdge T350" if server else "OptiPlex 7010"),
        "NumberOfLogicalProcessors": UInt32(8),
        "NumberOfProcessors": UInt32(1),
        "PartOfDomain": True,
        "PCSystemType": UInt16(4 if server else 1),
        "PrimaryOwnerName": host.domain.name,
        "SystemType": "x64-based PC",
        "TotalPhysicalMemory": UInt64(host.image.memory),
        "UserName": None,
        "Workgroup": None,
    }


def _logical_disks(host: WindowsHost) -> Iterator[Properties]:
    for drive in host.drives:
        volume = host.files.drives[drive.letter]
        yield {
            "Name": f"{drive.letter}:",
            "DeviceID": f"{drive.letter}:",
            "Caption": f"{drive.letter}:",
            "Description": "Local Fixed Disk",
            "CreationClassName": "Win32_LogicalDisk",
            "SystemName": host.name.upper(),
            "Access": UInt16(0),
            "DriveType": UInt32(3),
            "FileSystem": "NTFS",
            "FreeSpace": UInt64(volume.free),
            "MediaType": UInt32(12),
            "Size": UInt64(drive.size),
            "VolumeName": drive.label,
            "VolumeSerialNumber": f"{int.from_bytes(drive.letter.encode() * 4, 'big'):08X}",
        }


# Class name: how to list its instances, and its key property.
_CLASSES: Mapping[str, tuple[Callable[[WindowsHost], Iterator[Properties]], str]] = MappingProxyType(
    {
        "Win32_Service": (_services, "Name"),
        "Win32_OperatingSystem": (_operating_system, ""),
        "Win32_ComputerSystem": (_computer_system, "Name"),
        "Win32_LogicalDisk": (_logical_disks, "DeviceID"),
    }
)


def _get(call: Call) -> Iterator[Record]:
    bound = call.bound
    namespace = (bound.text("Namespace") or _NAMESPACE).replace("\\", "/")
    try:
        if bound.given("Query"):
            query = select(bound.text("Query") or "")
            class_name, properties, test = query.class_name, query.properties, query.test
        else:
            class_name, properties = bound.text("ClassName") or "", bound.texts("Property")
            test = _filter(bound.text("Filter"))
        known = next((name for name in _CLASSES if name.casefold() == class_name.casefold()), None)
        if known is None or namespace.casefold() != _NAMESPACE:
            yield _failure(call, "Invalid class ", "HRESULT 0x80041010", class_name, namespace)
            return
        call.host.journal.read()
        found = [each for each in _CLASSES[known][0](call.host) if test(each)]
    except InvalidQuery:
        yield _failure(call, "Invalid query ", "HRESULT 0x80041017", "", namespace)
        return
    for each in found:
        yield Output(_instance(known, each, properties))


def _filter(condition: str | None) -> Test:
    return where(condition) if condition else lambda _instance: True


def _failure(call: Call, message: str, error_id: str, class_name: str, namespace: str) -> Record:
    category = ErrorCategory.MetadataError if class_name else ErrorCategory.InvalidArgument
    return call.error(
        message,
        error_id,
        category,
        f"{namespace}:{class_name}" if class_name else "",
        exception="Microsoft.Management.Infrastructure.CimException",
    )


def _instance(class_name: str, properties: Properties, wanted: tuple[str, ...]) -> PsObject:
    """All properties are there; the ones that were not asked for are null, the key excepted."""
    key = _CLASSES[class_name][1]
    kept = {name.casefold() for name in (*wanted, key)}
    shown = {
        name: value if not wanted or name.casefold() in kept else None for name, value in properties.items()
    }
    cim_class = cim.CimClass(_NAMESPACE, class_name, class_name)
    return cim_class.instance(shown, f'{key} = "{text_of(shown[key])}"' if key else "")


COMMANDS = (Command(_GET, _get),)
