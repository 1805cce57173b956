"""Get-, Add- and Remove-PrinterPort and -PrinterDriver (the PrintManagement module)."""

from __future__ import annotations

from collections.abc import Iterator

from engine.rehearsal.windows.powershell import cim
from engine.rehearsal.windows.powershell.cmdlets.printing_objects import (
    DRIVER,
    LOCAL_PORT,
    PORT,
    TCP_PORT,
    driver_object,
    named,
    port_object,
    refusal,
)
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.records import ErrorRecord, Output, Record
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.printing import Driver, InUse, Port, Taken, UnknownDriver

_GET_PORT = signature(
    "Get-PrinterPort cim",
    """
    Name String[] @0 property
    ComputerName String =CN ~
    """,
)
_ADD_PORT = signature(
    "Add-PrinterPort cim process default=local",
    """
    Name String @0 local! tcp! tcplpr!
    HostName String @0 lpr! ~
    PrinterName String @1 lpr! ~
    ComputerName String =CN ~
    PrinterHostAddress String @1 tcp!
    PortNumber UInt32 tcp
    SNMP UInt32 tcp tcplpr =SNMPIndex
    SNMPCommunity String tcp tcplpr
    LprHostAddress String @1 tcplpr!
    LprQueueName String @2 tcplpr!
    LprByteCounting Switch tcplpr
    """,
)
_REMOVE_PORT = signature(
    "Remove-PrinterPort cim process default=Query",
    """
    Name String[] @0 Query! property
    ComputerName String Query =CN ~
    InputObject CimInstance[] InputObject! value
    PassThru Switch
    """,
)
_GET_DRIVER = signature(
    "Get-PrinterDriver cim",
    """
    Name String[] @0 property
    PrinterEnvironment String[]
    ComputerName String =CN ~
    """,
)
_ADD_DRIVER = signature(
    "Add-PrinterDriver cim process",
    """
    Name String @0 !
    InfPath String @1 ~
    PrinterEnvironment String
    ComputerName String ~
    """,
)
_REMOVE_DRIVER = signature(
    "Remove-PrinterDriver cim process default=Query",
    """
    Name String[] @0 Query! property
    PrinterEnvironment String[] @1 Query
    ComputerName String Query =CN ~
    InputObject CimInstance[] InputObject! value
    PassThru Switch
    RemoveFromDriverStore Switch Query
    """,
)
_ENVIRONMENT = "Windows x64"


def _names(call: Call) -> tuple[str, ...]:
    objects = tuple(str(item.prop("Name")) for item in call.bound.objects("InputObject"))
    return objects or call.bound.texts("Name") or ("*",)


def _ports(call: Call) -> Iterator[Port | ErrorRecord]:
    printing = call.host.printing
    yield from named(call, PORT, _names(call), printing.ports(), printing.port)


def _drivers(call: Call) -> Iterator[Driver | ErrorRecord]:
    printing = call.host.printing
    wanted = tuple(each.casefold() for each in call.bound.texts("PrinterEnvironment"))
    for driver in named(call, DRIVER, _names(call), printing.drivers(), printing.driver):
        if isinstance(driver, ErrorRecord) or not wanted or driver.environment.casefold() in wanted:
            yield driver
        elif call.bound.given("Name"):
            yield cim.not_found(call, DRIVER, driver.name)


def _get_port(call: Call) -> Iterator[Record]:
    problem = refusal(call, PORT, changes=False)
    if problem is not None:
        yield problem
        return
    call.host.journal.read()
    for port in _ports(call):
        yield port if isinstance(port, ErrorRecord) else Output(port_object(port))


def _add_port(call: Call) -> Iterator[Record]:
    name = call.bound.text("Name") or ""
    cim_class = LOCAL_PORT if call.bound.parameter_set == "local" else TCP_PORT
    if not call.proceeds("Add-PrinterPort", name):
        return
    problem = refusal(call, cim_class, changes=True)
    if problem is not None:
        yield problem
        return
    try:
        call.host.printing.add_port(_new_port(call, name))
    except Taken:
        yield cim.failure(call, cim_class, "The specified port already exists.", "HRESULT 0x800700b7")


def _new_port(call: Call, name: str) -> Port:
    bound = call.bound
    if bound.parameter_set == "local":
        return Port(name)
    lpr = bound.parameter_set == "tcplpr"
    index = bound.number("SNMP")
    return Port(
        name,
        "tcp",
        (bound.text("LprHostAddress") if lpr else bound.text("PrinterHostAddress")) or "",
        515 if lpr else bound.number("PortNumber") or 9100,
        "lpr" if lpr else "raw",
        bound.text("LprQueueName") or "",
        bound.switch("LprByteCounting"),
        index is not None,
        1 if index is None else index,
        bound.text("SNMPCommunity") or "",
    )


def _remove_port(call: Call) -> Iterator[Record]:
    for port in _ports(call):
        if isinstance(port, ErrorRecord):
            yield port
            continue
        problem = refusal(call, PORT, changes=True)
        if problem is not None:
            yield problem
        elif call.proceeds("Remove-PrinterPort", port.name):
            try:
                call.host.printing.remove_port(port.name)
            except InUse:
                message = "The specified port is in use."
                yield cim.failure(call, PORT, message, "HRESULT 0x800700aa")
                continue
            if call.bound.switch("PassThru"):
                yield Output(port_object(port))


def _get_driver(call: Call) -> Iterator[Record]:
    problem = refusal(call, DRIVER, changes=False)
    if problem is not None:
        yield problem
        return
    call.host.journal.read()
    for driver in _drivers(call):
        yield driver if isinstance(driver, ErrorRecord) else Output(driver_object(driver))


def _add_driver(call: Call) -> Iterator[Record]:
    name = call.bound.text("Name") or ""
    if not call.proceeds("Add-PrinterDriver", name):
        return
    problem = refusal(call, DRIVER, changes=True)
    if problem is not None:
        yield problem
        return
    environment = call.bound.text("PrinterEnvironment") or _ENVIRONMENT
    try:
        if environment.casefold() != _ENVIRONMENT.casefold():
            raise UnknownDriver(name)
        call.host.printing.install_driver(name)
    except UnknownDriver:
        message = "The specified driver does not exist in the driver store."
        yield cim.failure(call, DRIVER, message, "HRESULT 0x80070705")


def _remove_driver(call: Call) -> Iterator[Record]:
    for driver in _drivers(call):
        if isinstance(driver, ErrorRecord):
            yield driver
            continue
        problem = refusal(call, DRIVER, changes=True)
        if problem is not None:
            yield problem
        elif call.proceeds("Remove-PrinterDriver", driver.name):
            try:
                call.host.printing.remove_driver(
                    driver.name, from_store=call.bound.switch("RemoveFromDriverStore")
                )
            except InUse:
                message = "The specified printer driver is currently in use."
                yield cim.failure(call, DRIVER, message, "HRESULT 0x80070bb9")
                continue
            if call.bound.switch("PassThru"):
                yield Output(driver_object(driver))


COMMANDS = (
    Command(_GET_PORT, _get_port),
    Command(_ADD_PORT, _add_port),
    Command(_REMOVE_PORT, _remove_port),
    Command(_GET_DRIVER, _get_driver),
    Command(_ADD_DRIVER, _add_driver),
    Command(_REMOVE_DRIVER, _remove_driver),
)
