"""The servers that the SMB contract is held against."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import smbd
from tests.support.smb_contract import SMALL_DISK, ServedHost


@pytest.fixture(scope="session")
def samba(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smbd.Smbd]:
    """Debian's smbd with an empty drive C, and a drive D that holds two MiB."""
    problem = smbd.missing()
    if problem:
        pytest.skip(problem)
    folder = tmp_path_factory.mktemp("smbd")
    (folder / "c").mkdir()
    drives = {"C": folder / "c", "D": folder / "d"}
    with smbd.small_disk(folder / "d", SMALL_DISK), smbd.running(folder / "server", drives) as server:
        yield server


@pytest.fixture
def host(samba: smbd.Smbd, monkeypatch: pytest.MonkeyPatch) -> ServedHost:
    """The host under contract, its drive as the tests before left it."""
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", smbd.PASSWORD)
    return ServedHost(smbd.ADDRESS, samba.port, smbd.ADMINISTRATOR, "env:ROLLCALL_TEST_PASSWORD")


@pytest.fixture
def drive(samba: smbd.Smbd) -> Path:
    """The folder behind C$ on this machine."""
    return samba.drives["C"]
