"""The lease: one controller at a time, told who it is, and free again when that one is gone."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from engine.model.errors import HostError, HostUnreachable, LeaseHeld, LogonFailed
from engine.transport.smb import lease
from engine.transport.target import Credential
from tests.support import smbd
from tests.support.smb_contract import ServedHost, names, put

FOLDER = r"C:\Program Files\Rollcall"
HOLDER = """
import sys, time
from engine.transport.smb import lease
from tests.support.smb_contract import ServedHost
host = ServedHost(sys.argv[1], int(sys.argv[2]), sys.argv[3], "env:ROLLCALL_TEST_PASSWORD")
held = lease.take(host.target(), host.credential, "the other run")
print("held", flush=True)
time.sleep(60)
"""


def test_the_second_is_told_who_has_it_and_since_when(host: ServedHost) -> None:
    held = lease.take(host.target(), host.credential, "run 17 of a.rivera")
    try:
        held.touch()
        with pytest.raises(LeaseHeld) as caught:
            lease.take(host.target(), host.credential, "run 18")
    finally:
        held.release()
    assert "run 17 of a.rivera" in caught.value.cause
    assert str(os.getpid()) in caught.value.cause
    assert re.search(r"since (\d{4}-\d\d-\d\d )?\d\d:\d\d UTC$", caught.value.cause)


def test_a_lease_given_back_is_free_and_leaves_nothing(host: ServedHost) -> None:
    for _ in range(2):
        held = lease.take(host.target(), host.credential, "run")
        held.release()
        held.release()
    with host.session() as session:
        assert [name for name in names(session, FOLDER) if name.startswith("lease")] == []


def test_a_lease_given_back_cannot_be_touched(host: ServedHost) -> None:
    held = lease.take(host.target(), host.credential, "run")
    held.release()
    with pytest.raises(HostError):
        held.touch()


def test_after_kill_9_the_next_has_it_at_once(host: ServedHost) -> None:
    arguments = [sys.executable, "-c", HOLDER, host.address, str(host.port), host.user]
    root = Path(__file__).parents[3]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=root, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "held\n"
        with pytest.raises(LeaseHeld, match="the other run"):
            lease.take(host.target(), host.credential, "mine")
        os.kill(child.pid, signal.SIGKILL)
        child.wait(10)
    with host.session() as session:
        assert "lease.json" in names(session, FOLDER), "the dead holder's note is still there"
    held = lease.take(host.target(), host.credential, "mine")
    held.touch()
    held.release()


def test_a_holder_that_lost_its_connection_notices(samba_host: ServedHost, samba: smbd.Smbd) -> None:
    held = lease.take(samba_host.target(), samba_host.credential, "run")
    samba.cut()
    with pytest.raises(HostUnreachable, match="keep the lease"):
        held.touch()
    held.release()


@pytest.mark.parametrize(
    "note",
    [
        b"",
        b'{"holder": "\x1b[2J"}',
        b"[1]",
        b"[" * 4000,
        b'{"holder":' * 400,
        b'{"holder": "a", "machine": "b", "pid": 1e999, "since": "2026-09-01T07:00+00:00"}',
        b'{"holder": "a", "machine": "b", "pid": 1, "since": "0001-01-01T00:00+23:59"}',
        b'{"holder": ["a"], "machine": "b", "pid": 1, "since": "2026-09-01T07:00+00:00"}',
        b'{"holder": "' + b"a" * 5000 + b'", "machine": "b", "pid": 1, "since": "2026-09-01T07:00+00:00"}',
        b"\xff\xfe",
    ],
)
def test_a_note_that_makes_no_sense_does_no_harm(host: ServedHost, note: bytes) -> None:
    held = lease.take(host.target(), host.credential, "run")
    try:
        with host.session() as session:
            session.write(put(rf"{FOLDER}\lease.json", note))
        with pytest.raises(LeaseHeld, match="left no note"):
            lease.take(host.target(), host.credential, "other")
    finally:
        held.release()


def test_a_wrong_password_is_not_a_held_lease(host: ServedHost) -> None:
    with pytest.raises(LogonFailed):
        lease.take(host.target(), lambda: Credential(host.user, "Wrong-Horse-7"), "run")


def test_what_a_note_says_is_one_line_that_can_be_printed(host: ServedHost) -> None:
    note = (
        b'{"holder": "a\\u202egro\\nb\\u200f\\ud800\\u001b[2J", "machine": "c", "pid": 1,'
        b' "since": "2026-09-01T07:00+00:00"}'
    )
    held = lease.take(host.target(), host.credential, "run")
    try:
        with host.session() as session:
            session.write(put(rf"{FOLDER}\lease.json", note))
        with pytest.raises(LeaseHeld, match="a gro b") as caught:
            lease.take(host.target(), host.credential, "other")
    finally:
        held.release()
    assert caught.value.cause.isprintable()


def test_a_holder_of_any_length_is_told(rehearsed_host: ServedHost) -> None:
    held = lease.take(rehearsed_host.target(), rehearsed_host.credential, "\U0001f600" * 5000)
    try:
        with pytest.raises(LeaseHeld, match="\U0001f600") as caught:
            lease.take(rehearsed_host.target(), rehearsed_host.credential, "other")
    finally:
        held.release()
    assert len(caught.value.cause) <= 400
