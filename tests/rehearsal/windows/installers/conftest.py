"""A computer with nothing on it, for programs to run on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.rehearsal.windows.installers.machine import Machine
from engine.rehearsal.windows.installers.products import Products
from engine.rehearsal.windows.journal import Counters, Journal
from engine.rehearsal.windows.ntstatus import NtError, NtStatus
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.printing import Printing
from engine.rehearsal.windows.registry import Registry
from engine.rehearsal.windows.services import Services

ADMINISTRATOR = AccessToken("S-1-5-21-1-2-3-500", "LAB\\admin", frozenset(), True, frozenset())
TEACHER = replace(
    ADMINISTRATOR, user_sid="S-1-5-21-1-2-3-1104", user_name="LAB\\rivera", is_administrator=False
)


class MemoryFiles:
    """A file system of plain dictionaries: paths without case, no permissions, a limit to what it holds."""

    def __init__(self) -> None:
        self.content: dict[str, bytes] = {}
        self.folders: set[str] = {"c:"}
        self.room = 10_000_000

    def exists(self, path: str) -> bool:
        return path.casefold() in self.content or path.casefold() in self.folders

    def read_file(self, path: str) -> bytes:
        if path.casefold() not in self.content:
            raise NtError(NtStatus.OBJECT_NAME_NOT_FOUND)
        return self.content[path.casefold()]

    def write_file(self, path: str, content: bytes) -> None:
        if path.casefold().rpartition("\\")[0] not in self.folders:
            raise NtError(NtStatus.OBJECT_PATH_NOT_FOUND)
        if sum(map(len, self.content.values())) + len(content) > self.room:
            raise NtError(NtStatus.DISK_FULL)
        self.content[path.casefold()] = content

    def make_directory(self, path: str) -> None:
        parts = path.casefold().split("\\")
        self.folders.update("\\".join(parts[: i + 1]) for i in range(len(parts)))

    def remove(self, path: str) -> None:
        self.content.pop(path.casefold(), None)
        self.folders.discard(path.casefold())

    def names_in(self, path: str) -> tuple[str, ...]:
        start = path.casefold() + "\\"
        return tuple(name for name in (*self.content, *self.folders) if name.startswith(start))


@pytest.fixture
def files() -> MemoryFiles:
    store = MemoryFiles()
    store.make_directory("C:\\Media")
    return store


@pytest.fixture
def machine(files: MemoryFiles, tmp_path: Path) -> Machine:
    journal = Journal(Counters())
    registry = Registry(journal)
    return Machine(
        name="LAB-PC01",
        files=files,
        registry=registry,
        services=Services(journal, registry, ()),
        printing=Printing(journal, (), ()),
        products=Products(tmp_path / "products.json", journal, ()),
        is_server=False,
        user=ADMINISTRATOR,
    )
