"""What a person is told when SMB fails: one line of the right type, in bounded time, and nothing is left."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.model.errors import (
    DeadlineExceeded,
    DiskFull,
    HostError,
    HostUnreachable,
    LogonFailed,
    SharingViolation,
)
from engine.model.query import ReadFile, Unread
from engine.model.step import MakeDirectory, PutFile, RemoveFile
from engine.rehearsal.windows.faults import Fault
from engine.transport.smb.connection import SHARE_NONE
from engine.transport.smb.paths import HostPath
from engine.transport.smb.session import SmbSession
from engine.transport.target import Credential, Timeouts
from tests.support import smbd
from tests.support.rehearsed_smb import PASSWORD, RehearsedSmb
from tests.support.smb_contract import SMALL_DISK, ServedHost, content, names, put

PATH = r"C:\Trouble\a.bin"


@pytest.fixture(autouse=True)
def folder(request: pytest.FixtureRequest) -> None:
    """A file on the server that the test is about."""
    name = "host" if "host" in request.fixturenames else "samba_host"
    served = request.getfixturevalue(name)
    assert isinstance(served, ServedHost)
    with served.session() as session:
        session.write(MakeDirectory(path=r"C:\Trouble"))
        session.write(put(PATH, b"before"))


def _one_line(error: HostError) -> None:
    assert "\n" not in str(error)
    assert str(error).startswith("DHS-SRV01: ")
    assert PASSWORD not in str(error)
    assert error.__suppress_context__ or error.__context__ is None


def test_a_wrong_password_is_told_as_such_even_after_a_good_one(host: ServedHost) -> None:
    wrong = SmbSession(host.target(), lambda: Credential(host.user, "Wrong-Horse-7"))
    with host.session() as good, contextlib.closing(wrong):
        assert content(good, PATH) == b"before"
        with pytest.raises(LogonFailed, match="wrong user or password") as caught:
            wrong.read(ReadFile(path=PATH, limit=1))
        _one_line(caught.value)
        with pytest.raises(LogonFailed):
            wrong.write(put(PATH, b"after"))
        assert content(good, PATH) == b"before"


def test_a_full_disk_is_told_as_such_and_leaves_nothing(samba_host: ServedHost) -> None:
    with samba_host.session() as session:
        session.write(put(r"D:\big.bin", b"small"))
        with pytest.raises(DiskFull) as caught:
            session.write(put(r"D:\big.bin", b"x" * (SMALL_DISK + 1)))
        _one_line(caught.value)
        assert content(session, r"D:\big.bin") == b"small"
        assert names(session, "D:\\") == ["big.bin"]


def test_a_rehearsed_full_disk_is_told_as_such_and_leaves_nothing(
    rehearsed_host: ServedHost, rehearsed: RehearsedSmb
) -> None:
    with rehearsed_host.session() as session:
        session.write(MakeDirectory(path=r"C:\Brim"))
        session.write(put(r"C:\Brim\big.bin", b"small"))
        rehearsed.call(lambda simulated: simulated.faults.switch(Fault.DISK_FULL, True))
        try:
            with pytest.raises(DiskFull):
                session.write(put(r"C:\Brim\big.bin", b"x" * 1000))
        finally:
            rehearsed.call(lambda simulated: simulated.faults.switch(Fault.DISK_FULL, False))
        assert content(session, r"C:\Brim\big.bin") == b"small"
        assert names(session, r"C:\Brim") == ["big.bin"]


def test_a_refused_port_is_an_unreachable_host(host: ServedHost) -> None:
    closed = replace(host, port=9)
    with closed.session() as session, pytest.raises(HostUnreachable, match="refused") as caught:
        session.read(ReadFile(path=PATH, limit=1))
    _one_line(caught.value)


def test_a_cut_connection_is_told_and_the_next_act_connects_anew(
    samba_host: ServedHost, samba: smbd.Smbd
) -> None:
    with samba_host.session() as session:
        assert content(session, PATH) == b"before"
        samba.cut()
        with pytest.raises(HostUnreachable) as caught:
            session.write(put(PATH, b"lost"))
        _one_line(caught.value)
        session.write(put(PATH, b"after"))
        assert content(session, PATH) == b"after"


def test_a_file_that_somebody_has_open_alone_is_a_sharing_violation(host: ServedHost) -> None:
    with host.session() as session, host.session() as other, _alone(other, PATH):
        with pytest.raises(SharingViolation, match="has the file open") as caught:
            session.write(RemoveFile(path=PATH))
        _one_line(caught.value)
        assert isinstance(session.read(ReadFile(path=PATH, limit=1)), Unread)


def test_a_frozen_server_ends_at_the_time_limit_for_silence(samba_host: ServedHost, samba: smbd.Smbd) -> None:
    with samba_host.session(Timeouts(connect=5, read=0.5, step=20)) as session:
        assert content(session, PATH) == b"before"
        with samba.frozen(), pytest.raises(HostUnreachable, match="does not answer") as caught:
            session.read(ReadFile(path=PATH, limit=1))
        _one_line(caught.value)


def test_a_blocked_send_to_a_frozen_server_is_cut_at_the_deadline(
    samba_host: ServedHost, samba: smbd.Smbd
) -> None:
    # The write fills the buffers of both sides and blocks: only cutting the connection ends it.
    step = put(PATH, b"x" * 20_000_000)
    with samba_host.session(Timeouts(connect=5, read=60, step=0.5, bytes_per_second=10**12)) as session:
        session.read(ReadFile(path=PATH, limit=1))
        with samba.frozen(), pytest.raises(DeadlineExceeded, match="took longer") as caught:
            session.write(step)
        _one_line(caught.value)
    with samba_host.session() as session:
        assert content(session, PATH) == b"before"


def test_no_thread_and_no_socket_outlives_a_session(host: ServedHost) -> None:
    before = set(threading.enumerate())
    sockets = _sockets()
    for _ in range(3):
        with host.session() as session:
            session.write(put(PATH, b"before"))
        broken = SmbSession(host.target(), lambda: Credential(host.user, "Wrong-Horse-7"))
        with contextlib.closing(broken), pytest.raises(LogonFailed):
            broken.read(ReadFile(path=PATH, limit=1))
    assert set(threading.enumerate()) <= before
    # A simulated host lives in this process too: its end of a connection goes when its turn comes.
    attempts = 0
    while _sockets() > sockets:
        attempts += 1
        assert attempts < 250, "a socket stays"
        time.sleep(0.02)


def test_an_interrupt_in_mid_copy_leaves_nothing(host: ServedHost, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_step: object, _sources: object) -> Iterator[bytes]:
        yield b"half"
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.transport.smb.session.source_problem", _no_problem)
    monkeypatch.setattr("engine.transport.smb.session.pieces", interrupted)
    with host.session() as session:
        with pytest.raises(KeyboardInterrupt):
            session.write(put(PATH, b"after"))
        assert content(session, PATH) == b"before"
        assert names(session, r"C:\Trouble") == ["a.bin"]


def _no_problem(_step: PutFile, _sources: object) -> None:
    return None


def _sockets() -> int:
    links = (entry.readlink() for entry in Path("/proc/self/fd").iterdir() if entry.is_symlink())
    return sum(str(link).startswith("socket:") for link in links)


@contextlib.contextmanager
def _alone(session: SmbSession, path: str) -> Iterator[None]:
    connection = session._connection
    with connection.watchdog.limit(20), connection.opened(HostPath.parse(path), 0x12019F, share=SHARE_NONE):
        yield
