"""How a plan is walked."""

from __future__ import annotations

from dataclasses import dataclass

# Measured: see docs/decisions/two-requests-a-change.md.
HOSTS_AT_ONCE = 16

# Between tries of a process that said "another installation is running", in seconds: eight minutes in all.
RETRY_PAUSES = (5.0, 10.0, 20.0, 40.0, 60.0, 60.0, 120.0, 165.0)

# Between looks at what an uninstaller that has returned was to remove, in seconds: some 15 in all.
REMOVAL_PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0)


@dataclass(frozen=True, slots=True)
class RunOptions:
    """One run's name and limits."""

    run: str  # written into each ledger entry
    holder: str  # who applies, shown to whom the lease is refused
    hosts_at_once: int = HOSTS_AT_ONCE
    retry_pauses: tuple[float, ...] = RETRY_PAUSES
    removal_pauses: tuple[float, ...] = REMOVAL_PAUSES
