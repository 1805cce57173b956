"""All emulated cmdlets by name in lower case."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.rehearsal.windows.powershell.cmdlets import (
    cim_instance,
    printer,
    printer_port,
    service,
    smb_access,
    smb_share,
    write_output,
)
from engine.rehearsal.windows.powershell.command import Command

CMDLETS: Mapping[str, Command] = MappingProxyType(
    {
        command.signature.name.casefold(): command
        for family in (cim_instance, printer, printer_port, service, smb_access, smb_share, write_output)
        for command in family.COMMANDS
    }
)
