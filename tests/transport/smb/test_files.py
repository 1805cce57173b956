"""Files over SMB: put, replaced and removed as the steps promise, read as the questions ask."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from pathlib import Path

import pytest

from engine.model.errors import AccessDenied, NotFound, StepFailed
from engine.model.query import Content, Missing, ReadFile, ReadSecurity, Unread
from engine.model.step import MakeDirectory, RemoveDirectory, RemoveFile
from tests.support.smb_contract import ServedHost, content, names, put, put_source

FOLDER = r"C:\Files"


@pytest.fixture(autouse=True)
def folder(host: ServedHost) -> None:
    with host.session() as session:
        session.write(MakeDirectory(path=FOLDER))


def test_a_file_arrives_and_is_described(host: ServedHost) -> None:
    data = bytes(range(256)) * 5000
    with host.session() as session:
        session.write(put(rf"{FOLDER}\big.bin", data))
        answer = session.read(ReadFile(path=rf"{FOLDER}\big.bin", limit=10))
    assert answer == Content(len(data), hashlib.sha256(data).hexdigest(), data[:10])


def test_an_empty_file_and_a_name_in_any_script_are_fine(host: ServedHost) -> None:
    path = rf"{FOLDER}\Přehled 学校 🏫.txt"
    with host.session() as session:
        session.write(put(path, b""))
        assert content(session, path) == b""


def test_nothing_is_left_beside_a_file(host: ServedHost) -> None:
    with host.session() as session:
        session.write(MakeDirectory(path=r"C:\Alone"))
        session.write(put(r"C:\Alone\a.txt", b"one"))
        session.write(put(r"C:\Alone\a.txt", b"two"))
        assert content(session, r"C:\Alone\a.txt") == b"two"
        assert names(session, r"C:\Alone") == ["a.txt"]


def test_a_reader_never_sees_half_a_file(host: ServedHost) -> None:
    path = rf"{FOLDER}\torn.txt"
    versions = [bytes([65 + n]) * 400_000 for n in range(6)]
    digests = {hashlib.sha256(data).hexdigest() for data in versions}
    seen: set[str] = set()
    done = threading.Event()

    def look() -> None:
        with host.session() as reader:
            while not done.is_set():
                answer = reader.read(ReadFile(path=path, limit=0))
                seen.add(answer.sha256 if isinstance(answer, Content) else type(answer).__name__)
                done.wait(0.02)

    with host.session() as session:
        session.write(put(path, versions[0]))
        thread = threading.Thread(target=look)
        thread.start()
        try:
            for data in versions:
                with contextlib.suppress(AccessDenied):  # Windows refuses while somebody reads
                    session.write(put(path, data))
        finally:
            done.set()
            thread.join(20)
    assert seen <= digests | {"Unread"}
    assert seen & digests


def test_a_source_that_changed_since_the_plan_is_not_sent(host: ServedHost, tmp_path: Path) -> None:
    source = tmp_path / "setup.msi"
    source.write_bytes(b"as planned")
    step = put_source(rf"{FOLDER}\setup.msi", source)
    with host.session(files=tmp_path) as session:
        session.write(step)
        source.write_bytes(b"exchanged!")
        with pytest.raises(StepFailed, match="not what was planned"):
            session.write(step)
        source.unlink()
        with pytest.raises(StepFailed, match=r"there is no file setup\.msi"):
            session.write(step)
        assert content(session, step.path) == b"as planned"


def test_folders_are_made_with_those_above_them(host: ServedHost) -> None:
    step = MakeDirectory(path=r"C:\One\Two\Three")
    with host.session() as session:
        session.write(step)
        session.write(step)
        session.write(put(r"C:\One\file", b"x"))
        with pytest.raises(StepFailed):
            session.write(MakeDirectory(path=r"C:\One\file\below"))
        assert names(session, r"C:\One\Two") == ["Three"]


def test_removing_twice_is_fine_and_a_full_folder_stays(host: ServedHost) -> None:
    with host.session() as session:
        session.write(MakeDirectory(path=r"C:\Full\Inner"))
        session.write(put(r"C:\Full\Inner\a.txt", b"kept"))
        with pytest.raises(StepFailed, match="not empty"):
            session.write(RemoveDirectory(path=r"C:\Full\Inner"))
        with pytest.raises(StepFailed, match="folder of that name"):
            session.write(RemoveFile(path=r"C:\Full\Inner"))
        for _ in range(2):
            session.write(RemoveFile(path=r"C:\Full\Inner\a.txt"))
            session.write(RemoveDirectory(path=r"C:\Full\Inner"))
        assert names(session, r"C:\Full") == []


def test_what_is_not_there_is_missing_and_a_missing_drive_is_not(host: ServedHost) -> None:
    with host.session() as session:
        assert session.read(ReadFile(path=r"C:\No\such.txt", limit=1)) == Missing()
        assert session.read(ReadSecurity(path=r"C:\No")) == Missing()
        answer = session.read(ReadFile(path=r"Q:\x.txt", limit=1))
        assert isinstance(answer, Unread)
        assert "drive" in answer.reason
        with pytest.raises(NotFound):
            session.write(put(r"C:\No\such.txt", b""))
        assert isinstance(session.read(ReadFile(path=FOLDER, limit=1)), Unread)


@pytest.mark.parametrize(
    ("data", "limit", "text"),
    [
        ("\ufeffErreur: accès refusé".encode("utf-16-le"), 14, "refusé"[-7:]),
        ("größe: 5".encode(), 100, "größe: 5"),
        ("größe: 5".encode("cp1252"), 100, "größe: 5"),
        ("ö".encode() * 10, 5, "öö"),
        (b"", 100, ""),
    ],
)
def test_a_log_s_end_is_text(host: ServedHost, data: bytes, limit: int, text: str) -> None:
    with host.session() as session:
        session.write(put(rf"{FOLDER}\setup.log", data))
        assert session.read_tail(rf"{FOLDER}\setup.log", limit).endswith(text)
        with pytest.raises(NotFound):
            session.read_tail(rf"{FOLDER}\none.log", 10)


@pytest.mark.parametrize("path", [r"Shares\x", r"\\other\share\x", r"C:\a\..\b", r"C:\a:stream", r"C:\NUL"])
def test_an_unsafe_path_never_leaves_the_controller(host: ServedHost, path: str) -> None:
    with host.session() as session:
        with pytest.raises(StepFailed):
            session.write(put(path, b"x"))
        assert isinstance(session.read(ReadFile(path=path, limit=1)), Unread)


def test_signing_alone_works_where_encryption_is_turned_off(host: ServedHost) -> None:
    with host.session(encryption=False) as session:
        session.write(put(rf"{FOLDER}\signed.txt", b"signed"))
        assert content(session, rf"{FOLDER}\signed.txt") == b"signed"
