"""Files and folders through smbprotocol's client."""

from __future__ import annotations

import hashlib
import random

import pytest
import smbclient

from engine.rehearsal.windows.faults import Fault
from engine.rehearsal.windows.ntstatus import NtStatus
from tests.support.rehearsed_smb import RehearsedSmb
from tests.support.smb_client import Client, refused


def test_a_file_comes_back_as_it_was_sent(admin: Client, folder: str) -> None:
    data = random.Random(7).randbytes(3 * 2**20 + 17)  # noqa: S311 (not a secret)
    with admin.open("D$", rf"{folder}\big.bin", "wb") as stream:
        for start in range(0, len(data), 2**20):
            stream.write(data[start : start + 2**20])
    with admin.open("D$", rf"{folder}\big.bin") as stream:
        received = b"".join(iter(lambda: stream.read(300_000), b""))
    assert hashlib.sha256(received).digest() == hashlib.sha256(data).digest()


def test_names_keep_their_case_and_match_without_it(admin: Client, folder: str) -> None:
    admin.write("D$", rf"{folder}\Überblick 学校 🏫.TXT", b"x")
    assert admin.read("D$", rf"{folder}\üBERBLICK 学校 🏫.txt") == b"x"
    assert admin.names("D$", folder) == ["Überblick 学校 🏫.TXT"]


def test_a_folder_of_many_files_is_listed_in_full(served: RehearsedSmb, admin: Client, folder: str) -> None:
    names = [f"file-{number:04}-{'x' * (number % 60)}.txt" for number in range(900)]
    for name in names:
        served.call(lambda host, path: host.files.write_file(path, b""), rf"D:\{folder}\{name}")
    assert admin.names("D$", folder) == names
    found = smbclient.listdir(admin.path("D$", folder), search_pattern="file-00?0*", **admin.login)
    assert found == [name for name in names if name.startswith("file-00") and name[8] == "0"]


def test_folders_are_made_renamed_and_removed(admin: Client, folder: str) -> None:
    login = admin.login
    smbclient.makedirs(admin.path("D$", rf"{folder}\a\b\c"), **login)
    admin.write("D$", rf"{folder}\a\b\c\file", b"x")
    with refused(NtStatus.DIRECTORY_NOT_EMPTY):
        smbclient.rmdir(admin.path("D$", rf"{folder}\a\b\c"), **login)
    smbclient.rename(admin.path("D$", rf"{folder}\a\b"), admin.path("D$", rf"{folder}\moved"), **login)
    assert admin.read("D$", rf"{folder}\moved\c\file") == b"x"
    smbclient.remove(admin.path("D$", rf"{folder}\moved\c\file"), **login)
    smbclient.rmdir(admin.path("D$", rf"{folder}\moved\c"), **login)
    assert admin.names("D$", rf"{folder}\moved") == []


def test_a_rename_replaces_only_when_told(admin: Client, folder: str) -> None:
    admin.write("D$", rf"{folder}\old", b"old")
    admin.write("D$", rf"{folder}\new", b"new")
    old, new = admin.path("D$", rf"{folder}\old"), admin.path("D$", rf"{folder}\new")
    with refused(NtStatus.OBJECT_NAME_COLLISION):
        smbclient.rename(new, old, **admin.login)
    smbclient.replace(new, old, **admin.login)
    assert admin.names("D$", folder) == ["old"]
    assert admin.read("D$", rf"{folder}\old") == b"new"


def test_times_and_sizes_are_what_was_set(admin: Client, folder: str) -> None:
    path = admin.path("D$", rf"{folder}\dated")
    admin.write("D$", rf"{folder}\dated", b"x" * 5000)
    moment = 1_700_000_000_123_456_700
    smbclient.utime(path, ns=(moment, moment), **admin.login)
    smbclient.truncate(path, 7, **admin.login)
    found = smbclient.stat(path, **admin.login)
    assert found.st_size == 7
    smbclient.utime(path, ns=(moment, moment), **admin.login)
    assert smbclient.stat(path, **admin.login).st_mtime_ns == moment


def test_a_volume_tells_its_size_and_what_is_free(admin: Client, folder: str) -> None:
    before = smbclient.stat_volume(admin.path("D$"), **admin.login)
    assert before.total_size == 2**30
    admin.write("D$", rf"{folder}\one", b"x" * 40_960)
    after = smbclient.stat_volume(admin.path("D$"), **admin.login)
    assert before.caller_available_size - after.caller_available_size == 40_960


def test_a_full_disk_says_so(served: RehearsedSmb, admin: Client, folder: str) -> None:
    with admin.open("D$", rf"{folder}\grows", "wb") as stream:
        stream.write(b"x" * 4096)
        served.call(lambda host: host.faults.switch(Fault.DISK_FULL, True))
        try:
            with refused(NtStatus.DISK_FULL):
                stream.write(b"y" * 4096)
        finally:
            served.call(lambda host: host.faults.switch(Fault.DISK_FULL, False))
    assert admin.read("D$", rf"{folder}\grows") == b"x" * 4096


@pytest.mark.parametrize("name", ["NUL", "com1.txt", "dot.", "blank ", "a:stream", "what?", 'quote"'])
def test_names_that_windows_refuses_are_refused(admin: Client, folder: str, name: str) -> None:
    with refused(NtStatus.OBJECT_NAME_INVALID):
        admin.write("D$", rf"{folder}\{name}", b"")


def test_what_is_missing_is_told_apart(admin: Client, folder: str) -> None:
    with refused(NtStatus.OBJECT_NAME_NOT_FOUND):
        admin.read("D$", rf"{folder}\none")
    with refused(NtStatus.OBJECT_PATH_NOT_FOUND):
        admin.read("D$", rf"{folder}\none\such")
    with refused(NtStatus.FILE_IS_A_DIRECTORY):
        admin.read("D$", folder)


def test_reads_and_writes_are_counted(served: RehearsedSmb, admin: Client, folder: str) -> None:
    admin.names("D$", folder)
    before = served.call(lambda host: host.counters.writes)
    for _ in range(3):
        admin.names("D$", folder)
        smbclient.stat(admin.path("D$", folder), **admin.login)
    assert served.call(lambda host: host.counters.writes) == before
    admin.write("D$", rf"{folder}\one", b"x")
    assert served.call(lambda host: host.counters.writes) > before
