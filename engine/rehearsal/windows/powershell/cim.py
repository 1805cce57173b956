"""Objects and errors of commands that stand on CIM classes (CDXML modules)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.rehearsal.windows.powershell.command import Call
from engine.rehearsal.windows.powershell.records import ErrorCategory, ErrorRecord, PsObject, PsValue

_BASE = "Microsoft.Management.Infrastructure.CimInstance"


@dataclass(frozen=True, slots=True)
class CimClass:
    """A CIM class; `error_name` is how its name is spelled in errors."""

    namespace: str  # ROOT/Microsoft/Windows/SMB
    name: str
    error_name: str

    @property
    def type_names(self) -> tuple[str, ...]:
        """The type names of its instances, from the most specific."""
        return (f"{_BASE}#{self.namespace}/{self.name}", f"{_BASE}#{self.name}", _BASE, "System.Object")

    def instance(self, properties: Mapping[str, PsValue], keys: str) -> PsObject:
        """An instance; `keys` is what stands behind the class's name in its text."""
        text = f"{self.name} ({keys})" if keys else self.name
        return PsObject(self.type_names, {**properties, "PSComputerName": None}, text)


def failure(
    call: Call,
    cim_class: CimClass,
    message: str,
    error_id: str,
    category: ErrorCategory = ErrorCategory.NotSpecified,
) -> ErrorRecord:
    """An error that the class's provider gave, for example `Windows System Error 5`."""
    return call.error(
        message,
        error_id,
        category,
        cim_class.error_name,
        exception="Microsoft.Management.Infrastructure.CimException",
        target_type=f"{cim_class.namespace}/{cim_class.error_name}",
    )


def not_found(call: Call, cim_class: CimClass, name: str, field: str = "Name") -> ErrorRecord:
    """What a query by an exact name gives where nothing has that name."""
    message = (
        f"No {cim_class.error_name} objects found with property '{field}' equal to '{name}'.  Verify the "
        "value of the property and retry."
    )
    return call.error(
        message,
        f"CmdletizationQuery_NotFound_{field}",
        ErrorCategory.ObjectNotFound,
        name,
        exception="Microsoft.PowerShell.Cmdletization.Cim.CimJobException",
    )


def access_denied(call: Call, cim_class: CimClass) -> ErrorRecord:
    """What a provider says to somebody who is no administrator."""
    return failure(
        call, cim_class, "Access is denied. ", "Windows System Error 5", ErrorCategory.PermissionDenied
    )
