"""One client's connection without the network: transport packets in, answers out (MS-SMB2 3.3.5.2)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.rehearsal.smb.credits import CreditWindow
from engine.rehearsal.smb.crypto import (
    TRANSFORM,
    SessionKeys,
    decrypt,
    encrypt,
    extend_preauth,
    is_signed,
    signature,
    transform_session,
)
from engine.rehearsal.smb.dispatch import answer
from engine.rehearsal.smb.exchange import Exchange, Reply
from engine.rehearsal.smb.header import (
    PROTOCOL,
    Command,
    Header,
    HeaderFlag,
    Malformed,
    Message,
    chained,
    marked_signed,
    reply_header,
    split_compound,
)
from engine.rehearsal.smb.negotiation import answer_to_smb1, offers_smb2
from engine.rehearsal.smb.replies import error_reply
from engine.rehearsal.smb.sessions import note_setup_answer
from engine.rehearsal.smb.state import ConnectionState, ServerState
from engine.rehearsal.windows.ntstatus import NtStatus

_SMB1 = b"\xffSMB"
_SMB1_NEGOTIATE = 0x72
_SMB1_HEADER = 32  # bytes


@dataclass(slots=True)
class _Chain:
    """What related requests of a compound take over from the one before."""

    session_id: int = 0
    tree_id: int = 0
    file_id: bytes | None = None
    failed_open: NtStatus | None = None
    started: bool = False


class Connection:
    """The state of one client's connection."""

    def __init__(self, server: ServerState) -> None:
        self._server = server
        self._state = ConnectionState()
        self._window = CreditWindow()
        server.connections.append(self._state)

    def receive(self, packet: bytes) -> bytes:
        """Answer one transport packet; empty where there is nothing to answer.

        Raises:
            Malformed: the connection has to be closed.
        """
        start = packet[:4]
        if start == PROTOCOL:
            return self._answer_all(packet, None)
        if start == TRANSFORM:
            session_id = transform_session(packet)
            session = self._state.sessions.get(session_id)
            if session is None or session.keys is None:
                raise Malformed("an encrypted message of an unknown session")
            return self._answer_all(decrypt(session.keys, packet), session_id)
        if start == _SMB1 and self._state.agreement is None:
            return self._answer_smb1(packet)
        raise Malformed("no SMB2 message")

    def close(self) -> None:
        """The client is gone; its files are free for others at once."""
        self._state.close()
        self._server.connections.remove(self._state)

    def _answer_smb1(self, packet: bytes) -> bytes:
        dialects = [name.lstrip(b"\x02") for name in packet[_SMB1_HEADER + 3 :].split(b"\0")]
        if len(packet) < _SMB1_HEADER + 3 or packet[4] != _SMB1_NEGOTIATE or not offers_smb2(dialects):
            raise Malformed("SMB1 is not spoken here")
        self._window.use(0, 1)
        request = Header(0, Command.NEGOTIATE, 1, 0, 0, 0, 0, 0, 0, bytes(16))
        header = reply_header(request, NtStatus.SUCCESS, self._window.grant(1), 0, 0, related=False)
        return header + answer_to_smb1(self._server.guid)

    def _answer_all(self, data: bytes, sealed_by: int | None) -> bytes:
        """Answer the messages of a packet; `sealed_by` is the session that encrypted it."""
        messages = list(split_compound(data))
        chain = _Chain()
        answers: list[tuple[bytes, SessionKeys | None]] = []
        for number, message in enumerate(messages):
            if message.header.command == Command.CANCEL:
                continue  # nothing is ever left pending that could be cancelled
            last = number + 1 == len(messages)
            answers.append(self._answer(message, chain, sealed_by, last=last))
        if not answers:
            return b""
        if sealed_by is None:
            return b"".join(_signed(raw, keys) for raw, keys in answers)
        keys = next((keys for _, keys in answers if keys is not None), None)
        if keys is None:
            raise Malformed("an encrypted message of an unknown session")
        return encrypt(keys, sealed_by, b"".join(raw for raw, _ in answers))

    def _answer(
        self, message: Message, chain: _Chain, sealed_by: int | None, *, last: bool
    ) -> tuple[bytes, SessionKeys | None]:
        header = message.header
        self._window.use(header.message_id, header.credit_charge)
        related = bool(header.flags & HeaderFlag.RELATED)
        exchange = self._exchange(message, chain, sealed_by is not None, related=related)
        if sealed_by is not None and exchange.session_id != sealed_by:
            raise Malformed("a message of another session than the one that encrypted it")
        keys = self._keys(exchange.session_id)
        if related and not chain.started:
            reply = error_reply(NtStatus.INVALID_PARAMETER)
        elif keys is not None and sealed_by is None and not _authentic(message, keys):
            reply = error_reply(NtStatus.ACCESS_DENIED)
        elif related and chain.failed_open is not None and header.command != Command.CREATE:
            reply = error_reply(chain.failed_open)
        else:
            reply = answer(exchange)
        _carry_on(chain, exchange, reply)
        raw = self._packed(exchange, reply, related=related, last=last)
        keys = self._keys(exchange.session_id)
        self._after(exchange, reply, raw)
        return raw, keys

    def _exchange(self, message: Message, chain: _Chain, encrypted: bool, *, related: bool) -> Exchange:
        header = message.header
        return Exchange(
            self._server,
            self._state,
            message,
            encrypted,
            session_id=chain.session_id if related else header.session_id,
            tree_id=chain.tree_id if related else header.tree_id,
            file_id=chain.file_id if related else None,
        )

    def _keys(self, session_id: int) -> SessionKeys | None:
        session = self._state.sessions.get(session_id)
        return session.keys if session else None

    def _packed(self, exchange: Exchange, reply: Reply, *, related: bool, last: bool) -> bytes:
        header = exchange.message.header
        granted = self._window.grant(header.credits)
        ids = (exchange.tree_id, exchange.session_id)
        raw = reply_header(header, reply.status, granted, *ids, related=related) + reply.body
        if last:
            return raw
        padded = raw.ljust(-(-len(raw) // 8) * 8, b"\0")
        return chained(padded, len(padded))

    def _after(self, exchange: Exchange, reply: Reply, raw: bytes) -> None:
        """What an answer changes once it has its final bytes."""
        command = exchange.message.header.command
        if command == Command.NEGOTIATE and reply.status is NtStatus.SUCCESS:
            self._state.preauth = extend_preauth(self._state.preauth, raw)
        elif command == Command.SESSION_SETUP and reply.status is NtStatus.MORE_PROCESSING_REQUIRED:
            session = self._state.sessions.get(exchange.session_id)
            if session is not None and self._state.agreement is not None:
                note_setup_answer(session, self._state.agreement, raw)
        elif command == Command.LOGOFF and reply.status is NtStatus.SUCCESS:
            self._state.sessions.pop(exchange.session_id, None)


def _authentic(message: Message, keys: SessionKeys) -> bool:
    """In a session everything is signed that is not encrypted."""
    return bool(message.header.flags & HeaderFlag.SIGNED) and is_signed(keys, message.raw)


def _carry_on(chain: _Chain, exchange: Exchange, reply: Reply) -> None:
    chain.started = True
    chain.session_id, chain.tree_id = exchange.session_id, exchange.tree_id
    chain.file_id = exchange.file_id
    if exchange.message.header.command == Command.CREATE:
        chain.failed_open = None if reply.status is NtStatus.SUCCESS else reply.status


def _signed(raw: bytes, keys: SessionKeys | None) -> bytes:
    if keys is None:
        return raw
    marked = marked_signed(raw)
    return b"".join((marked[:48], signature(keys, marked, from_server=True), marked[64:]))
