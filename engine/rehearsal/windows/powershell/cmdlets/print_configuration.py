"""Get- and Set-PrintConfiguration (Microsoft's documentation of the PrintManagement module)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.rehearsal.windows.powershell import cim, enums
from engine.rehearsal.windows.powershell.cmdlets.printing_objects import refusal
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.records import ErrorRecord, Output, PsObject, PsValue, Record
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.printing import Printer

_CLASS = cim.CimClass("ROOT/StandardCimv2", "MSFT_PrinterConfiguration", "MSFT_PrinterConfiguration")

_GET = signature(
    "Get-PrintConfiguration cim default=PrinterName",
    """
    PrinterName String @0 PrinterName! =PN value property
    PrinterObject CimInstance @0 PrinterObject! =Printer value property
    ComputerName String PrinterName =Computer =CN value property ~
    """,
)
_SET = signature(
    "Set-PrintConfiguration cim process default=PrinterName",
    """
    PrinterName String @0 PrinterName! =PN value property
    PrinterObject CimInstance @0 PrinterObject! =Printer value property
    InputObject CimInstance @0 PrintConfigObject! =ConfigObject value property ~
    ComputerName String PrinterName =Computer =CN value property ~
    Collate Boolean PrinterObject PrinterName
    Color Boolean PrinterObject PrinterName
    DuplexingMode DuplexingModeEnum PrinterObject PrinterName =Duplex =Duplexing
    PaperSize PaperSizeEnum PrinterObject PrinterName
    PrintTicketXml String PrinterObject PrinterName =PrintTicket =PT ~
    """,
)


def _queue(call: Call) -> Printer | ErrorRecord:
    """The queue that is meant. Names are no patterns here."""
    given = call.bound.value("PrinterObject")
    name = str(given.prop("Name")) if isinstance(given, PsObject) else call.bound.text("PrinterName") or ""
    found = call.host.printing.printer(name)
    if found is not None:
        return found
    # ERROR_INVALID_PRINTER_NAME, 1801 (Microsoft's list of system error codes).
    return cim.failure(call, _CLASS, "The specified printer was not found.", "HRESULT 0x80070709")


def _get(call: Call) -> Iterator[Record]:
    problem = refusal(call, _CLASS, changes=False)
    if problem is not None:
        yield problem
        return
    call.host.journal.read()
    queue = _queue(call)
    yield queue if isinstance(queue, ErrorRecord) else Output(_object(queue))


def _object(printer: Printer) -> PsObject:
    properties: dict[str, PsValue] = {
        "Collate": printer.collate,
        "Color": printer.color,
        "ComputerName": "",
        "DuplexingMode": enums.by_number("DuplexingModeEnum", printer.duplexing),
        "PaperSize": enums.by_number("PaperSizeEnum", printer.paper),
        "PrintCapabilitiesXML": "",
        "PrinterName": printer.name,
        "PrintTicketXML": "",
    }
    return _CLASS.instance(properties, f'PrinterName = "{printer.name}", ComputerName = ""')


def _set(call: Call) -> Iterator[Record]:
    queue = _queue(call)
    if isinstance(queue, ErrorRecord):
        yield refusal(call, _CLASS, changes=False) or queue
        return
    if not call.proceeds("Set-PrintConfiguration", queue.name):
        return
    problem = refusal(call, _CLASS, changes=True)
    if problem is not None:
        yield problem
        return
    bound = call.bound
    collate, color = bound.boolean("Collate"), bound.boolean("Color")
    duplexing, paper = bound.enum("DuplexingMode"), bound.enum("PaperSize")
    call.host.printing.update_printer(
        replace(
            queue,
            collate=queue.collate if collate is None else collate,
            color=queue.color if color is None else color,
            duplexing=queue.duplexing if duplexing is None else duplexing.value,
            paper=queue.paper if paper is None else paper.value,
        )
    )


COMMANDS = (Command(_GET, _get), Command(_SET, _set))
