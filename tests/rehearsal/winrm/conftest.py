"""A WinRM endpoint in a thread."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from engine.rehearsal.fleet.addresses import Listeners
from engine.rehearsal.fleet.certificates import issue
from engine.rehearsal.winrm.endpoint import WinrmEndpoint
from tests.support.winrm_host import PASSWORD, START_SECONDS, TEACHERS_PASSWORD, Running, ScriptedHost


@pytest.fixture(scope="session")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, authority: trustme.CA) -> Iterator[Running]:
    """A fresh host behind a real WinRM endpoint, over HTTP and HTTPS."""
    credentials = tmp_path / "credentials"
    credentials.write_text(f"BCPS:svc-rollcall:{PASSWORD}\nBCPS:a.rivera:{TEACHERS_PASSWORD}\n")
    monkeypatch.setenv("NTLM_USER_FILE", str(credentials))
    for name in (
        "REQUESTS_CA_BUNDLE",
        "CURL_CA_BUNDLE",
        "HTTP_PROXY",
        "HTTPS_PROXY",
        "http_proxy",
        "https_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    ca_file = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    host, address = ScriptedHost(), "127.10.200.1"
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    endpoint = WinrmEndpoint(host)
    identity = issue(authority, host.name, "bcps.example", address)
    listeners = Listeners(
        address,
        {
            "winrm_http": lambda where, port: endpoint.listen(where, port, None),
            "winrm_https": lambda where, port: endpoint.listen(where, port, identity),
        },
        endpoint.cut_connections,
    )
    try:
        asyncio.run_coroutine_threadsafe(listeners.open(), loop).result(START_SECONDS)
        ports = listeners.ports
        yield Running(host, loop, address, ports["winrm_http"], ports["winrm_https"], ca_file)
    finally:
        asyncio.run_coroutine_threadsafe(_stop(listeners, endpoint), loop).result(START_SECONDS)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(START_SECONDS)
        loop.close()


async def _stop(listeners: Listeners, endpoint: WinrmEndpoint) -> None:
    listeners.close()
    endpoint.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
