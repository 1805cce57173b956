"""One host as the fleet serves it: its listeners, its faults, and when it is saved."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import asdict

from engine.rehearsal.fleet.addresses import Listeners
from engine.rehearsal.fleet.messages import Endpoint
from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.host import WindowsHost

log = logging.getLogger(__name__)

_SAVE_DELAY = 0.05  # seconds; changes that come together are saved together


class Saver:
    """Saves a host soon after it changed."""

    def __init__(self, host: WindowsHost) -> None:
        self._host = host
        self._timer: asyncio.TimerHandle | None = None
        host.journal.on_change = self._changed

    def _changed(self) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(_SAVE_DELAY, self.save)

    def save(self) -> None:
        """Write what changed now. A full or broken disk is logged: the host goes on as a computer would."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        try:
            self._host.save()
        except OSError:
            log.exception("%s could not be saved", self._host.name)


class ServedHost:
    """A host with its listeners."""

    def __init__(self, host: WindowsHost, listeners: Listeners) -> None:
        self.host = host
        self._listeners = listeners
        self._saver = Saver(host)

    async def open(self) -> None:
        """Listen. Raises NoFreePort or OSError."""
        await self._listeners.open()

    @property
    def endpoint(self) -> Endpoint:
        """Where it listens, once open."""
        return Endpoint(address=self._listeners.address, **self._listeners.ports)

    async def switch(self, fault: Fault, on: bool) -> None:
        """Switch a fault; switching it as it is already changes nothing. Raises OSError.

        Offline closes the ports. Offline and refuse cut the connections that are open.
        """
        if (fault in self.host.faults) == on:
            return
        self.host.faults.switch(fault, on)
        if fault is Fault.OFFLINE and on:
            self._listeners.close()
        elif fault is Fault.OFFLINE:
            await self._listeners.open()
        if on and fault in (Fault.OFFLINE, Fault.REFUSE):
            self._listeners.cut_connections()

    def counters(self) -> dict[str, int]:
        """What the host was asked since it started or was reset."""
        return asdict(self.host.counters)

    def reset_counters(self) -> None:
        """Set all counters to nought."""
        for name in asdict(self.host.counters):
            setattr(self.host.counters, name, 0)

    def close(self) -> None:
        """Stop serving and save."""
        self._listeners.close()
        self._listeners.cut_connections()
        self._saver.save()
