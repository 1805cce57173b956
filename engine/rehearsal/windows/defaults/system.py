"""The system itself: editions, drives, and what stands in a fresh registry."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.image import GIGABYTE, Drive, HostImage, OperatingSystem, Product
from engine.rehearsal.windows.image import RegistryValue as Entry
from engine.rehearsal.windows.installers.registration import packed, upgrade_code_keys
from engine.rehearsal.windows.registry import Data, RegistryType, Value
from engine.rehearsal.windows.wow64 import View

Filling = tuple[str, str, Value, View]

SERVER_OS = OperatingSystem(
    caption="Microsoft Windows Server 2022 Standard",
    version="10.0.20348",
    build="20348",
    display_version="21H2",
    product_type=3,
)
WORKSTATION_OS = OperatingSystem(
    caption="Microsoft Windows 11 Education",
    version="10.0.22631",
    build="22631",
    display_version="23H2",
    product_type=1,
)
SERVER_DRIVES = (
    Drive(letter="C", label="System", size=120 * GIGABYTE, occupied=24 * GIGABYTE),
    Drive(letter="D", label="Data", size=1024 * GIGABYTE),
)
WORKSTATION_DRIVES = (Drive(letter="C", label="Windows", size=256 * GIGABYTE, occupied=48 * GIGABYTE),)

_VERSION = r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion"
_UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"
_CONTROL = r"HKLM\SYSTEM\CurrentControlSet\Control"


def operating_system(image: HostImage) -> OperatingSystem:
    """The image's edition, or the one that its kind has by default."""
    return image.os or (SERVER_OS if image.kind == "server" else WORKSTATION_OS)


def drives(image: HostImage) -> tuple[Drive, ...]:
    """The image's drives, or the ones that its kind has by default."""
    return image.drives or (SERVER_DRIVES if image.kind == "server" else WORKSTATION_DRIVES)


def _text(key: str, **values: str) -> Iterator[Filling]:
    for name, data in values.items():
        yield key, name, Value(RegistryType.String, data), View.BITS_64


def _number(key: str, **values: int) -> Iterator[Filling]:
    for name, data in values.items():
        yield key, name, Value(RegistryType.DWord, data), View.BITS_64


def registry(image: HostImage, host_name: str, dns: str) -> Iterator[Filling]:
    """What a fresh registry holds, as far as anybody who manages a computer looks."""
    yield from _edition(operating_system(image))
    yield from _computer(host_name, dns, image.time_zone)
    yield from _policies()
    for product in image.products:
        yield from _product(product)
    for entry in image.registry:
        yield entry.key, entry.name, _value(entry), View(entry.view)


def _edition(system: OperatingSystem) -> Iterator[Filling]:
    server = system.product_type == 3
    edition = "ServerStandard" if server else "Education"
    yield from _text(
        _VERSION,
        ProductName=system.caption.removeprefix("Microsoft "),
        DisplayVersion=system.display_version,
        CurrentBuild=system.build,
        CurrentBuildNumber=system.build,
        CurrentVersion="6.3",
        EditionID=edition,
        InstallationType="Server" if server else "Client",
        SystemRoot=r"C:\Windows",
    )
    yield from _number(_VERSION, CurrentMajorVersionNumber=10, CurrentMinorVersionNumber=0, UBR=2527)
    for view in View:
        current = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion"
        programs = r"C:\Program Files" if view is View.BITS_64 else r"C:\Program Files (x86)"
        text = RegistryType.String
        yield current, "ProgramFilesDir", Value(text, programs), view
        yield current, "ProgramFilesDir (x86)", Value(text, r"C:\Program Files (x86)"), view
        yield current, "ProgramW6432Dir", Value(text, r"C:\Program Files"), view
        yield current, "CommonFilesDir", Value(text, programs + r"\Common Files"), view


def _computer(host_name: str, dns: str, time_zone: str) -> Iterator[Filling]:
    for place in ("ActiveComputerName", "ComputerName"):
        yield from _text(f"{_CONTROL}\\ComputerName\\{place}", ComputerName=host_name.upper())
    tcpip = r"HKLM\SYSTEM\CurrentControlSet\Services\Tcpip\Parameters"
    yield from _text(tcpip, Hostname=host_name, Domain=dns)
    yield tcpip, "NV Domain", Value(RegistryType.String, dns), View.BITS_64
    yield from _text(f"{_CONTROL}\\TimeZoneInformation", TimeZoneKeyName=time_zone)
    yield from _number(f"{_CONTROL}\\Terminal Server", fDenyTSConnections=1)
    yield from _number(f"{_CONTROL}\\Lsa", RestrictAnonymous=0, LimitBlankPasswordUse=1)
    session = f"{_CONTROL}\\Session Manager\\Environment"
    path = r"%SystemRoot%\system32;%SystemRoot%;%SystemRoot%\System32\Wbem"
    expand = RegistryType.ExpandString
    yield session, "Path", Value(expand, path), View.BITS_64
    yield session, "TEMP", Value(expand, r"%SystemRoot%\TEMP"), View.BITS_64
    yield from _text(session, OS="Windows_NT", PROCESSOR_ARCHITECTURE="AMD64")


def _policies() -> Iterator[Filling]:
    system = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Policies\System"
    yield from _number(system, EnableLUA=1, ConsentPromptBehaviorAdmin=5, dontdisplaylastusername=0)
    yield from _text(system, legalnoticecaption="", legalnoticetext="")
    yield from _number(r"HKLM\SOFTWARE\Policies\Microsoft\Windows\System", EnableSmartScreen=1)
    yield from _number(
        r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Explorer", GlobalAssocChangedCounter=7
    )
    yield from _text(r"HKLM\SOFTWARE\Classes\.txt", **{"Content Type": "text/plain"})
    yield from _text(r"HKU\.DEFAULT\Control Panel\Desktop", Wallpaper="", ScreenSaveActive="1")
    yield from _text(r"HKU\.DEFAULT\Control Panel\International", LocaleName="en-US")
    yield from _number(r"HKU\.DEFAULT\Software\Microsoft\Windows\CurrentVersion\Explorer", ShellState=36)
    yield from _text(r"HKU\S-1-5-18\Control Panel\Desktop", Wallpaper="")


def _product(product: Product) -> Iterator[Filling]:
    key, view = f"{_UNINSTALL}\\{product.key}", View(product.view)
    msi = product.key.startswith("{")
    fields = {
        "DisplayName": product.name,
        "DisplayVersion": product.version,
        "Publisher": product.publisher,
        "InstallLocation": product.install_location,
        "UninstallString": product.uninstall_string or (f"MsiExec.exe /X{product.key}" if msi else ""),
        "QuietUninstallString": product.quiet_uninstall_string,
    }
    for name, data in fields.items():
        if data:
            yield key, name, Value(RegistryType.String, data), view
    if msi:
        yield key, "WindowsInstaller", Value(RegistryType.DWord, 1), view
    if msi and product.upgrade_code:
        for codes in upgrade_code_keys(product.upgrade_code):
            yield codes, packed(product.key), Value(RegistryType.String, ""), View.BITS_64


def _value(entry: Entry) -> Value:
    """Raises ValueError where the data does not fit the type."""
    kind = RegistryType.named(entry.type) or RegistryType.String
    data: Data = entry.data
    if kind in (RegistryType.Binary, RegistryType.None_):
        data = bytes.fromhex(str(entry.data))
    elif kind in (RegistryType.DWord, RegistryType.QWord):
        data = int(str(entry.data), 0)
    elif kind is RegistryType.MultiString:
        data = entry.data if isinstance(entry.data, tuple) else (str(entry.data),)
    return Value(kind, data)
