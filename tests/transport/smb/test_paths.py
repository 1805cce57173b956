"""Which texts are paths of files on a host, and which never leave the controller."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.transport.refusals import UnsafePath
from engine.transport.smb.paths import HostPath


@pytest.mark.parametrize(
    ("text", "share", "inner"),
    [
        ("D:\\", "D$", ""),
        (r"d:\Shares\Staff", "D$", r"Shares\Staff"),
        ("C:\\Shares\\", "C$", "Shares"),
        (r"C:\Program Files (x86)\A & B\ü.txt", "C$", r"Program Files (x86)\A & B\ü.txt"),
        (r"C:\.hidden\console.log\com10", "C$", r".hidden\console.log\com10"),
    ],
)
def test_a_full_path_leads_to_the_administrative_share(text: str, share: str, inner: str) -> None:
    path = HostPath.parse(text)
    assert (path.share, path.inner) == (share, inner)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "C:",
        "Shares",
        r"Shares\x",
        r"C:Shares\x",
        r"\Shares\x",
        r"\\server\share\x",
        r"\\?\C:\x",
        r"\\.\PhysicalDrive0",
        "C:/Shares",
        r"C:\a/b",
        r"C:\..\x",
        r"C:\a\..",
        r"C:\.\x",
        r"C:\a\\b",
        r"C:\a:stream",
        r"C:\a::$DATA",
        r"C:\NUL",
        r"C:\x\con.txt",
        r"C:\Lpt1",
        r"C:\com¹.log",
        r"C:\CONIN$",
        r"C:\a*",
        r"C:\a?",
        "C:\\a\0b",
        "C:\\a\nb",
        r"C:\a.",
        r"C:\a ",
        r"C:\ ",
        "C:\\" + "x" * 256,
        r"CC:\x",
        r"1:\x",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(UnsafePath):
        HostPath.parse(text)


def test_parents_end_at_the_drive() -> None:
    path = HostPath.parse(r"D:\a\b")
    assert str(path.parent) == r"D:\a"
    assert path.parent.parent.is_root
    assert path.parent.parent.parent.is_root
    assert str(path.child("c")) == r"D:\a\b\c"


@given(st.text())
def test_what_is_accepted_reads_the_same_again_and_stays_below_its_drive(text: str) -> None:
    try:
        path = HostPath.parse("C:\\" + text)
    except UnsafePath:
        return
    assert HostPath.parse(str(path)) == path
    assert not {"", ".", ".."} & set(path.names)
    assert not any(character in path.inner for character in '/:*?"<>|\0')
