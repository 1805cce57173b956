"""A simulated host that serves SMB on a loopback address, in a thread of the test's own process."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from engine.rehearsal.fleet.views import SmbView
from engine.rehearsal.smb.endpoint import SmbEndpoint
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.image import Drive, HostImage
from engine.rehearsal.windows.principals import Domain, Group, User

P = ParamSpec("P")
T = TypeVar("T")

ADDRESS = "127.61.0.1"
PASSWORD = "Correct-Horse-7"  # noqa: S105 (of users that exist for one test)
ADMINISTRATOR, TEACHER, PUPIL = "svc-rollcall", "a.rivera", "p.lee"
DOMAIN = Domain(
    "BCPS",
    "bcps.example",
    [User(name, PASSWORD) for name in (ADMINISTRATOR, TEACHER, PUPIL)],
    [Group("DHS-Staff", (TEACHER,)), Group("DHS-Pupils", (PUPIL,))],
    [ADMINISTRATOR],
)


class RehearsedSmb:
    """A running endpoint. The host behind it is touched in the server's thread only: by `call`."""

    def __init__(self, host: WindowsHost, loop: asyncio.AbstractEventLoop, port: int) -> None:
        self.port = port
        self._host = host
        self._loop = loop

    def call(self, act: Callable[Concatenate[WindowsHost, P], T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Do something to the host while it serves."""
        result: Future[T] = Future()

        def run() -> None:
            try:
                result.set_result(act(self._host, *args, **kwargs))
            except BaseException as error:  # noqa: BLE001 (handed to the waiting thread)
                result.set_exception(error)

        self._loop.call_soon_threadsafe(run)
        return result.result(20)

    def sid(self, name: str) -> str:
        """The SID of an account."""
        account = DOMAIN.find(name)
        assert account is not None
        return account.sid


@contextmanager
def running(folder: Path, size: int = 2**30) -> Iterator[RehearsedSmb]:
    """Serve a host with drives C and D of `size` bytes, whose state is kept in `folder`."""
    credentials = folder / "credentials"
    lines = [f"{d}:{user}:{PASSWORD}" for d in ("BCPS", "") for user in (ADMINISTRATOR, TEACHER, PUPIL)]
    credentials.write_text("\n".join(lines), encoding="utf-8")
    before = os.environ.get("NTLM_USER_FILE")
    os.environ["NTLM_USER_FILE"] = str(credentials)
    image = HostImage(drives=(Drive(letter="C", size=size), Drive(letter="D", size=size, label="Data")))
    host = WindowsHost.open(folder / "host", image, "DHS-SRV01", DOMAIN)
    loop = asyncio.new_event_loop()
    endpoint = SmbEndpoint(SmbView(host))
    listener = loop.run_until_complete(endpoint.listen(ADDRESS, 0))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield RehearsedSmb(host, loop, int(listener.sockets[0].getsockname()[1]))
    finally:

        def stop() -> None:
            listener.close()
            endpoint.cut_connections()
            loop.call_later(0.05, loop.stop)

        loop.call_soon_threadsafe(stop)
        thread.join(20)
        host.files.close()
        loop.close()
        if before is None:
            del os.environ["NTLM_USER_FILE"]
        else:
            os.environ["NTLM_USER_FILE"] = before
