"""Which code answers which command, and what must hold before it runs (MS-SMB2 3.3.5.2)."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engine.rehearsal.smb import changes, controls, directories, files, queries, sessions, trees
from engine.rehearsal.smb.exchange import Exchange, Handler, Reply
from engine.rehearsal.smb.header import Command, Malformed
from engine.rehearsal.smb.replies import error_reply
from engine.rehearsal.windows.ntstatus import NtError, NtStatus

_OPENING: Mapping[int, Handler] = MappingProxyType(
    {
        Command.NEGOTIATE: sessions.negotiate,
        Command.SESSION_SETUP: sessions.session_setup,
        Command.ECHO: sessions.echo,
    }
)
_IN_SESSION: Mapping[int, Handler] = MappingProxyType(
    {Command.LOGOFF: sessions.logoff, Command.TREE_CONNECT: trees.tree_connect}
)
_IN_TREE: Mapping[int, Handler] = MappingProxyType(
    {
        Command.TREE_DISCONNECT: trees.tree_disconnect,
        Command.CREATE: files.create,
        Command.CLOSE: files.close,
        Command.FLUSH: files.flush,
        Command.READ: files.read,
        Command.WRITE: files.write,
        Command.LOCK: files.lock,
        Command.IOCTL: controls.control,
        Command.QUERY_DIRECTORY: directories.query_directory,
        Command.QUERY_INFO: queries.query_info,
        Command.SET_INFO: changes.set_info,
    }
)
# Nothing is watched here: a server may refuse to (MS-SMB2 3.3.5.19), and clients then look themselves.
_UNSUPPORTED = frozenset({Command.CHANGE_NOTIFY})


def answer(exchange: Exchange) -> Reply:
    """Carry a request out; what Windows refuses becomes an error response.

    Raises:
        Malformed: the connection has to be closed.
    """
    try:
        return _handler(exchange)(exchange)
    except NtError as error:
        return error_reply(error.status)


def _handler(exchange: Exchange) -> Handler:
    command = exchange.message.header.command
    if command in _OPENING:
        return _OPENING[command]
    if exchange.connection.agreement is None:
        raise Malformed("a request before the negotiation")
    _ = exchange.token  # refuses whoever is not logged on
    if command in _IN_SESSION:
        return _IN_SESSION[command]
    if command in _IN_TREE:
        trees.check_tree(exchange)
        return _IN_TREE[command]
    raise NtError(NtStatus.NOT_SUPPORTED if command in _UNSUPPORTED else NtStatus.INVALID_PARAMETER)
