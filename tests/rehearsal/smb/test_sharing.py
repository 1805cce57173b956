"""What an open file keeps others from, and what happens when its client is gone."""

from __future__ import annotations

import subprocess
import sys
import threading

import smbclient
from smbprotocol.exceptions import SMBOSError

from engine.rehearsal.windows.ntstatus import NtStatus
from tests.support import rehearsed_smb as rehearsed
from tests.support.rehearsed_smb import RehearsedSmb
from tests.support.smb_client import Client, refused

_HOLDER = r"""
import sys, time
from smbprotocol.connection import Connection
from smbprotocol.open import Open
from smbprotocol.session import Session
from smbprotocol.tree import TreeConnect
import uuid
address, port, user, password, name = sys.argv[1:]
connection = Connection(uuid.uuid4(), address, int(port)); connection.connect()
session = Session(connection, user, password); session.connect()
tree = TreeConnect(session, rf"\\{address}\D$"); tree.connect()
Open(tree, name).create(2, 0x00130116 | 0x10000, 0x80, 0, 3, 0x1040)
print("held", flush=True)
time.sleep(120)
"""


def _holder(served: RehearsedSmb, name: str) -> subprocess.Popen[str]:
    """A process that holds a file alone, to be deleted when it is closed."""
    arguments = [rehearsed.ADDRESS, str(served.port), f"BCPS\\{rehearsed.ADMINISTRATOR}", rehearsed.PASSWORD]
    process = subprocess.Popen(
        [sys.executable, "-c", _HOLDER, *arguments, name], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    assert process.stdout.readline().strip() == "held"
    return process


def test_a_file_held_alone_is_free_when_its_holder_is_killed(
    served: RehearsedSmb, admin: Client, folder: str
) -> None:
    name = rf"{folder}\lease"
    with _holder(served, name) as holder:
        try:
            with refused(NtStatus.SHARING_VIOLATION):
                admin.read("D$", name)
            with refused(NtStatus.SHARING_VIOLATION):
                smbclient.remove(admin.path("D$", name), **admin.login)
        finally:
            holder.kill()
    attempts = 0
    while "lease" in admin.names("D$", folder):
        attempts += 1
        assert attempts < 50, "the file is still there"
    with admin.open("D$", name, "xb"):
        pass


def test_a_dead_client_gives_nobody_else_s_files_back(
    served: RehearsedSmb, admin: Client, folder: str
) -> None:
    with admin.open("D$", rf"{folder}\mine", "wb"):
        with _holder(served, rf"{folder}\theirs") as holder:
            holder.kill()
        with refused(NtStatus.SHARING_VIOLATION):
            admin.read("D$", rf"{folder}\mine")


def test_share_modes_hold_both_ways(admin: Client, folder: str) -> None:
    path = rf"{folder}\shared"
    admin.write("D$", path, b"x")
    with admin.open("D$", path, "rb", share_access="r"):
        admin.open("D$", path, "rb", share_access="rw").close()
        with refused(NtStatus.SHARING_VIOLATION):
            admin.open("D$", path, "r+b", share_access="rwd")
        with refused(NtStatus.SHARING_VIOLATION):
            smbclient.remove(admin.path("D$", path), **admin.login)
    admin.open("D$", path, "r+b", share_access="rwd").close()


def test_an_open_file_is_not_replaced(admin: Client, folder: str) -> None:
    admin.write("D$", rf"{folder}\target", b"old")
    admin.write("D$", rf"{folder}\beside", b"new")
    target, beside = admin.path("D$", rf"{folder}\target"), admin.path("D$", rf"{folder}\beside")
    with admin.open("D$", rf"{folder}\target", "rb", share_access="rwd"), refused(NtStatus.ACCESS_DENIED):
        smbclient.replace(beside, target, **admin.login)
    smbclient.replace(beside, target, **admin.login)
    assert admin.read("D$", rf"{folder}\target") == b"new"


def test_readers_see_the_old_file_or_the_new_one(served: RehearsedSmb, admin: Client, folder: str) -> None:
    versions = [bytes([65 + number]) * 200_000 for number in range(8)]
    admin.write("D$", rf"{folder}\live", versions[0])
    done = threading.Event()
    torn: list[bytes] = []
    reads: list[bytes] = []

    def look() -> None:
        reader = Client(served.port, rehearsed.ADMINISTRATOR)
        while not done.is_set():
            data = reader.read("D$", rf"{folder}\live")
            (reads if data in versions else torn).append(data[:20])
        reader.close()

    thread = threading.Thread(target=look)
    thread.start()
    try:
        for version in versions:
            admin.write("D$", rf"{folder}\beside", version)
            _replace_until_nobody_reads(admin, rf"{folder}\beside", rf"{folder}\live")
    finally:
        done.set()
        thread.join(20)
    assert not torn
    assert reads
    assert admin.read("D$", rf"{folder}\live") == versions[-1]


def _replace_until_nobody_reads(client: Client, source: str, target: str) -> None:
    for _ in range(500):
        try:
            smbclient.replace(client.path("D$", source), client.path("D$", target), **client.login)
        except SMBOSError as error:
            if error.ntstatus != NtStatus.ACCESS_DENIED:
                raise
        else:
            return
    raise AssertionError("somebody read all the time")
