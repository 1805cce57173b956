"""NEGOTIATE, SESSION_SETUP, LOGOFF and ECHO (MS-SMB2 3.3.5.4 to 3.3.5.6, 3.3.5.17)."""

from __future__ import annotations

from smbprotocol.connection import SMB2Echo
from smbprotocol.session import SMB2Logoff, SMB2SessionSetupRequest, SMB2SessionSetupResponse
from spnego import ContextProxy

from engine.rehearsal.smb.crypto import Dialect, derive_keys, extend_preauth
from engine.rehearsal.smb.exchange import Exchange, Reply, reply
from engine.rehearsal.smb.header import SIZE, Malformed
from engine.rehearsal.smb.logon import advance, new_acceptor
from engine.rehearsal.smb.negotiation import Agreement, agree, answer, parse_offer
from engine.rehearsal.smb.seam import LogonRefused
from engine.rehearsal.smb.state import Session
from engine.rehearsal.smb.wire import decode, window
from engine.rehearsal.windows.ntstatus import NtError, NtStatus

_BINDING = 0x01  # SESSION_SETUP Flags: join another connection's session


def negotiate(exchange: Exchange) -> Reply:
    """Agree on dialect and algorithms; a connection does so once."""
    connection = exchange.connection
    if connection.agreement is not None:
        raise Malformed("a second negotiation")
    agreement = agree(parse_offer(exchange.message))
    body = answer(agreement, exchange.server.guid)
    connection.agreement = agreement
    connection.preauth = extend_preauth(connection.preauth, exchange.message.raw)
    return Reply(body)


def session_setup(exchange: Exchange) -> Reply:
    """One step of a logon. A wrong user or password is STATUS_LOGON_FAILURE and ends the session."""
    agreement = exchange.connection.agreement
    if agreement is None:
        raise Malformed("a logon before the negotiation")
    request = decode(SMB2SessionSetupRequest, exchange.message.body)
    if request["flags"].get_value() & _BINDING:
        raise NtError(NtStatus.REQUEST_NOT_ACCEPTED)
    offset = request["security_buffer_offset"].get_value()
    length = request["security_buffer_length"].get_value()
    session = _session(exchange)
    if session.keys is None:
        session.preauth = extend_preauth(session.preauth, exchange.message.raw)
    try:
        token = _step(exchange, session, window(exchange.message.raw, offset, length))
    except LogonRefused as error:
        _forget(exchange, session)
        raise NtError(NtStatus.LOGON_FAILURE) from error
    context = session.context
    if context is None or not context.complete:
        return _setup_reply(token, NtStatus.MORE_PROCESSING_REQUIRED)
    _admit(exchange, session, agreement, context)
    previous = request["previous_session_id"].get_value()
    if previous and previous != session.id and session.token is not None:
        exchange.server.drop_session(previous, session.token)
    return _setup_reply(token, NtStatus.SUCCESS)


def _session(exchange: Exchange) -> Session:
    """The session whose logon goes on, or a new one."""
    if exchange.session_id:
        return exchange.session
    session = Session(exchange.server.next_session_id(), exchange.connection.preauth)
    exchange.connection.sessions[session.id] = session
    exchange.session_id = session.id
    return session


def _step(exchange: Exchange, session: Session, token: bytes) -> bytes:
    host = exchange.server.host
    if session.context is None:
        session.context = new_acceptor(host.name)
    context = session.context
    answer_token = advance(context, token)
    if context.complete:
        client = host.log_on(context.client_principal or "")
        if session.token is not None and session.token.user_sid != client.user_sid:
            raise LogonRefused(client.user_name)  # a session cannot change hands
        session.token = client
    return answer_token


def _admit(exchange: Exchange, session: Session, agreement: Agreement, context: ContextProxy) -> None:
    if session.keys is None:
        session.keys = derive_keys(agreement.algorithms, context.session_key, session.preauth)
    session.context = None
    exchange.server.host.counters.logons += 1


def _forget(exchange: Exchange, session: Session) -> None:
    session.close()
    exchange.connection.sessions.pop(session.id, None)


def _setup_reply(token: bytes, status: NtStatus) -> Reply:
    response = SMB2SessionSetupResponse()
    response["security_buffer_offset"] = SIZE + 8
    response["buffer"] = token
    return reply(response, status)


def note_setup_answer(session: Session, agreement: Agreement, raw: bytes) -> None:
    """The answer to a step that is not the last one counts for the keys (MS-SMB2 3.3.5.5)."""
    if agreement.algorithms.dialect is Dialect.SMB_3_1_1 and session.keys is None:
        session.preauth = extend_preauth(session.preauth, raw)


def logoff(exchange: Exchange) -> Reply:
    """End the session; everything open in it is closed."""
    decode(SMB2Logoff, exchange.message.body)
    exchange.session.close()
    return reply(SMB2Logoff())


def echo(exchange: Exchange) -> Reply:
    """Say that the server is there."""
    decode(SMB2Echo, exchange.message.body)
    return reply(SMB2Echo())
