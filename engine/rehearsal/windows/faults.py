"""Faults that can be switched on for a simulated host."""

from __future__ import annotations

from enum import StrEnum


class Fault(StrEnum):
    """What can be made to go wrong."""

    REFUSE = "refuse"  # the port answers with a reset
    DROP = "drop"  # the connection is cut in the middle of an answer
    SLOW = "slow"  # answers come late
    WRONG_ANSWER = "wrong-answer"  # what comes back is no WinRM
    ACCESS_DENIED = "access-denied"  # the logon works, every change is refused
    DISK_FULL = "disk-full"  # writing a file fails for lack of space
    LOGON_REFUSED = "logon-refused"  # no account is let in
    NEVER_ANSWER = "never-answer"  # connections are taken, and then there is silence
    OFFLINE = "offline"  # nobody answers at all


class Faults:
    """The faults that are on."""

    def __init__(self) -> None:
        self._on: set[Fault] = set()

    def switch(self, fault: Fault, on: bool) -> None:
        """Switch one fault on or off."""
        if on:
            self._on.add(fault)
        else:
            self._on.discard(fault)

    def __contains__(self, fault: Fault) -> bool:
        return fault in self._on

    @property
    def active(self) -> frozenset[Fault]:
        return frozenset(self._on)
