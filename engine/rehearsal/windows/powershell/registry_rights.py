"""Who may read and write which registry keys, after the default security of Windows' hives."""

from __future__ import annotations

from engine.rehearsal.windows.faults import Fault, Faults
from engine.rehearsal.windows.principals import AccessToken

# Only the system itself reads these, administrators included.
_SYSTEM_ONLY = ("hklm\\sam\\sam", "hklm\\security")


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder + "\\")


def may_read(token: AccessToken, path: str) -> bool:
    """`path` starts with the hive's short name. Users read the machine's hive and their own."""
    folded = path.casefold()
    if any(_below(folded, closed) for closed in _SYSTEM_ONLY):
        return False
    if token.is_administrator or _below(folded, "hklm"):
        return True
    return _below(folded, "hku\\.default") or _below(folded, f"hku\\{token.user_sid.casefold()}")


def may_write(token: AccessToken, path: str, faults: Faults) -> bool:
    """Administrators write the machine's hive and all users'; others their own only."""
    folded = path.casefold()
    if Fault.ACCESS_DENIED in faults or not may_read(token, path):
        return False
    return token.is_administrator or _below(folded, f"hku\\{token.user_sid.casefold()}")
