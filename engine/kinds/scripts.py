"""The reviewed PowerShell functions that are called by name where Windows has no cmdlet.

Each `scripts/<Function-Name>.ps1` defines exactly the function of its name and can run on its own. A
session defines those that its statements name, once, from this fixed text; values only ever travel as
typed parameters.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType

_SUFFIX = ".ps1"


@cache
def functions() -> Mapping[str, str]:
    """Function name to the text that defines it, in order of name."""
    folder = files("engine.kinds").joinpath("scripts")
    found = {
        entry.name.removesuffix(_SUFFIX): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(_SUFFIX)
    }
    return MappingProxyType(dict(sorted(found.items())))
