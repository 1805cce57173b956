"""Single commands by smbprotocol's low-level client: locks, information classes, refusals, logoff."""

from __future__ import annotations

import struct
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from smbprotocol.connection import Connection, SMB2Echo
from smbprotocol.exceptions import SMBResponseException
from smbprotocol.ioctl import SMB2IOCTLRequest
from smbprotocol.open import (
    Open,
    SMB2LockElement,
    SMB2LockRequest,
    SMB2QueryInfoRequest,
    SMB2QueryInfoResponse,
)
from smbprotocol.session import Session
from smbprotocol.structure import Structure
from smbprotocol.tree import TreeConnect

from engine.rehearsal.smb.information import FILE_CLASSES, VOLUME_CLASSES
from engine.rehearsal.windows.ntstatus import NtStatus
from engine.rehearsal.windows.security import rights
from tests.support import rehearsed_smb as rehearsed
from tests.support.rehearsed_smb import RehearsedSmb

EXCLUSIVE, UNLOCK, AT_ONCE = 2, 4, 16


@contextmanager
def connected(served: RehearsedSmb, dialect: int | None = None) -> Iterator[TreeConnect]:
    """A tree of D$ on a connection of its own."""
    connection = Connection(uuid.uuid4(), rehearsed.ADDRESS, served.port)
    connection.connect(dialect, timeout=5)
    name = f"BCPS\\{rehearsed.ADMINISTRATOR}"
    session = Session(connection, name, rehearsed.PASSWORD, require_encryption=False)
    session.connect()
    tree = TreeConnect(session, rf"\\{rehearsed.ADDRESS}\D$")
    tree.connect()
    try:
        yield tree
    finally:
        connection.disconnect(close=False)


def opened(tree: TreeConnect, name: str, shared: int = 7, options: int = 0) -> Open:
    """A file with all rights, made where it is missing."""
    handle = Open(tree, name)
    handle.create(2, rights.FULL_CONTROL, 0, shared, 3, options)
    return handle


def ask(tree: TreeConnect, request: Structure) -> bytes:
    """The body of the answer."""
    connection = tree.session.connection
    sent = connection.send(request, tree.session.session_id, tree.tree_connect_id)
    body = connection.receive(sent, timeout=5)["data"].get_value()
    assert isinstance(body, bytes)
    return body


@contextmanager
def answered(status: NtStatus) -> Iterator[None]:
    with pytest.raises(SMBResponseException) as caught:
        yield
    assert caught.value.status == status


@pytest.mark.parametrize("dialect", [0x0210, 0x0300, 0x0302, 0x0311])
def test_every_dialect_is_verified_and_carries_data(served: RehearsedSmb, folder: str, dialect: int) -> None:
    # For 3.0 and 3.0.2 the client checks by an IOCTL that nobody changed the negotiation.
    with connected(served, dialect) as tree:
        assert tree.session.connection.dialect == dialect
        handle = opened(tree, rf"{folder}\file")
        handle.write(b"data")
        assert handle.read(0, 100) == b"data"
        handle.close()


def test_2_0_2_is_too_old(served: RehearsedSmb) -> None:
    connection = Connection(uuid.uuid4(), rehearsed.ADDRESS, served.port)
    with answered(NtStatus.NOT_SUPPORTED):
        connection.connect(0x0202, timeout=5)
    connection.disconnect(close=False)


def _lock(handle: Open, offset: int, flags: int) -> SMB2LockRequest:
    element = SMB2LockElement()
    element["offset"] = offset
    element["length"] = 10
    element["flags"] = flags
    request = SMB2LockRequest()
    request["file_id"] = handle.file_id
    request["locks"] = [element]
    return request


def test_a_locked_range_is_one_client_s_until_it_lets_go(served: RehearsedSmb, folder: str) -> None:
    with connected(served) as first, connected(served) as second:
        mine, theirs = opened(first, rf"{folder}\file"), opened(second, rf"{folder}\file")
        mine.write(b"x" * 100)
        ask(first, _lock(mine, 0, EXCLUSIVE | AT_ONCE))
        with answered(NtStatus.LOCK_NOT_GRANTED):
            ask(second, _lock(theirs, 5, EXCLUSIVE | AT_ONCE))
        with answered(NtStatus.FILE_LOCK_CONFLICT):
            theirs.read(0, 5)
        with answered(NtStatus.RANGE_NOT_LOCKED):
            ask(first, _lock(mine, 1, UNLOCK))
        with answered(NtStatus.INVALID_PARAMETER):
            ask(first, _lock(mine, 50, EXCLUSIVE | UNLOCK))
        ask(first, _lock(mine, 0, UNLOCK))
        assert theirs.read(0, 5) == b"xxxxx"


def _information(handle: Open, kind: int, number: int, room: int) -> bytes:
    request = SMB2QueryInfoRequest()
    request["info_type"] = kind
    request["file_info_class"] = number
    request["output_buffer_length"] = room
    request["file_id"] = handle.file_id
    response = SMB2QueryInfoResponse()
    response.unpack(ask(handle.tree_connect, request))
    data = response["buffer"].get_value()
    assert isinstance(data, bytes)
    return data


# Sizes of the fixed parts by MS-FSCC 2.4 and 2.5.
SIZES = {4: 40, 5: 24, 6: 8, 7: 4, 8: 4, 14: 8, 16: 4, 17: 4, 28: 16, 34: 56, 35: 8, 59: 24}
VOLUME_SIZES = {3: 24, 4: 8, 7: 32, 8: 64, 11: 28}


def test_information_has_the_sizes_that_are_specified(served: RehearsedSmb, folder: str) -> None:
    with connected(served) as tree:
        handle = opened(tree, rf"{folder}\file")
        handle.write(b"x" * 5000)
        for number in FILE_CLASSES.keys() & set(range(49)):
            data = _information(handle, 1, number, 4096)
            assert len(data) == SIZES.get(number, len(data)), number
        everything = _information(handle, 1, 18, 4096)
        path = rf"\{folder}\file".encode("utf-16-le")
        assert everything[100:] == path
        assert struct.unpack_from("<I", everything, 96) == (len(path),)
        assert struct.unpack_from("<QQ", everything, 40) == (8192, 5000)
        for number, size in VOLUME_SIZES.items():
            assert len(_information(handle, 2, number, 4096)) == size, number
        assert set(VOLUME_SIZES) < set(VOLUME_CLASSES)
        assert _information(handle, 2, 5, 4096)[12:].decode("utf-16-le") == "NTFS"


def test_too_small_a_buffer_is_refused_or_filled(served: RehearsedSmb, folder: str) -> None:
    with connected(served) as tree:
        handle = opened(tree, rf"{folder}\file")
        with answered(NtStatus.INFO_LENGTH_MISMATCH):
            _information(handle, 1, 4, 39)
        with answered(NtStatus.INFO_LENGTH_MISMATCH):
            _information(handle, 1, 18, 99)
        with answered(NtStatus.BUFFER_OVERFLOW):
            _information(handle, 1, 18, 104)
        with answered(NtStatus.INVALID_INFO_CLASS):
            _information(handle, 1, 11, 4096)


def test_controls_that_are_not_served_are_refused(served: RehearsedSmb) -> None:
    dfs, copy = 0x00060194, 0x001440F2
    with connected(served) as tree:
        for code, status in ((dfs, NtStatus.FS_DRIVER_REQUIRED), (copy, NtStatus.INVALID_DEVICE_REQUEST)):
            request = SMB2IOCTLRequest()
            request["ctl_code"] = code
            request["file_id"] = b"\xff" * 16
            request["flags"] = 1
            request["max_output_response"] = 4096
            with answered(status):
                ask(tree, request)


def test_a_logoff_closes_what_is_open(served: RehearsedSmb, folder: str) -> None:
    with connected(served) as first, connected(served) as second:
        opened(first, rf"{folder}\file", shared=0, options=0x1000)
        with answered(NtStatus.SHARING_VIOLATION):
            opened(second, rf"{folder}\file")
        first.session.disconnect(close=False)
        names = [
            entry["file_name"].get_value().decode("utf-16-le")
            for entry in opened(second, folder).query_directory("*", 12)
        ]
        assert names == [".", ".."]


def test_the_server_says_that_it_is_there(served: RehearsedSmb) -> None:
    with connected(served) as tree:
        assert ask(tree, SMB2Echo()) == struct.pack("<HH", 4, 0)
