"""Printing: drivers, ports and queues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Literal, cast

from pydantic import JsonValue, TypeAdapter

from engine.rehearsal.windows.image import PrinterDriver as DriverImage
from engine.rehearsal.windows.journal import Journal, Part


@dataclass(frozen=True, slots=True)
class Driver:
    """A printer driver; `installed` ones can be used by queues, the others lie in the driver store."""

    name: str
    manufacturer: str
    environment: str
    major_version: int
    version: str
    inf: str
    installed: bool
    duplex: bool = True
    color: bool = True
    papers: tuple[int, ...] = ()  # empty: all

    def at_first(self, printer: Printer) -> Printer:
        """The queue as this driver sets it up."""
        return replace(printer, collate=True, color=self.color, duplexing=0, paper=_LETTER)

    def possible(self, wanted: Printer, before: Printer) -> Printer:
        """The wanted settings, as far as the driver has them; the others stay.

        Windows passes settings through the driver, which puts what it does not have right without an error
        (Microsoft's documentation of PTMergeAndValidatePrintTicket). That Set-PrintConfiguration says nothing
        about it either was not verified on a real computer.
        """
        return replace(
            wanted,
            color=wanted.color if self.color else before.color,
            duplexing=wanted.duplexing if self.duplex else before.duplexing,
            paper=wanted.paper if not self.papers or wanted.paper in self.papers else before.paper,
        )


@dataclass(frozen=True, slots=True)
class Port:
    """A printer port. A `tcp` port speaks RAW or LPR to an address."""

    name: str
    kind: Literal["local", "tcp"] = "local"
    host_address: str = ""
    number: int = 9100
    protocol: Literal["raw", "lpr"] = "raw"
    lpr_queue: str = ""
    lpr_byte_counting: bool = False
    snmp_enabled: bool = False
    snmp_index: int = 1
    snmp_community: str = ""


@dataclass(frozen=True, slots=True)
class Printer:
    """A printer queue."""

    name: str
    driver: str
    port: str
    shared: bool = False
    share_name: str = ""
    location: str = ""
    comment: str = ""
    published: bool = False
    keep_printed_jobs: bool = False
    priority: int = 1
    processor: str = "winprint"
    data_type: str = "RAW"
    rendering_mode: int = 0  # 0 rendered on the server, 1 on the client, 2 branch office
    start_time: int = 0  # minutes after midnight, UTC
    until_time: int = 0
    separator_page: str = ""
    collate: bool = True  # what a program prints by that asks for nothing else
    color: bool = True
    duplexing: int = 0  # 0 one side, 1 both sides along the long edge, 2 along the short one
    paper: int = 1  # the number of the paper, as DEVMODE counts them: 1 is Letter


_LETTER = 1


class Taken(Exception):
    """Something of this name exists."""


class Missing(Exception):
    """There is nothing of this name."""


class UnknownDriver(Exception):
    """The driver is not installed."""


class UnknownPort(Exception):
    """The port does not exist."""


class InUse(Exception):
    """A queue uses it."""


_DRIVERS = TypeAdapter(list[Driver])
_PORTS = TypeAdapter(list[Port])
_PRINTERS = TypeAdapter(list[Printer])

_LOCAL_PORTS = ("COM1:", "COM2:", "COM3:", "COM4:", "FILE:", "LPT1:", "LPT2:", "LPT3:", "PORTPROMPT:", "nul:")


class Printing:
    """A computer's print spooler. Names are compared without case."""

    def __init__(self, journal: Journal, drivers: Iterable[DriverImage], printers: Iterable[Printer]) -> None:
        self._journal = journal
        self._drivers = {d.name.casefold(): Driver(**d.model_dump()) for d in drivers}
        self._ports = {name.casefold(): Port(name) for name in _LOCAL_PORTS}
        self._printers = {printer.name.casefold(): printer for printer in printers}

    def drivers(self) -> tuple[Driver, ...]:
        """The installed drivers, by name."""
        return tuple(d for _, d in sorted(self._drivers.items()) if d.installed)

    def ports(self) -> tuple[Port, ...]:
        """All ports, by name."""
        return tuple(port for _, port in sorted(self._ports.items()))

    def printers(self) -> tuple[Printer, ...]:
        """All queues, by name."""
        return tuple(printer for _, printer in sorted(self._printers.items()))

    def driver(self, name: str) -> Driver | None:
        """An installed driver; None where it is not installed."""
        found = self._drivers.get(name.casefold())
        return found if found is not None and found.installed else None

    def port(self, name: str) -> Port | None:
        """A port; None where there is none of this name."""
        return self._ports.get(name.casefold())

    def printer(self, name: str) -> Printer | None:
        """A queue; None where there is none of this name."""
        return self._printers.get(name.casefold())

    def shared(self, share_name: str) -> Printer | None:
        """The queue that is shared by this name; None where there is none."""
        folded = share_name.casefold()
        return next((p for p in self.printers() if p.shared and p.share_name.casefold() == folded), None)

    def stage_driver(self, driver: Driver) -> None:
        """Put a driver package into the driver store, as pnputil does."""
        before = self._drivers.get(driver.name.casefold())
        installed = before is not None and before.installed
        self._drivers[driver.name.casefold()] = replace(driver, installed=installed or driver.installed)
        self._journal.wrote(Part.PRINTING)

    def install_driver(self, name: str) -> bool:
        """Make a driver of the store usable; False where it was.

        Raises:
            UnknownDriver: the store has no such driver.
        """
        driver = self._drivers.get(name.casefold())
        if driver is None:
            raise UnknownDriver(name)
        if driver.installed:
            return False
        self._drivers[name.casefold()] = replace(driver, installed=True)
        self._journal.wrote(Part.PRINTING)
        return True

    def remove_driver(self, name: str, *, from_store: bool = False) -> None:
        """Make a driver unusable, and take it out of the store too if asked.

        Raises:
            Missing: it is not installed.
            InUse: a queue uses it.
        """
        driver = self.driver(name)
        if driver is None:
            raise Missing(name)
        if any(p.driver.casefold() == name.casefold() for p in self._printers.values()):
            raise InUse(name)
        if from_store:
            del self._drivers[name.casefold()]
        else:
            self._drivers[name.casefold()] = replace(driver, installed=False)
        self._journal.wrote(Part.PRINTING)

    def add_port(self, port: Port) -> None:
        """Add a port.

        Raises:
            Taken: a port of this name exists.
        """
        if port.name.casefold() in self._ports:
            raise Taken(port.name)
        self._ports[port.name.casefold()] = port
        self._journal.wrote(Part.PRINTING)

    def remove_port(self, name: str) -> None:
        """Remove a port.

        Raises:
            Missing: there is no such port.
            InUse: a queue prints to it.
        """
        if name.casefold() not in self._ports:
            raise Missing(name)
        if any(p.port.casefold() == name.casefold() for p in self._printers.values()):
            raise InUse(name)
        del self._ports[name.casefold()]
        self._journal.wrote(Part.PRINTING)

    def add_printer(self, printer: Printer) -> None:
        """Add a queue.

        Raises:
            Taken: a queue of this name exists, or its share name is in use.
            UnknownDriver: its driver is not installed.
            UnknownPort: its port does not exist.
        """
        if printer.name.casefold() in self._printers:
            raise Taken(printer.name)
        driver = self._check(printer)
        self._put(driver.at_first(printer))

    def update_printer(self, printer: Printer) -> None:
        """Put a queue's new properties in place of its old ones; nothing is written where they are equal.

        Raises:
            Missing: there is no such queue.
            UnknownDriver, UnknownPort: as for a new queue.
        """
        before = self.printer(printer.name)
        if before is None:
            raise Missing(printer.name)
        driver = self._check(printer)
        if before.driver.casefold() != printer.driver.casefold():
            # Settings are kept in a DEVMODE, which belongs to its driver (MS-RPRN 2.2.2.1).
            printer = driver.at_first(printer)
        else:
            printer = driver.possible(printer, before)
        if before != printer:
            self._put(printer)

    def remove_printer(self, name: str) -> None:
        """Remove a queue; its driver and port stay.

        Raises:
            Missing: there is no such queue.
        """
        if self._printers.pop(name.casefold(), None) is None:
            raise Missing(name)
        self._journal.wrote(Part.PRINTING)

    def _check(self, printer: Printer) -> Driver:
        driver = self.driver(printer.driver)
        if driver is None:
            raise UnknownDriver(printer.driver)
        if self.port(printer.port) is None:
            raise UnknownPort(printer.port)
        return driver

    def _put(self, printer: Printer) -> None:
        driver, port = self.driver(printer.driver), self.port(printer.port)
        spelled = replace(
            printer,
            driver=driver.name if driver is not None else printer.driver,
            port=port.name if port is not None else printer.port,
        )
        self._printers[printer.name.casefold()] = spelled
        self._journal.wrote(Part.PRINTING)

    def to_json(self) -> JsonValue:
        """Everything, as plain data."""
        return {
            "drivers": [asdict(driver) for driver in self._drivers.values()],
            "ports": [asdict(port) for port in self.ports()],
            "printers": [asdict(printer) for printer in self.printers()],
        }

    def from_json(self, state: JsonValue) -> None:
        """Put back what `to_json` gave."""
        stored = cast("dict[str, JsonValue]", state)
        self._drivers = {d.name.casefold(): d for d in _DRIVERS.validate_python(stored["drivers"])}
        self._ports = {p.name.casefold(): p for p in _PORTS.validate_python(stored["ports"])}
        self._printers = {p.name.casefold(): p for p in _PRINTERS.validate_python(stored["printers"])}
