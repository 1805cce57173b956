"""A simulated host that serves SMB, and clients of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from engine.rehearsal.windows.shares import CHANGE, FULL, READ, FolderEnumerationMode, Share, ShareEntry
from tests.support import rehearsed_smb as rehearsed
from tests.support.rehearsed_smb import RehearsedSmb
from tests.support.smb_client import Client

EVERYBODY = "S-1-5-11"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RehearsedSmb]:
    """The host, with shares for several needs."""
    with rehearsed.running(tmp_path_factory.mktemp("host")) as server:
        staff = server.sid("DHS-Staff")
        shares = (
            Share("Staff", r"D:\Shares\Staff", (ShareEntry(staff, "allow", CHANGE),)),
            Share("Public", r"D:\Shares\Public", (ShareEntry(EVERYBODY, "allow", FULL),)),
            Share("ReadOnly", r"D:\Shares\Public", (ShareEntry(EVERYBODY, "allow", READ),)),
            Share("Sealed", r"D:\Shares\Public", (ShareEntry(EVERYBODY, "allow", FULL),), encrypt=True),
            Share(
                "Hiding",
                r"D:\Shares\Hiding",
                (ShareEntry(EVERYBODY, "allow", FULL),),
                enumeration=FolderEnumerationMode.AccessBased,
            ),
            Share("Single", r"D:\Shares\Public", (ShareEntry(EVERYBODY, "allow", FULL),), user_limit=1),
            Share(
                "NotPupils",
                r"D:\Shares\Public",
                (
                    ShareEntry(server.sid("DHS-Pupils"), "deny", FULL),
                    ShareEntry(EVERYBODY, "allow", FULL),
                ),
            ),
            Share("Gone", r"D:\Shares\NoSuchFolder", (ShareEntry(EVERYBODY, "allow", FULL),)),
        )
        for name in ("Staff", "Public", "Hiding"):
            server.call(lambda host, path: host.files.make_directory(path), rf"D:\Shares\{name}")
        for share in shares:
            server.call(lambda host, share: host.shares.add(share), share)
        yield server


@pytest.fixture
def clients() -> Iterator[list[Client]]:
    """Clients that are closed after the test."""
    made: list[Client] = []
    yield made
    for client in made:
        client.close()


@pytest.fixture
def admin(served: RehearsedSmb, clients: list[Client]) -> Client:
    clients.append(Client(served.port, rehearsed.ADMINISTRATOR))
    return clients[-1]


@pytest.fixture
def teacher(served: RehearsedSmb, clients: list[Client]) -> Client:
    clients.append(Client(served.port, rehearsed.TEACHER))
    return clients[-1]


@pytest.fixture
def pupil(served: RehearsedSmb, clients: list[Client]) -> Client:
    clients.append(Client(served.port, rehearsed.PUPIL))
    return clients[-1]


@pytest.fixture
def folder(request: pytest.FixtureRequest, served: RehearsedSmb) -> str:
    """A new folder on D:, by its path below the drive."""
    name: str = request.node.originalname
    served.call(lambda host: host.files.make_directory(rf"D:\{name}"))
    return name
