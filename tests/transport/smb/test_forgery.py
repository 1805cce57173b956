"""Whoever is on the way without keys can break a conversation off, and never answers in the host's name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from engine.model.errors import ProtocolBroken
from engine.model.step import MakeDirectory, RemoveFile
from engine.transport.smb.session import SmbSession
from tests.support.smb_contract import ServedHost, content, put
from tests.support.smb_forger import (
    ASYNCHRONOUS,
    IS_ANSWER,
    NO_SUCH_FILE,
    PENDING,
    SESSION_SETUP,
    SIGNED,
    SUCCESS,
    Forgery,
    forging,
)

PATH = r"C:\Forgery\a.bin"
MOST_REQUESTS = 60  # of one act
Act = Callable[[SmbSession], None]

_BORROWED_COMMAND = Forgery(SESSION_SETUP, NO_SUCH_FILE)
_BORROWED_SUCCESS = Forgery(SESSION_SETUP, SUCCESS, body=b"\x11" + b"\0" * 127)
_OWN_COMMAND = Forgery(None, NO_SUCH_FILE, session=True)
_WRONG_SIGNATURE = Forgery(None, NO_SUCH_FILE, flags=IS_ANSWER | SIGNED, session=True)
_INTERIM = Forgery(None, PENDING, flags=IS_ANSWER | ASYNCHRONOUS, session=True, instead=False)
_FORGERIES = (_BORROWED_COMMAND, _BORROWED_SUCCESS, _OWN_COMMAND, _WRONG_SIGNATURE)


def _read(session: SmbSession) -> None:
    assert content(session, PATH) == b"before"


def _write(session: SmbSession) -> None:
    session.write(put(PATH, b"before"))


def _remove(session: SmbSession) -> None:
    session.write(RemoveFile(path=r"C:\Forgery\gone.bin"))


@pytest.fixture(autouse=True)
def folder(request: pytest.FixtureRequest) -> None:
    """The files on the server that the test is about."""
    host = request.getfixturevalue("host" if "host" in request.fixturenames else "rehearsed_host")
    assert isinstance(host, ServedHost)
    with host.session() as session:
        session.write(MakeDirectory(path=r"C:\Forgery"))
        session.write(put(PATH, b"before"))
        session.write(put(r"C:\Forgery\gone.bin", b""))


@pytest.mark.parametrize("act", [_read, _write, _remove])
@pytest.mark.parametrize("encryption", [True, False])
@pytest.mark.parametrize("forgery", [_BORROWED_COMMAND, _WRONG_SIGNATURE])
def test_no_forged_answer_is_believed_at_any_point(
    rehearsed_host: ServedHost, act: Act, encryption: bool, forgery: Forgery
) -> None:
    host = rehearsed_host
    for which in range(MOST_REQUESTS):
        with forging((host.address, host.port), forgery, which) as forger:
            way = replace(host, address="127.0.0.1", port=forger.port)
            with way.session(encryption=encryption) as session:
                if not _is_broken(session, act) and not forger.reached:
                    assert which > 2  # at least a share, a file and something done with it
                    return
                assert forger.reached
                assert content(session, PATH) == b"before"  # on a new connection
    raise AssertionError("the act does not end")


def _is_broken(session: SmbSession, act: Act) -> bool:
    try:
        act(session)
    except ProtocolBroken:
        return True
    return False


@pytest.mark.parametrize("forgery", [*_FORGERIES, _INTERIM])
@pytest.mark.parametrize("which", [0, 1, 2])  # connect to the share, open the file, first thing done with it
def test_an_answer_in_the_clear_is_named_as_such(host: ServedHost, forgery: Forgery, which: int) -> None:
    with forging((host.address, host.port), forgery, which) as forger:
        way = replace(host, address="127.0.0.1", port=forger.port)
        expected = "another command|in the clear on an encrypted session"
        with way.session() as session, pytest.raises(ProtocolBroken, match=expected):
            _read(session)
        assert forger.reached


def test_on_a_session_without_encryption_a_forged_delay_changes_no_answer(host: ServedHost) -> None:
    for which in range(4):
        with forging((host.address, host.port), _INTERIM, which) as forger:
            way = replace(host, address="127.0.0.1", port=forger.port)
            with way.session(encryption=False) as session:
                assert content(session, PATH) == b"before"
            assert forger.reached


def test_an_answer_to_nothing_that_was_asked_is_refused(host: ServedHost) -> None:
    class Unasked(Forgery):
        def message(self, request: bytes, message_id: int) -> bytes:
            return super().message(request, message_id + 1000)

    unasked = Unasked(None, NO_SUCH_FILE, session=True)
    with forging((host.address, host.port), unasked, 1) as forger:
        way = replace(host, address="127.0.0.1", port=forger.port)
        with way.session() as session, pytest.raises(ProtocolBroken):
            _read(session)
