from __future__ import annotations

from pathlib import Path

import pytest

from engine.rehearsal.windows import reboot
from engine.rehearsal.windows.image import HostImage, Product, RegistryValue, Service
from engine.rehearsal.windows.printing import Port, Printer
from engine.rehearsal.windows.registry import RegistryType, Value
from engine.rehearsal.windows.restart import restart
from engine.rehearsal.windows.services import (
    ServiceCannotStop,
    ServiceDisabled,
    StartType,
    Status,
)
from engine.rehearsal.windows.shares import Share
from engine.rehearsal.windows.storage import StateCorrupt
from engine.rehearsal.windows.wow64 import View
from tests.support.simulated_windows import open_host

UNINSTALL = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Uninstall"


def test_opening_and_looking_writes_nothing(tmp_path: Path) -> None:
    host = open_host(tmp_path / "h")
    assert not (tmp_path / "h").exists()
    host.registry.subkeys("HKLM")
    host.services.all()
    host.shares.all()
    host.printing.printers()
    host.save()
    assert not (tmp_path / "h").exists()
    assert host.counters.writes == 0


def test_what_changed_is_there_after_a_restart(tmp_path: Path) -> None:
    host = open_host(tmp_path / "h")
    host.registry.create(r"HKLM\SOFTWARE\Rollcall")
    host.shares.add(Share("Staff", r"D:\Staff", ()))
    host.services.stop("Spooler")
    host.printing.add_port(Port("IP_10.0.0.1", "tcp", "10.0.0.1"))
    host.printing.add_printer(Printer("P", "Microsoft IPP Class Driver", "IP_10.0.0.1"))
    host.save()
    assert host.journal.unsaved == frozenset()
    again = open_host(tmp_path / "h")
    assert again.registry.exists(r"HKLM\SOFTWARE\Rollcall")
    assert again.registry.exists(r"HKLM\SOFTWARE\Microsoft\Windows NT\CurrentVersion")
    assert again.shares.all() == host.shares.all()
    assert again.printing.printers() == host.printing.printers()
    spooler = again.services.get("spooler")
    assert spooler is not None
    assert spooler.status is Status.Stopped


def test_only_the_part_that_changed_is_written(tmp_path: Path) -> None:
    host = open_host(tmp_path / "h")
    host.shares.add(Share("Staff", r"D:\Staff", ()))
    host.save()
    assert [path.name for path in (tmp_path / "h").iterdir()] == ["shares.json"]


def test_a_file_that_was_damaged_is_named(tmp_path: Path) -> None:
    (tmp_path / "shares.json").write_text("[{")
    with pytest.raises(StateCorrupt, match=r"shares\.json"):
        _ = open_host(tmp_path).shares


def test_an_image_adds_to_what_windows_brings(tmp_path: Path) -> None:
    image = HostImage(
        kind="workstation",
        services=(Service(name="Spooler", start_type="Disabled"), Service(name="LabAgent", running=True)),
        registry=(
            RegistryValue(key=r"HKLM\SOFTWARE\Lab", name="Bytes", type="Binary", data="00ff"),
            RegistryValue(key=r"HKLM\SOFTWARE\Lab", name="Big", type="QWord", data="0x10"),
        ),
        products=(Product(key="{GUID}", name="GeoGebra", version="6.0", view="32"),),
    )
    host = open_host(tmp_path, image, "DHS-L114-01")
    spooler = host.services.get("Spooler")
    assert spooler is not None
    assert spooler.start_type is StartType.Disabled
    assert host.services.get("LabAgent") is not None
    assert host.services.get("WinRM") is not None
    assert host.registry.value(r"HKLM\SOFTWARE\Lab", "bytes") == Value(RegistryType.Binary, b"\x00\xff")
    assert host.registry.value(r"HKLM\SOFTWARE\Lab", "Big") == Value(RegistryType.QWord, 16)
    assert host.registry.subkeys(UNINSTALL, View.BITS_32) == ("{GUID}",)
    assert not host.registry.exists(UNINSTALL, View.BITS_64)


def test_a_service_is_configured_in_the_registry_too(tmp_path: Path) -> None:
    host = open_host(tmp_path)
    key = r"HKLM\SYSTEM\CurrentControlSet\Services\Spooler"
    host.services.configure("Spooler", start_type=StartType.Disabled)
    assert host.registry.value(key, "Start") == Value(RegistryType.DWord, 4)
    host.services.configure("Spooler", start_type=StartType.Automatic, delayed=True)
    assert host.registry.value(key, "DelayedAutostart") == Value(RegistryType.DWord, 1)
    host.services.configure("Spooler", delayed=False)
    spooler = host.services.get("Spooler")
    assert spooler is not None
    assert not spooler.delayed


def test_services_start_with_what_they_need_and_refuse_as_windows_does(tmp_path: Path) -> None:
    host = open_host(tmp_path)
    assert host.services.stop("NlaSvc")
    assert not host.services.stop("NlaSvc")
    host.services.stop("Dhcp")
    assert host.services.start("NlaSvc")
    dhcp = host.services.get("Dhcp")
    assert dhcp is not None
    assert dhcp.status is Status.Running
    with pytest.raises(ServiceCannotStop):
        host.services.stop("RpcSs")
    host.services.configure("upnphost", start_type=StartType.Disabled)
    with pytest.raises(ServiceDisabled):
        host.services.start("upnphost")


def test_marks_of_a_pending_restart(tmp_path: Path) -> None:
    registry = open_host(tmp_path).registry
    assert not reboot.is_pending(registry)
    reboot.rename_at_start(registry, r"C:\new.dll", r"C:\old.dll")
    reboot.rename_at_start(registry, r"C:\gone.tmp")
    assert reboot.pending_renames(registry) == (r"\??\C:\new.dll", r"\??\C:\old.dll", r"\??\C:\gone.tmp", "")
    reboot.require_servicing(registry)
    assert reboot.is_pending(registry)
    reboot.clear(registry)
    assert not reboot.is_pending(registry)


def test_every_default_service_can_be_looked_at(tmp_path: Path) -> None:
    for kind in ("server", "workstation"):
        services = open_host(tmp_path, HostImage.model_validate({"kind": kind})).services.all()
        assert len(services) > 80
        running = {s.name.casefold() for s in services if s.status is Status.Running}
        known = {s.name.casefold() for s in services}
        needed = {n.casefold() for s in services if s.status is Status.Running for n in s.dependencies}
        # Drivers are no services here; a service that runs has all services running that it needs.
        assert needed & known <= running


def test_a_service_s_configuration_is_saved_with_its_registry_key(tmp_path: Path) -> None:
    host = open_host(tmp_path)
    host.services.configure("Spooler", start_type=StartType.Automatic, delayed=True)
    assert host.counters.writes == 1
    host.save()
    spooler = open_host(tmp_path).services.get("Spooler")
    assert spooler is not None
    assert spooler.delayed


def test_a_restart_replaces_files_and_leaves_nothing_pending(tmp_path: Path) -> None:
    host = open_host(tmp_path)
    host.files.write_file(r"C:\Lab\new.dll", b"new")
    host.files.write_file(r"C:\Lab\old.dll", b"old")
    host.files.write_file(r"C:\Lab\gone.tmp", b"x")
    reboot.rename_at_start(host.registry, r"C:\Lab\new.dll", r"C:\Lab\old.dll")
    reboot.rename_at_start(host.registry, r"C:\Lab\gone.tmp")
    reboot.require_update(host.registry)
    host.shares.add(Share("Now", r"C:\Lab", (), temporary=True))
    host.services.stop("Spooler")
    host.services.start("BITS")
    restart(host)
    assert not reboot.is_pending(host.registry)
    assert host.files.read_file(r"C:\Lab\old.dll") == b"new"
    assert not host.files.exists(r"C:\Lab\new.dll")
    assert not host.files.exists(r"C:\Lab\gone.tmp")
    assert host.shares.get("Now") is None
    spooler, transfer = host.services.get("Spooler"), host.services.get("BITS")
    assert spooler is not None
    assert transfer is not None
    assert (spooler.status, transfer.status) == (Status.Running, Status.Stopped)


def test_only_a_server_offers_printer_drivers(tmp_path: Path) -> None:
    assert open_host(tmp_path / "a").shares.get("print$") is not None
    assert open_host(tmp_path / "b", HostImage(kind="workstation")).shares.get("print$") is None
