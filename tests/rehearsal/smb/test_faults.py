"""Faults of the endpoint, unsigned requests, and descriptors over the wire."""

from __future__ import annotations

import socket
import struct
import uuid
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from smbprotocol.connection import Connection
from smbprotocol.exceptions import SMBException, SMBResponseException
from smbprotocol.open import Open, SMB2QueryInfoRequest, SMB2QueryInfoResponse, SMB2SetInfoRequest
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.ntstatus import NtStatus
from engine.rehearsal.windows.security import AceFlag, SecurityDescriptor, allow, deny, rights, sids
from tests.support import rehearsed_smb as rehearsed
from tests.support.rehearsed_smb import RehearsedSmb
from tests.support.smb_client import Client


@contextmanager
def fault(served: RehearsedSmb, kind: Fault) -> Iterator[None]:
    served.call(lambda host: host.faults.switch(kind, True))
    try:
        yield
    finally:
        served.call(lambda host: host.faults.switch(kind, False))


@pytest.fixture
def plain(served: RehearsedSmb) -> Iterator[Session]:
    """A session of the low-level client: signed, not encrypted."""
    connection = Connection(uuid.uuid4(), rehearsed.ADDRESS, served.port)
    connection.connect(timeout=5)
    session = Session(
        connection, f"BCPS\\{rehearsed.ADMINISTRATOR}", rehearsed.PASSWORD, require_encryption=False
    )
    session.connect()
    yield session
    connection.disconnect(close=False)


def _tree(session: Session) -> TreeConnect:
    tree = TreeConnect(session, rf"\\{rehearsed.ADDRESS}\D$")
    tree.connect()
    return tree


@pytest.mark.parametrize("kind", [Fault.REFUSE, Fault.DROP, Fault.WRONG_ANSWER])
def test_a_broken_conversation_ends_in_an_error(served: RehearsedSmb, kind: Fault) -> None:
    client = Client(served.port, rehearsed.ADMINISTRATOR)
    with fault(served, kind), pytest.raises((SMBException, OSError, ValueError, struct.error)):
        client.names("D$")
    client.close()
    again = Client(served.port, rehearsed.ADMINISTRATOR)
    assert isinstance(again.names("D$"), list)
    again.close()


def test_a_frozen_server_takes_connections_and_says_nothing(served: RehearsedSmb) -> None:
    with fault(served, Fault.NEVER_ANSWER), socket.create_connection((rehearsed.ADDRESS, served.port)) as raw:
        raw.sendall(b"\0\0\0\x44" + b"\xfeSMB" + bytes(64))
        raw.settimeout(0.3)
        with pytest.raises(TimeoutError):
            raw.recv(1)


def test_too_long_a_packet_ends_the_connection(served: RehearsedSmb) -> None:
    with socket.create_connection((rehearsed.ADDRESS, served.port)) as raw:
        raw.settimeout(5)
        raw.sendall(b"\0\xff\xff\xff")
        with pytest.raises(ConnectionResetError):
            raw.recv(1)


def test_an_unsigned_request_in_a_session_is_refused(plain: Session) -> None:
    tree = _tree(plain)
    plain.signing_required = False
    with pytest.raises(SMBResponseException) as caught:
        tree.disconnect()
    assert caught.value.status == NtStatus.ACCESS_DENIED


def _opened(tree: TreeConnect, name: str) -> Open:
    opened = Open(tree, name)
    opened.create(2, rights.READ_CONTROL | rights.WRITE_DAC | rights.WRITE_OWNER, 0, 7, 1, 1)
    return opened


def _descriptor(opened: Open, room: int) -> SecurityDescriptor:
    request = SMB2QueryInfoRequest()
    request["info_type"] = 3
    request["output_buffer_length"] = room
    request["additional_information"] = 7
    request["file_id"] = opened.file_id
    tree = opened.tree_connect
    sent = opened.connection.send(request, tree.session.session_id, tree.tree_connect_id)
    response = SMB2QueryInfoResponse()
    response.unpack(opened.connection.receive(sent)["data"].get_value())
    return SecurityDescriptor.from_bytes(response["buffer"].get_value())


def test_a_descriptor_set_over_the_wire_is_read_back(plain: Session, folder: str) -> None:
    opened = _opened(_tree(plain), folder)
    wanted = SecurityDescriptor(
        sids.ADMINISTRATORS,
        sids.SYSTEM,
        (
            deny("S-1-5-21-1-2-3-1105", rights.DELETE, AceFlag(3)),
            allow(sids.ADMINISTRATORS, rights.FULL_CONTROL, AceFlag(3)),
        ),
        protected=True,
    )
    request = SMB2SetInfoRequest()
    request["info_type"] = 3
    request["additional_information"] = 7
    request["file_id"] = opened.file_id
    request["buffer"] = wanted.to_bytes()
    tree = opened.tree_connect
    sent = opened.connection.send(request, tree.session.session_id, tree.tree_connect_id)
    opened.connection.receive(sent)
    assert _descriptor(opened, 65536) == wanted
    opened.close()


def test_too_small_a_buffer_is_told_what_it_takes(served: RehearsedSmb, plain: Session, folder: str) -> None:
    opened = _opened(_tree(plain), folder)
    with pytest.raises(SMBResponseException) as caught:
        _descriptor(opened, 16)
    assert caught.value.status == NtStatus.BUFFER_TOO_SMALL
    needed = len(served.call(lambda host: host.files.security(rf"D:\{folder}")).to_bytes())
    assert struct.pack("<I", needed) in caught.value.header["data"].get_value()
    opened.close()


def test_a_file_that_is_not_open_is_closed(plain: Session) -> None:
    tree = _tree(plain)
    request = SMB2QueryInfoRequest()
    request["file_id"] = b"\x07" * 16
    with pytest.raises(SMBResponseException) as caught:
        plain.connection.receive(plain.connection.send(request, plain.session_id, tree.tree_connect_id))
    assert caught.value.status == NtStatus.FILE_CLOSED
