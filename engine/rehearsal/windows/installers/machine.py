"""What a native program may touch of the computer it runs on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.rehearsal.windows.installers.products import Products
from engine.rehearsal.windows.principals import AccessToken
from engine.rehearsal.windows.printing import Printing
from engine.rehearsal.windows.registry import Registry
from engine.rehearsal.windows.services import Services


class FileStore(Protocol):
    """Files by their full path. Each method may raise NtError, as an open of the path would."""

    def exists(self, path: str) -> bool: ...

    def read_file(self, path: str) -> bytes: ...

    def write_file(self, path: str, content: bytes) -> None:
        """Make or replace a file in a folder that exists."""

    def make_directory(self, path: str) -> None:
        """Create a folder and those above it; one that exists is left as it is."""

    def remove(self, path: str) -> None:
        """Delete a file, or a folder that is empty; nothing happens where there is none."""

    def names_in(self, path: str) -> tuple[str, ...]:
        """What a folder holds; nothing where there is no such folder."""


@dataclass(frozen=True, slots=True)
class Machine:
    """A computer, as a program of one user sees it."""

    name: str
    files: FileStore
    registry: Registry
    services: Services
    printing: Printing
    products: Products
    is_server: bool
    user: AccessToken
