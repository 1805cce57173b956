"""One process of a fleet: serves its share of the hosts in one asyncio loop.

`python -m engine.rehearsal.fleet.shard FOLDER INDEX COUNT`, which the supervisor starts: a program of its
own, so that commands that only talk to a fleet need not load all of Windows.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import trustme

from engine.rehearsal.fleet import authority, certificates, spec
from engine.rehearsal.fleet.addresses import (
    SMB,
    WINRM_HTTP,
    WINRM_HTTPS,
    Listeners,
    NoFreePort,
    Opener,
    address_of,
)
from engine.rehearsal.fleet.messages import (
    MAX_LINE_BYTES,
    Answer,
    Command,
    HostReport,
    Message,
    Ready,
)
from engine.rehearsal.fleet.served import ServedHost
from engine.rehearsal.fleet.views import SmbView, WinrmView
from engine.rehearsal.smb.endpoint import SmbEndpoint
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.principals import Domain
from engine.rehearsal.winrm.endpoint import WinrmEndpoint

HOSTS_FOLDER = "hosts"


@dataclass(frozen=True, slots=True)
class Share:
    """Which hosts a shard serves: those whose place in fleet.json, modulo `count`, is `index`."""

    index: int
    count: int

    def has(self, place: int) -> bool:
        return place % self.count == self.index


async def serve(folder: Path, share: Share) -> None:
    """Serve until told to stop: by a command, by SIGTERM, or by the end of the supervisor.

    Speaks JSON lines over standard input and output; see `messages`.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    loop.add_signal_handler(signal.SIGTERM, stopped.set)
    hosts: dict[str, ServedHost] = {}
    try:
        await _open_hosts(folder, share, hosts)
    except (spec.FleetInvalid, NoFreePort, OSError) as error:
        _say(Ready(error=str(error)))
    else:
        _say(Ready(hosts={name: host.endpoint for name, host in hosts.items()}))
        orders = loop.create_task(_obey(hosts, stopped))
        await stopped.wait()
        orders.cancel()
    for host in hosts.values():
        host.close()


async def _open_hosts(folder: Path, share: Share, hosts: dict[str, ServedHost]) -> None:
    fleet = spec.load(folder)
    domain = spec.domain_of(fleet, folder)
    ca = authority.open_or_create(folder)
    for place, entry in enumerate(fleet.hosts):
        if share.has(place):
            state = folder / HOSTS_FOLDER / entry.name
            host = WindowsHost.open(state, fleet.images[entry.image], entry.name, domain)
            hosts[entry.name] = served = _serve_host(host, address_of(place), ca, domain)
            await served.open()


def _serve_host(host: WindowsHost, address: str, ca: trustme.CA, domain: Domain) -> ServedHost:
    winrm, smb = WinrmEndpoint(WinrmView(host)), SmbEndpoint(SmbView(host))
    identity = certificates.issue(ca, host.name, domain.dns, address)
    openers: Mapping[str, Opener] = {
        WINRM_HTTP: partial(winrm.listen, tls=None),
        WINRM_HTTPS: partial(winrm.listen, tls=identity),
        SMB: smb.listen,
    }

    def cut_connections() -> None:
        winrm.cut_connections()
        smb.cut_connections()

    return ServedHost(host, Listeners(address, openers, cut_connections))


async def _obey(hosts: Mapping[str, ServedHost], stopped: asyncio.Event) -> None:
    """Carry out the supervisor's commands until there are no more."""
    loop = asyncio.get_running_loop()
    reader = asyncio.StreamReader(limit=MAX_LINE_BYTES)
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    while line := await reader.readline():
        command = Command.model_validate_json(line)
        if command.do == "stop":
            break
        _say(await _carry_out(command, hosts))
    stopped.set()


async def _carry_out(command: Command, hosts: Mapping[str, ServedHost]) -> Answer:
    match command.do:
        case "reset":
            for host in hosts.values():
                host.reset_counters()
        case "fault":
            chosen = hosts.get(command.host)
            if chosen is None or command.fault is None:
                return Answer(error=f"no host {command.host}")
            try:
                await chosen.switch(command.fault, command.on)
            except OSError as error:
                return Answer(error=f"{command.host}: {error.strerror}")
        case _:
            pass
    return Answer(
        hosts={
            name: HostReport(counters=host.counters(), faults=tuple(sorted(host.host.faults.active)))
            for name, host in hosts.items()
        }
    )


def _say(message: Message) -> None:
    sys.stdout.buffer.write(message.to_line())
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    asyncio.run(serve(Path(sys.argv[1]), Share(int(sys.argv[2]), int(sys.argv[3]))))
