"""smbprotocol's high-level client as one user of a simulated host."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import pytest
import smbclient
from smbprotocol.exceptions import SMBOSError, SMBResponseException

from engine.rehearsal.windows.ntstatus import NtStatus
from tests.support import rehearsed_smb as rehearsed


@contextmanager
def refused(status: NtStatus) -> Iterator[None]:
    """The block must be refused with this status, however the client raises it."""
    with pytest.raises((SMBOSError, SMBResponseException)) as caught:
        yield
    error = caught.value
    assert isinstance(error, SMBOSError | SMBResponseException)
    found = error.ntstatus if isinstance(error, SMBOSError) else error.status
    assert found == status, f"0x{found:08X} instead of {status.name}"


@dataclass
class Client:
    """smbclient's functions for one user, with connections of its own."""

    port: int
    user: str
    password: str = rehearsed.PASSWORD
    cache: dict[str, Any] = field(default_factory=dict)

    @property
    def login(self) -> dict[str, Any]:
        """What every call of smbclient is told."""
        name = f"BCPS\\{self.user}"
        return {
            "username": name,
            "password": self.password,
            "port": self.port,
            "connection_cache": self.cache,
        }

    def path(self, share: str, path: str = "") -> str:
        return rf"\\{rehearsed.ADDRESS}\{share}" + (rf"\{path}" if path else "")

    def open(self, share: str, path: str, mode: str = "rb", **options: Any) -> BinaryIO:
        return smbclient.open_file(self.path(share, path), mode=mode, buffering=0, **options, **self.login)

    def read(self, share: str, path: str) -> bytes:
        with self.open(share, path, share_access="rwd") as stream:
            return stream.read()

    def write(self, share: str, path: str, data: bytes) -> None:
        with self.open(share, path, "wb") as stream:
            stream.write(data)

    def names(self, share: str, path: str = "") -> list[str]:
        return smbclient.listdir(self.path(share, path), **self.login)

    def close(self) -> None:
        smbclient.reset_connection_cache(fail_on_error=False, connection_cache=self.cache)
