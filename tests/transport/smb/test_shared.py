"""Files from file servers, Samba and a simulated host: what was declared, or one clear line."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.model.errors import HostError, HostUnreachable, LogonFailed, NotFound, StepFailed
from engine.model.source import SharedFile
from engine.model.step import MakeDirectory
from engine.transport.smb.shared import copy_from_share
from engine.transport.target import Login
from tests.support.smb_contract import ServedHost, put

DATA = bytes(range(256)) * 5000
FILE = SharedFile("FS01", "C$", ("Media", "In stock", "setup.msi"))


@pytest.fixture(autouse=True)
def stocked(host: ServedHost) -> None:
    with host.session() as session:
        session.write(MakeDirectory(path=r"C:\Media\In stock"))
        session.write(put(r"C:\Media\In stock\setup.msi", DATA))


def _cause(host: ServedHost, file: SharedFile, kind: type[HostError], size: int = len(DATA)) -> str:
    with pytest.raises(kind) as caught:
        b"".join(copy_from_share(file, size, host.target()))
    assert type(caught.value) is kind
    assert "\n" not in str(caught.value)
    return caught.value.cause


def test_a_file_arrives(host: ServedHost) -> None:
    assert b"".join(copy_from_share(FILE, len(DATA), host.target())) == DATA


def test_names_are_compared_without_case(host: ServedHost) -> None:
    file = SharedFile("fs01", "c$", ("MEDIA", "in stock", "Setup.msi"))
    assert b"".join(copy_from_share(file, len(DATA), host.target())) == DATA


def test_another_size_is_refused_unread(host: ServedHost) -> None:
    assert _cause(host, FILE, StepFailed, 7) == f"the file has {len(DATA)} bytes, and 7 are declared"


@pytest.mark.parametrize(
    "names", [("Media", "none.msi"), ("None", "setup.msi"), ("Media", "In stock", "setup.msi", "x")]
)
def test_a_file_that_is_not_there(host: ServedHost, names: tuple[str, ...]) -> None:
    _cause(host, SharedFile("FS01", "C$", names), NotFound)


def test_a_share_that_is_not_there(host: ServedHost) -> None:
    _cause(host, SharedFile("FS01", "NoSuchShare", ("setup.msi",)), NotFound)


def test_a_folder_is_no_file(host: ServedHost) -> None:
    _cause(host, SharedFile("FS01", "C$", ("Media", "In stock")), StepFailed)


def test_a_wrong_password(host: ServedHost, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ROLLCALL_TEST_PASSWORD", "Wrong-Horse-7")
    assert "Wrong-Horse-7" not in _cause(host, FILE, LogonFailed)


def test_a_password_that_cannot_be_found(host: ServedHost) -> None:
    target = replace(host.target(), login=Login(host.user, "env:ROLLCALL_NOT_SET"))
    with pytest.raises(LogonFailed, match="ROLLCALL_NOT_SET"):
        b"".join(copy_from_share(FILE, len(DATA), target))


def test_nobody_listens(host: ServedHost) -> None:
    target = replace(host.target(), smb_port=9)
    with pytest.raises(HostUnreachable):
        b"".join(copy_from_share(FILE, len(DATA), target))


def test_giving_up_early_ends_the_connection(host: ServedHost) -> None:
    pieces = copy_from_share(FILE, len(DATA), host.target())
    assert DATA.startswith(next(pieces))
    pieces.close()
    assert b"".join(copy_from_share(FILE, len(DATA), host.target())) == DATA
