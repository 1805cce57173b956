"""One simulated Windows computer: ties its state together, opens it from a folder and saves what changed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Protocol, TypeVar

from pydantic import JsonValue

from engine.rehearsal.windows import storage
from engine.rehearsal.windows.defaults import printing as default_printing
from engine.rehearsal.windows.defaults import services as default_services
from engine.rehearsal.windows.defaults import system
from engine.rehearsal.windows.faults import Fault, Faults
from engine.rehearsal.windows.filesystem.system import FileSystem
from engine.rehearsal.windows.filesystem.tree import VolumeSpec
from engine.rehearsal.windows.image import Drive, HostImage, PrinterDriver, Service
from engine.rehearsal.windows.installers.files import HostFiles
from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.installers.processes import Processes
from engine.rehearsal.windows.installers.products import InstalledProduct, Products
from engine.rehearsal.windows.journal import Counters, Journal, Part
from engine.rehearsal.windows.principals import AccessToken, Domain, Principals, User
from engine.rehearsal.windows.printing import Printing
from engine.rehearsal.windows.registry import Registry
from engine.rehearsal.windows.services import Services, registry_entries
from engine.rehearsal.windows.shares import Shares
from engine.rehearsal.windows.wow64 import View


class _Kept(Protocol):
    """A part of the state that can be saved."""

    def to_json(self) -> JsonValue: ...

    def from_json(self, state: JsonValue) -> None: ...


K = TypeVar("K", bound=_Kept)
N = TypeVar("N", Service, PrinterDriver)


def _merged(base: Iterable[N], additions: Iterable[N]) -> tuple[N, ...]:
    """`base` with `additions` put in place of entries of the same name, or behind them."""
    found = {entry.name.casefold(): entry for entry in base}
    found |= {entry.name.casefold(): entry for entry in additions}
    return tuple(found.values())


class WindowsHost:
    """A computer. Parts of its state are read when first asked for, so that opening one costs nothing."""

    def __init__(self, folder: Path, image: HostImage, name: str, domain: Domain) -> None:
        self.folder = folder
        self.image = image
        self.name = name
        self.domain = domain
        self.counters = Counters()
        self.journal = Journal(self.counters)
        self.faults = Faults()

    @classmethod
    def open(cls, folder: Path, image: HostImage, name: str, domain: Domain) -> WindowsHost:
        """The computer whose state is kept in `folder`; as fresh as its image where nothing is kept yet."""
        return cls(folder, image, name, domain)

    @property
    def drives(self) -> tuple[Drive, ...]:
        """The fixed disks' volumes."""
        return system.drives(self.image)

    @cached_property
    def principals(self) -> Principals:
        """Everybody whom this computer knows."""
        users = tuple(User(u.name, u.password, u.full_name) for u in self.image.local_users)
        return Principals(self.name, self.domain, self.image.locale, users, self.image.local_groups)

    @cached_property
    def files(self) -> FileSystem:
        """The file system; it keeps itself, so that `save` has nothing to do for it."""
        volumes = tuple(VolumeSpec(d.letter, d.size, d.label, d.occupied) for d in self.drives)
        kept = self.folder / "files"
        is_fresh = not kept.exists()
        files = FileSystem(kept, volumes, self.journal, lambda: Fault.DISK_FULL in self.faults)
        counted = self.counters.writes
        for stored in self.image.files if is_fresh else ():
            files.write_file(stored.path, Path(stored.source).read_bytes())
        self.counters.writes = counted  # what it starts with is nobody's write
        return files

    @cached_property
    def registry(self) -> Registry:
        """The registry.

        Raises:
            StateCorrupt: the saved state cannot be read (so for every part).
        """
        registry = Registry(self.journal)
        if not self._restore(Part.REGISTRY, registry):
            registry.fill(system.registry(self.image, self.name, self.domain.dns))
            for service in Services(self.journal, Registry(self.journal), self._service_images).all():
                registry.fill(registry_entries(service))
        return registry

    @property
    def _service_images(self) -> tuple[Service, ...]:
        server = self.image.kind == "server"
        base = default_services.SERVER if server else default_services.WORKSTATION
        return _merged(base, self.image.services)

    @cached_property
    def services(self) -> Services:
        """The services."""
        services = Services(self.journal, self.registry, self._service_images)
        self._restore(Part.SERVICES, services)
        return services

    @cached_property
    def shares(self) -> Shares:
        """The SMB shares."""
        letters = (drive.letter for drive in self.drives)
        shares = Shares(self.journal, letters, prints=self.image.kind == "server")
        self._restore(Part.SHARES, shares)
        return shares

    @cached_property
    def printing(self) -> Printing:
        """Printer drivers, ports and queues."""
        drivers = _merged(default_printing.SERVER, self.image.printer_drivers)
        printing = Printing(self.journal, drivers, default_printing.QUEUES)
        self._restore(Part.PRINTING, printing)
        return printing

    @cached_property
    def products(self) -> Products:
        """What Windows Installer knows to be installed; it keeps its own file."""
        installed = tuple(
            InstalledProduct(
                code=product.key,
                name=product.name,
                version=product.version,
                publisher=product.publisher,
                upgrade_code=product.upgrade_code,
                package_code="",
                view=View(product.view),
            )
            for product in self.image.products
            if product.key.startswith("{")
        )
        return Products(self._path(Part.PRODUCTS), self.journal, installed)

    @cached_property
    def processes(self) -> Processes:
        """The native programs that run."""
        return Processes(self._machine_for, self.counters)

    def _machine_for(self, token: AccessToken) -> Machine:
        return Machine(
            name=self.name,
            files=HostFiles(self.files),
            registry=self.registry,
            services=self.services,
            printing=self.printing,
            products=self.products,
            is_server=self.image.kind == "server",
            user=token,
        )

    def _path(self, part: Part) -> Path:
        return self.folder / f"{part.value}.json"

    def _restore(self, part: Part, kept: K) -> bool:
        """Put a part's saved state back; False where nothing was saved yet."""
        state = storage.load(self._path(part))
        if state is None:
            return False
        kept.from_json(state)
        return True

    def close(self) -> None:
        """Give back what is open; call it once, after the last `save`."""
        self.files.close()

    def save(self) -> None:
        """Write the parts that changed since the last call; each file is replaced in one step."""
        if not self.journal.unsaved:
            return
        parts: dict[Part, _Kept] = {
            Part.REGISTRY: self.registry,
            Part.SERVICES: self.services,
            Part.SHARES: self.shares,
            Part.PRINTING: self.printing,
        }
        self.products.save()
        for part in sorted(self.journal.unsaved & parts.keys()):
            storage.save(self._path(part), parts[part].to_json())
            self.journal.saved(part)
