"""Why Windows waits for a restart: marks in the registry that installers leave behind."""

from __future__ import annotations

from engine.rehearsal.windows.registry import Registry, RegistryType, Value
from engine.rehearsal.windows.wow64 import View

SERVICING = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending"
UPDATE = r"HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired"
SESSION_MANAGER = r"HKLM\SYSTEM\CurrentControlSet\Control\Session Manager"
RENAMES = "PendingFileRenameOperations"
_COMPUTER_NAME = r"HKLM\SYSTEM\CurrentControlSet\Control\ComputerName"


def require_servicing(registry: Registry) -> None:
    """A change of Windows' components waits for a restart."""
    registry.create(SERVICING)


def require_update(registry: Registry) -> None:
    """An update waits for a restart."""
    registry.create(UPDATE)


def rename_at_start(registry: Registry, source: str, target: str = "") -> None:
    """Move a file at the next start, or delete it where `target` is empty (MoveFileEx)."""
    registry.create(SESSION_MANAGER)
    marked = f"\\??\\{target}" if target else ""
    lines = (*pending_renames(registry), f"\\??\\{source}", marked)
    registry.set(SESSION_MANAGER, RENAMES, Value(RegistryType.MultiString, lines))


def pending_renames(registry: Registry) -> tuple[str, ...]:
    """Pairs of source and target, as they stand in the registry."""
    if not registry.exists(SESSION_MANAGER):
        return ()
    value = registry.value(SESSION_MANAGER, RENAMES)
    return value.data if value is not None and isinstance(value.data, tuple) else ()


def is_pending(registry: Registry) -> bool:
    """Whether anything waits for a restart."""
    return any(registry.exists(key) for key in (SERVICING, UPDATE)) or bool(pending_renames(registry))


def clear(registry: Registry) -> None:
    """What a restart does to the marks; the caller has carried the renames out."""
    for key in (SERVICING, UPDATE):
        if registry.exists(key):
            registry.remove(key, recurse=True)
    if pending_renames(registry):
        registry.remove_value(SESSION_MANAGER, RENAMES)
    active, pending = f"{_COMPUTER_NAME}\\ActiveComputerName", f"{_COMPUTER_NAME}\\ComputerName"
    if registry.exists(active) and registry.exists(pending):
        name = registry.value(pending, "ComputerName", View.BITS_64)
        if name is not None and registry.value(active, "ComputerName") != name:
            registry.set(active, "ComputerName", name)


def is_renamed(registry: Registry) -> bool:
    """Whether the computer gets another name at the next start."""
    names = []
    for place in ("ActiveComputerName", "ComputerName"):
        key = f"{_COMPUTER_NAME}\\{place}"
        value = registry.value(key, "ComputerName") if registry.exists(key) else None
        names.append("" if value is None else str(value.data).casefold())
    return names[0] != names[1]
