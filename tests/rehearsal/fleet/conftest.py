"""A small fleet that the tests of a module share, and folders for fleets of their own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fleet import Fleet, write_fleet

HOSTS = ("DHS-SRV01", "DHS-L114-01", "DHS-L114-02")


@pytest.fixture(autouse=True)
def _own_certificates_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests would trust what the environment names instead of the fleet's own authority."""
    for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def fleet(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fleet]:
    """Three hosts in two processes."""
    folder = tmp_path_factory.mktemp("fleet")
    write_fleet(folder, HOSTS)
    running = Fleet(folder, shards=2)
    running.start()
    yield running
    running.end()


@pytest.fixture
def new_fleet(tmp_path: Path) -> Iterator[Fleet]:
    """Three hosts, not started; ended after the test."""
    write_fleet(tmp_path, HOSTS)
    made = Fleet(tmp_path, shards=2)
    yield made
    made.end()
