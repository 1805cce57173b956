"""Names of files and folders that Windows can hold, wherever they are written. Pure."""

from __future__ import annotations

import re

from engine.model.words import quoted

# Microsoft, "Naming Files, Paths, and Namespaces"; a device stays one whatever extension follows.
_FORBIDDEN = re.compile(r'[<>:"/|?*\x00-\x1f]')
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul", "conin$", "conout$"}
    | {f"{port}{n}" for port in ("com", "lpt") for n in "0123456789\u00b9\u00b2\u00b3"}
)
_MAX_COMPONENT = 255  # UTF-16 code units


def check_component(name: str) -> str:
    """A single file or folder name, unchanged.

    Raises:
        ValueError: Windows could not create it, or would create something of another name.
    """
    if not name or name in {".", ".."}:
        raise ValueError(f"not a file name: {quoted(name)}")
    if len(name.encode("utf-16-le", "surrogatepass")) // 2 > _MAX_COMPONENT:
        raise ValueError(f"longer than {_MAX_COMPONENT} characters: {quoted(name[:40])}...")
    if bad := _FORBIDDEN.search(name):
        raise ValueError(f"{quoted(bad.group())} cannot stand in a Windows file name: {quoted(name)}")
    if "\\" in name:
        raise ValueError(f"a name, not a path, belongs here: {quoted(name)}")
    if name[-1] in ". ":
        raise ValueError(f"Windows drops a dot or space at the end of a name: {quoted(name)}")
    if name.split(".", 1)[0].rstrip().casefold() in _DEVICES:
        raise ValueError(f"{quoted(name)} is the name of a device")
    return name
