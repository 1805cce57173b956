"""A file system in a temporary folder, and clients that use it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.rehearsal.windows.filesystem import FileSystem
from tests.support.files import Client, system


@pytest.fixture
def files(tmp_path: Path) -> Iterator[FileSystem]:
    opened = system(tmp_path)
    opened.make_directory(r"D:\Work")
    yield opened
    opened.close()


@pytest.fixture
def user() -> Client:
    """Somebody without rights beyond those of all users."""
    return Client()


@pytest.fixture
def admin() -> Client:
    return Client.administrator()
