"""Get-, Add-, Set- and Remove-Printer (Microsoft's documentation of the PrintManagement module)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from engine.rehearsal.windows.powershell import cim
from engine.rehearsal.windows.powershell.cmdlets.printing_objects import (
    PRINTER,
    named,
    printer_object,
    refusal,
    unknown_driver,
    unknown_port,
)
from engine.rehearsal.windows.powershell.command import Call, Command
from engine.rehearsal.windows.powershell.records import ErrorRecord, Output, Record
from engine.rehearsal.windows.powershell.signature import signature
from engine.rehearsal.windows.printing import Printer, Taken, UnknownDriver, UnknownPort

_GET = signature(
    "Get-Printer cim",
    """
    Name String[] @0 property
    ComputerName String =CN ~
    Full Switch
    """,
)
_ADD = signature(
    "Add-Printer cim process default=port",
    """
    ConnectionName String @0 connection! ~
    Name String @0 ap! port! value property
    DriverName String @1 port!
    PortName String port!
    ComputerName String ap port =CN ~
    Comment String ap port
    Datatype String ap port
    DeviceURL String ap ~
    DeviceUUID String ap ~
    IppURL String ap ~
    UntilTime UInt32 ap port
    KeepPrintedJobs Switch ap port
    Location String ap port
    SeparatorPageFile String ap port
    PrintProcessor String ap port
    Priority UInt32 ap port
    PermissionSDDL String ap port ~
    Published Switch ap port
    RenderingMode RenderingModeEnum ap port
    Shared Switch ap port
    ShareName String ap port
    StartTime UInt32 ap port
    DisableBranchOfficeLogging Switch ap port ~
    BranchOfficeOfflineLogSizeMB UInt32 ap port ~
    WorkflowPolicy WorkflowPolicyEnum ap port ~
    """,
)
_SET = signature(
    "Set-Printer cim process default=Name",
    """
    Name String[] @0 Name! property
    ComputerName String Name =CN ~
    InputObject CimInstance[] InputObject! value
    Comment String
    Datatype String
    DriverName String
    UntilTime UInt32
    KeepPrintedJobs Boolean
    Location String
    PermissionSDDL String ~
    PortName String
    PrintProcessor String
    Priority UInt32
    Published Boolean
    RenderingMode RenderingModeEnum
    SeparatorPageFile String
    Shared Boolean
    ShareName String
    StartTime UInt32
    DisableBranchOfficeLogging Boolean ~
    BranchOfficeOfflineLogSizeMB UInt32 ~
    WorkflowPolicy WorkflowPolicyEnum ~
    PassThru Switch
    """,
)
_REMOVE = signature(
    "Remove-Printer cim process default=Query",
    """
    Name String[] @0 Query! property
    ComputerName String Query =CN ~
    InputObject CimInstance[] InputObject! value
    PassThru Switch
    """,
)


def _targets(call: Call) -> Iterator[Printer | ErrorRecord]:
    objects = tuple(str(item.prop("Name")) for item in call.bound.objects("InputObject"))
    printing = call.host.printing
    names = objects or call.bound.texts("Name") or ("*",)
    yield from named(call, PRINTER, names, printing.printers(), printing.printer)


def _get(call: Call) -> Iterator[Record]:
    problem = refusal(call, PRINTER, changes=False)
    if problem is not None:
        yield problem
        return
    call.host.journal.read()
    for printer in _targets(call):
        if isinstance(printer, ErrorRecord):
            yield printer
        else:
            yield Output(printer_object(printer, full=call.bound.switch("Full")))


def _changed(call: Call, printer: Printer) -> Printer:
    """The queue with the properties that were given; the switches of Add-Printer are Booleans here too."""
    bound = call.bound
    texts = {
        "Comment": "comment",
        "Datatype": "data_type",
        "DriverName": "driver",
        "Location": "location",
        "PortName": "port",
        "PrintProcessor": "processor",
        "SeparatorPageFile": "separator_page",
        "ShareName": "share_name",
    }
    numbers = {"Priority": "priority", "StartTime": "start_time", "UntilTime": "until_time"}
    flags = {"KeepPrintedJobs": "keep_printed_jobs", "Published": "published", "Shared": "shared"}
    values: dict[str, str | int | bool] = {}
    for parameter, field in {**texts, **numbers, **flags}.items():
        value = bound.value(parameter)
        if isinstance(value, str | int | bool):
            values[field] = value
    mode = bound.enum("RenderingMode")
    if mode is not None:
        values["rendering_mode"] = mode.value
    changed = replace(printer, **values)  # type: ignore[arg-type]  # each name has its field's type above
    if changed.shared and not changed.share_name:
        changed = replace(changed, share_name=changed.name)
    return changed


def _add(call: Call) -> Iterator[Record]:
    name = call.bound.text("Name") or ""
    if not call.proceeds("Add-Printer", name):
        return
    problem = refusal(call, PRINTER, changes=True) or _bad_name(call, name)
    if problem is not None:
        yield problem
        return
    try:
        call.host.printing.add_printer(_changed(call, Printer(name, "", "")))
    except Taken:
        yield cim.failure(call, PRINTER, "The specified printer already exists.", "HRESULT 0x8007070a")
    except UnknownDriver:
        yield unknown_driver(call, PRINTER)
    except UnknownPort:
        yield unknown_port(call, PRINTER)


def _bad_name(call: Call, name: str) -> ErrorRecord | None:
    """No comma, exclamation mark or backslash, and at most 220 characters ("AddPrinter function")."""
    if len(name) <= 220 and not any(mark in name for mark in ",!\\"):
        return None
    return cim.failure(call, PRINTER, "The specified printer name is invalid.", "HRESULT 0x80070709")


def _set(call: Call) -> Iterator[Record]:
    for printer in _targets(call):
        if isinstance(printer, ErrorRecord):
            yield printer
            continue
        if not call.proceeds("Set-Printer", printer.name):
            continue
        problem = refusal(call, PRINTER, changes=True) or _update(call, printer)
        if problem is not None:
            yield problem
        elif call.bound.switch("PassThru"):
            changed = call.host.printing.printer(printer.name) or printer
            yield Output(printer_object(changed, full=False))


def _update(call: Call, printer: Printer) -> ErrorRecord | None:
    try:
        call.host.printing.update_printer(_changed(call, printer))
    except UnknownDriver:
        return unknown_driver(call, PRINTER)
    except UnknownPort:
        return unknown_port(call, PRINTER)
    return None


def _remove(call: Call) -> Iterator[Record]:
    for printer in _targets(call):
        if isinstance(printer, ErrorRecord):
            yield printer
            continue
        problem = refusal(call, PRINTER, changes=True)
        if problem is not None:
            yield problem
        elif call.proceeds("Remove-Printer", printer.name):
            call.host.printing.remove_printer(printer.name)
            if call.bound.switch("PassThru"):
                yield Output(printer_object(printer, full=False))


COMMANDS = (Command(_GET, _get), Command(_ADD, _add), Command(_SET, _set), Command(_REMOVE, _remove))
