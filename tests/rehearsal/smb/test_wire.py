"""The protocol's edges, without a network: what is malformed, unsigned, unknown or not agreed on."""

from __future__ import annotations

import contextlib
import struct
import uuid
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from smbprotocol.connection import SMB2NegotiateResponse

from engine.rehearsal.fleet.views import SmbView
from engine.rehearsal.smb.connection import Connection
from engine.rehearsal.smb.credits import MOST_GRANTED, CreditWindow
from engine.rehearsal.smb.crypto import (
    Algorithms,
    Cipher,
    Dialect,
    SessionKeys,
    Signing,
    decrypt,
    derive_keys,
    encrypt,
    is_signed,
    signature,
)
from engine.rehearsal.smb.header import Command, Malformed, split_compound
from engine.rehearsal.smb.state import ServerState, Session, Tree
from engine.rehearsal.windows.host import WindowsHost
from engine.rehearsal.windows.image import Drive, HostImage
from engine.rehearsal.windows.ntstatus import NtStatus
from tests.support.rehearsed_smb import DOMAIN

SIGNED = 8


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ServerState:
    (tmp_path / "credentials").write_text("BCPS:nobody:x")
    monkeypatch.setenv("NTLM_USER_FILE", str(tmp_path / "credentials"))
    image = HostImage(drives=(Drive(letter="C", size=2**30),))
    host = WindowsHost.open(tmp_path / "host", image, "DHS-SRV01", DOMAIN)
    return ServerState(SmbView(host), uuid.uuid4())


@pytest.fixture
def connection(server: ServerState) -> Connection:
    return Connection(server)


def message(command: int, body: bytes, number: int = 0, session: int = 0, flags: int = 0) -> bytes:
    fields = (64, 1, 0, command, 1, flags, 0, number, 0, 0, session, bytes(16))
    return struct.pack("<4sHHIHHIIQIIQ16s", b"\xfeSMB", *fields) + body


def negotiation(dialects: list[int], contexts: list[tuple[int, bytes]] = []) -> bytes:  # noqa: B006 (read only)
    names = struct.pack(f"<{len(dialects)}H", *dialects)
    start = -(-(64 + 36 + len(names)) // 8) * 8
    fixed = struct.pack("<HHHHI16sIHH", 36, len(dialects), 1, 0, 0x7F, bytes(16), start, len(contexts), 0)
    packed = b""
    for kind, data in contexts:
        packed += struct.pack("<HHI", kind, len(data), 0) + data
        packed = packed.ljust(-(-len(packed) // 8) * 8, b"\0")
    return (fixed + names).ljust(start - 64, b"\0") + packed


SHA_512 = (1, struct.pack("<HHH", 1, 4, 1) + b"salt")
UNKNOWN = [(3, b"\1\0\0\0\0\0\0\0\1\0"), (0x100, b"POSIX"), (5, "host".encode("utf-16-le"))]


def status(answer: bytes) -> int:
    return int(struct.unpack_from("<I", answer, 8)[0])


def agreed(answer: bytes) -> tuple[int, dict[int, list[int]]]:
    """Dialect and algorithms of an answer to a negotiation."""
    assert status(answer) == NtStatus.SUCCESS
    response = SMB2NegotiateResponse()
    response.unpack(answer[64:])
    chosen = {}
    for context in response["negotiate_context_list"].get_value():
        kind = context["context_type"].get_value()
        field = {1: "hash_algorithms", 2: "ciphers", 8: "signing_algorithms"}[kind]
        chosen[kind] = context["data"][field].get_value()
    return response["dialect_revision"].get_value(), chosen


def test_the_highest_dialect_and_the_client_s_first_algorithms_are_taken(connection: Connection) -> None:
    contexts = [*UNKNOWN, SHA_512, (2, struct.pack("<HHH", 2, 4, 1)), (8, struct.pack("<HHHH", 3, 9, 2, 1))]
    answer = connection.receive(message(0, negotiation([0x0202, 0x0210, 0x0311, 0x0300], contexts)))
    assert agreed(answer) == (Dialect.SMB_3_1_1, {1: [1], 2: [Cipher.AES_256_GCM], 8: [Signing.AES_GMAC]})


@pytest.mark.parametrize("dialects", [[0x0300], [0x0311], [0x0311, 0x0302], [0x0210, 0x0311, 0x0302, 0x0300]])
def test_contexts_are_found_however_they_are_aligned(connection: Connection, dialects: list[int]) -> None:
    answer = connection.receive(message(0, negotiation(dialects, [SHA_512])))
    assert agreed(answer)[0] == max(dialects)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (negotiation([0x0202]), NtStatus.NOT_SUPPORTED),
        (negotiation([]), NtStatus.INVALID_PARAMETER),
        (negotiation([0x0311]), NtStatus.INVALID_PARAMETER),
        (
            negotiation([0x0311], [(1, struct.pack("<HHH", 1, 0, 7))]),
            NtStatus.SMB_NO_PREAUTH_INTEGRITY_HASH_OVERLAP,
        ),
        (negotiation([0x0311], [SHA_512, SHA_512]), NtStatus.INVALID_PARAMETER),
    ],
)
def test_what_cannot_be_agreed_on_is_refused(connection: Connection, body: bytes, expected: NtStatus) -> None:
    assert status(connection.receive(message(0, body))) == expected


def test_a_client_that_begins_with_smb1_is_led_to_smb2(connection: Connection) -> None:
    names = b"\x02NT LM 0.12\0\x02SMB 2.002\0\x02SMB 2.???\0"
    smb1 = b"\xffSMB\x72" + bytes(27) + b"\0" + struct.pack("<H", len(names)) + names
    assert agreed(connection.receive(smb1))[0] == 0x02FF
    second = connection.receive(message(0, negotiation([0x0311], [SHA_512]), number=1))
    assert agreed(second)[0] == Dialect.SMB_3_1_1


def test_smb1_alone_is_not_spoken(connection: Connection) -> None:
    names = b"\x02NT LM 0.12\0"
    with pytest.raises(Malformed):
        connection.receive(b"\xffSMB\x72" + bytes(27) + b"\0" + struct.pack("<H", len(names)) + names)


def _negotiated(connection: Connection) -> Connection:
    connection.receive(message(0, negotiation([0x0311], [SHA_512])))
    return connection


@pytest.mark.parametrize("command", [Command.TREE_CONNECT, Command.CREATE, Command.READ, 77])
def test_nothing_works_without_a_session(connection: Connection, command: int) -> None:
    answer = _negotiated(connection).receive(message(command, bytes(60), number=1, session=5))
    assert status(answer) == NtStatus.USER_SESSION_DELETED


@pytest.mark.parametrize(
    "packet",
    [
        b"",
        b"GET / HTTP/1.1\r\n\r\n",
        b"\xfeSMB" + bytes(10),
        b"\xfdSMB" + bytes(10),
        b"\xfdSMB" + bytes(60),
        message(Command.CREATE, bytes(60), number=1),
        message(Command.NEGOTIATE, bytes(4)),
        message(Command.SESSION_SETUP, bytes(40)),
        message(Command.NEGOTIATE, negotiation([0x0311], [SHA_512]), number=3),
        message(Command.NEGOTIATE, negotiation([0x0311], [(1, b"\xff\xff\0\0")])),
        message(Command.NEGOTIATE, struct.pack("<HHHHI16sIHH", 36, 500, 1, 0, 0, bytes(16), 0, 0, 0)),
    ],
)
def test_what_is_malformed_ends_the_connection(connection: Connection, packet: bytes) -> None:
    with pytest.raises(Malformed):
        connection.receive(packet)


def test_a_message_id_is_good_for_one_request(connection: Connection) -> None:
    _negotiated(connection)
    echo = message(Command.ECHO, struct.pack("<HH", 4, 0), number=1)
    assert status(connection.receive(echo)) == NtStatus.SUCCESS
    with pytest.raises(Malformed):
        connection.receive(echo)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(
    command=st.integers(0, 20),
    body=st.binary(max_size=120),
    flags=st.sampled_from([0, 4, SIGNED]),
    after=st.sampled_from([0, 8, 64, 72, 1 << 31]),
)
def test_hostile_messages_are_answered_or_end_the_connection(
    server: ServerState, command: int, body: bytes, flags: int, after: int
) -> None:
    packet = bytearray(message(command, body, flags=flags))
    packet[20:24] = struct.pack("<I", after)
    fresh = Connection(server)
    with contextlib.suppress(Malformed):
        fresh.receive(bytes(packet))
    fresh.close()


SIZES = {1: 25, 3: 9, 5: 57, 6: 24, 7: 24, 8: 49, 9: 49, 10: 48, 11: 57, 14: 33, 16: 41, 17: 33}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=120, deadline=None)
@given(
    command=st.sampled_from(sorted(SIZES)),
    head=st.lists(st.integers(0, 130), max_size=60).map(bytes),
    rest=st.binary(max_size=120),
)
def test_hostile_bodies_are_answered_or_end_the_connection(
    server: ServerState, command: int, head: bytes, rest: bytes
) -> None:
    """Behind the logon: the session has no keys here, so that nothing needs a signature."""
    connection = Connection(server)
    connection.receive(message(0, negotiation([0x0311], [SHA_512])))
    token = server.host.log_on("BCPS\\svc-rollcall")
    server.connections[-1].sessions[9] = session = Session(9, b"", token=token)
    share, root = server.host.share("C$"), server.host.files.lookup("C:\\")
    assert share is not None
    session.trees[0] = tree = Tree(0, share, 0x1F01FF, root)
    opened = struct.pack("<HBBIQQIIIIIHHII", 57, 0, 0, 2, 0, 0, 0x2000000, 0, 7, 1, 0, 120, 0, 0, 0) + b"\0\0"
    assert status(connection.receive(message(Command.CREATE, opened, number=1, session=9))) == 0
    (file_id,) = tree.opens
    body = struct.pack("<H", SIZES[command]) + head + file_id + rest
    with contextlib.suppress(Malformed):
        status(connection.receive(message(command, body, number=2, session=9)))
    connection.close()


TOKENS = st.binary(max_size=80) | st.builds(
    lambda data, position, value: bytes(
        value if number == position % len(data) else each for number, each in enumerate(data)
    ),
    st.sampled_from([b"NTLMSSP\0\1\0\0\0\x15\x82\x08\x62" + bytes(24), b"NTLMSSP\0\3\0\0\0" + bytes(60)]),
    st.integers(0, 100),
    st.integers(0, 255),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(first=TOKENS, second=TOKENS)
def test_hostile_logons_are_refused(server: ServerState, first: bytes, second: bytes) -> None:
    connection = Connection(server)
    connection.receive(message(0, negotiation([0x0311], [SHA_512])))
    session = 0
    for number, token in ((1, first), (2, second)):
        body = struct.pack("<HBBIIHHQ", 25, 0, 1, 0, 0, 88, len(token), 0) + token
        answer = connection.receive(message(Command.SESSION_SETUP, body, number=number, session=session))
        assert status(answer) in (
            NtStatus.MORE_PROCESSING_REQUIRED,
            NtStatus.LOGON_FAILURE,
            NtStatus.USER_SESSION_DELETED,
        )
        session = struct.unpack_from("<Q", answer, 40)[0]
    connection.close()


ALGORITHMS = [
    *(Algorithms(Dialect.SMB_3_1_1, signing, cipher) for signing in Signing for cipher in Cipher),
    Algorithms(Dialect.SMB_3_0, Signing.AES_CMAC, Cipher.AES_128_CCM),
]


@pytest.mark.parametrize("algorithms", ALGORITHMS, ids=str)
@settings(max_examples=10, deadline=None)
@given(body=st.binary(max_size=300), position=st.integers(0, 10_000))
def test_one_changed_bit_is_noticed(algorithms: Algorithms, body: bytes, position: int) -> None:
    keys = derive_keys(algorithms, b"k" * 16, b"p" * 64)
    whole = message(Command.WRITE, body, flags=SIGNED)
    signed = whole[:48] + signature(keys, whole, from_server=False) + whole[64:]
    assert is_signed(keys, signed)
    changed = bytearray(signed)
    changed[position % len(signed)] ^= 1
    assert not is_signed(keys, bytes(changed))
    # What the server seals is opened by a client, which has the two keys the other way round.
    client = SessionKeys(algorithms, keys.signing, to_server=keys.to_client, to_client=keys.to_server)
    sealed = bytearray(encrypt(keys, 7, whole))
    assert decrypt(client, bytes(sealed)) == whole
    sealed[4 + position % (len(sealed) - 4)] ^= 1
    with pytest.raises(Malformed):
        decrypt(client, bytes(sealed))


@given(st.lists(st.integers(0, 1000), max_size=60))
def test_credits_are_never_given_twice_and_never_run_out(requests: list[int]) -> None:
    window = CreditWindow()
    available, following = [0], 1
    for requested in requests:
        window.use(available.pop(0), 1)
        granted = window.grant(requested)
        assert 1 <= granted <= MOST_GRANTED
        available += range(following, following + granted)
        following += granted
    with pytest.raises(Malformed):
        window.use(following, 1)


def test_compounds_are_split_where_they_say() -> None:
    first, second = message(1, b"x" * 8), message(2, b"yy", number=1)
    first = first[:20] + struct.pack("<I", len(first)) + first[24:]
    parts = list(split_compound(first + second))
    assert [part.raw for part in parts] == [first, second]
    assert [part.header.command for part in parts] == [1, 2]
