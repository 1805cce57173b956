"""What an apply declared is really so: people open shares over SMB, or are refused."""

from __future__ import annotations

import pytest
import smbclient
from smbprotocol.connection import Connection
from smbprotocol.exceptions import SMBException

from engine.app.endpoints import read_endpoints
from tests.e2e.bench import Bench, server

SERVER = server("opened")
PASSWORDS = {"a.rivera": "Chalk-Board-11", "l.kim": "Blue-Crab-42"}

# The first is closed by the share, the second by the folder.
SHARES = r"""
directories:
  - path: D:\Shares\Open
    hosts: server
    permissions:
      entries:
        - {account: 'BCPS\DHS-Staff', rights: [modify]}
        - {account: 'BCPS\DHS-Students', rights: [modify]}
  - path: D:\Shares\Closed
    hosts: server
    permissions:
      inherit: false
      exclusive: true
      entries:
        - {account: 'BUILTIN\Administrators', rights: [full]}
        - {account: SYSTEM, rights: [full]}
        - {account: 'BCPS\DHS-Staff', rights: [modify]}
shares:
  - {name: ByShare, hosts: server, path: 'D:\Shares\Open', access: {change: ['BCPS\DHS-Staff']}}
  - {name: ByFolder, hosts: server, path: 'D:\Shares\Closed', access: {full: [Everyone]}}
"""


@pytest.fixture(scope="module", autouse=True)
def applied(bench: Bench) -> None:
    bench.declare("opened", SHARES)
    bench.converge("opened")


def _note(bench: Bench, user: str, share: str) -> str:
    """Write a note to a share and read it back, in a session of the user's own."""
    endpoint = read_endpoints(bench.project).hosts[SERVER]
    connections: dict[str, Connection] = {}
    smbclient.register_session(
        endpoint.address,
        username=rf"BCPS\{user}",
        password=PASSWORDS[user],
        port=endpoint.smb,
        connection_cache=connections,
    )
    path = rf"\\{endpoint.address}\{share}\note-{user}.txt"
    try:
        with smbclient.open_file(path, mode="wb", port=endpoint.smb, connection_cache=connections) as file:
            file.write(b"here")
        with smbclient.open_file(path, mode="rb", port=endpoint.smb, connection_cache=connections) as file:
            return bytes(file.read()).decode()
    finally:
        smbclient.reset_connection_cache(connection_cache=connections)


@pytest.mark.parametrize("share", ["ByShare", "ByFolder"])
def test_who_is_admitted_writes_and_reads(bench: Bench, share: str) -> None:
    assert _note(bench, "a.rivera", share) == "here"


@pytest.mark.parametrize("share", ["ByShare", "ByFolder"])
def test_who_is_not_is_refused(bench: Bench, share: str) -> None:
    with pytest.raises((SMBException, OSError), match=r"(?i)access.denied"):
        _note(bench, "l.kim", share)
