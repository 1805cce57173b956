"""All emulated cmdlets by name in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.rehearsal.windows.powershell.cmdlets import (
    cim_instance,
    content,
    item,
    item_change,
    item_property,
    objects,
    print_configuration,
    printer,
    printer_port,
    process,
    service,
    session,
    smb_access,
    smb_share,
    write_output,
)
from engine.rehearsal.windows.powershell.command import Command

_FAMILIES: tuple[tuple[Command, ...], ...] = (
    cim_instance.COMMANDS,
    content.COMMANDS,
    item.COMMANDS,
    item_change.COMMANDS,
    item_property.COMMANDS,
    objects.COMMANDS,
    print_configuration.COMMANDS,
    printer.COMMANDS,
    printer_port.COMMANDS,
    process.COMMANDS,
    service.COMMANDS,
    session.COMMANDS,
    smb_access.COMMANDS,
    smb_share.COMMANDS,
    write_output.COMMANDS,
)
CMDLETS: Mapping[str, Command] = MappingProxyType(
    {command.signature.name.casefold(): command for family in _FAMILIES for command in family}
)
