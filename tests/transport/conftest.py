"""A simulated WinRM endpoint in a thread, and the settings to reach it."""

from __future__ import annotations

import pytest

from engine.transport.target import Authentication, Login, Scheme, Target, Timeouts
from tests.rehearsal.winrm.conftest import authority, running
from tests.support.winrm_host import PASSWORD, USER, Running

__all__ = ["authority", "running"]


@pytest.fixture
def target(running: Running, monkeypatch: pytest.MonkeyPatch) -> Target:
    """The host over verified TLS and NTLM."""
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", PASSWORD)
    return Target(
        host="DHS-SRV01",
        address=running.address,
        login=Login(USER, "env:ROLLCALL_TEST_PASSWORD"),
        scheme=Scheme.HTTPS,
        port=running.https,
        authentication=Authentication.NTLM,
        ca_file=str(running.ca_file),
        timeouts=Timeouts(connect=5, read=5, step=20),
    )
