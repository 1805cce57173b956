"""The servers that the SMB contract is held against: Debian's smbd, and a simulated host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support import rehearsed_smb, smbd
from tests.support.smb_contract import SMALL_DISK, ServedHost

_REFERENCE = "env:ROLLCALL_TEST_PASSWORD"


@pytest.fixture(scope="session")
def samba(tmp_path_factory: pytest.TempPathFactory) -> Iterator[smbd.Smbd]:
    """smbd with an empty drive C, and a drive D that holds two MiB."""
    problem = smbd.missing()
    if problem:
        pytest.skip(problem)
    folder = tmp_path_factory.mktemp("smbd")
    (folder / "c").mkdir()
    drives = {"C": folder / "c", "D": folder / "d"}
    with smbd.small_disk(folder / "d", SMALL_DISK), smbd.running(folder / "server", drives) as server:
        yield server


@pytest.fixture(scope="session")
def rehearsed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[rehearsed_smb.RehearsedSmb]:
    """A simulated host with two drives."""
    with rehearsed_smb.running(tmp_path_factory.mktemp("rehearsed")) as server:
        yield server


@pytest.fixture
def samba_host(samba: smbd.Smbd, monkeypatch: pytest.MonkeyPatch) -> ServedHost:
    """smbd, for what can only be done to its processes."""
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", smbd.PASSWORD)
    return ServedHost(smbd.ADDRESS, samba.port, smbd.ADMINISTRATOR, _REFERENCE)


@pytest.fixture
def rehearsed_host(rehearsed: rehearsed_smb.RehearsedSmb, monkeypatch: pytest.MonkeyPatch) -> ServedHost:
    """The simulated host."""
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", rehearsed_smb.PASSWORD)
    user = rehearsed_smb.ADMINISTRATOR
    return ServedHost(rehearsed_smb.ADDRESS, rehearsed.port, user, _REFERENCE)


@pytest.fixture(params=["samba_host", "rehearsed_host"])
def host(request: pytest.FixtureRequest) -> ServedHost:
    """Each server in turn, its drives as the tests before left them."""
    served = request.getfixturevalue(request.param)
    assert isinstance(served, ServedHost)
    return served
