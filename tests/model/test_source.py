"""Where a sent file comes from: three forms, each in one spelling, and nothing else."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.source import BadSource, ProjectFile, SharedFile, WebFile, parse_source


@pytest.mark.parametrize(
    ("written", "source"),
    [
        ("media/a b.msi", ProjectFile(("media", "a b.msi"))),
        (r"media\tools\a.msi", ProjectFile(("media", "tools", "a.msi"))),
        ("größe.msi", ProjectFile(("größe.msi",))),
        (r"\\FS01\media\a.msi", SharedFile("FS01", "media", ("a.msi",))),
        (
            r"\\fs-01.bcps.example\d$\In stock\a.msi",
            SharedFile("fs-01.bcps.example", "d$", ("In stock", "a.msi")),
        ),
        ("https://x.example/a.msi", WebFile("https://x.example/a.msi", "x.example", "a.msi")),
        (
            "https://X.example:8443/b/a%20b.msi?v=2&x=%23",
            WebFile("https://X.example:8443/b/a%20b.msi?v=2&x=%23", "x.example:8443", "a b.msi"),
        ),
    ],
)
def test_the_three_forms(written: str, source: object) -> None:
    assert parse_source(written) == source


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("", "a file's path is needed"),
        ("a" * 3000, "too long"),
        ("../a.msi", "leads out of the folder"),
        ("media/../../a.msi", "leads out of the folder"),
        (r"media\..\a.msi", "leads out of the folder"),
        ("/media/a.msi", "starts at a root"),
        (r"\media\a.msi", "starts at a root"),
        ("//FS01/media/a.msi", "starts at a root"),
        (r"C:\media\a.msi", "drive of one computer"),
        ("C:a.msi", "drive of one computer"),
        ("c:", "drive of one computer"),
        ("./a.msi", "not a file name"),
        ("media//a.msi", "not a file name"),
        ("media/", "not a file name"),
        ("media/a.msi.", "drops a dot or space"),
        ("media /a.msi", "drops a dot or space"),
        ("media/a.msi ", "drops a dot or space"),
        ("media/NUL.msi", "name of a device"),
        ("con", "name of a device"),
        ("media/Com1 .x/a.msi", "name of a device"),
        ("media/COM\u00b2", "name of a device"),
        ("media/a.msi:stream", "':' cannot stand"),
        ("a.msi::$DATA", "':' cannot stand"),
        ("media/a?.msi", "'\\?' cannot stand"),
        ("media/a\u202e.msi", "cannot be seen"),
        ("media/a\n.msi", "cannot be seen"),
        ("media/a\x00.msi", "cannot be seen"),
        (r"\\FS01\media", "names no file"),
        (r"\\FS01", "names no file"),
        (r"\\FS01\media\..\a.msi", "not a file name"),
        (r"\\FS01\media\\a.msi", "not a file name"),
        (r"\\FS01\media/a.msi", "names no file"),
        (r"\\FS01\media\x/a.msi", "cannot stand"),
        (r"\\?\C:\a.msi", "not the name of a server"),
        (r"\\.\C:\a.msi", "not the name of a server"),
        (r"\\FS01@SSL\DavWWWRoot\a.msi", "no user and no password"),
        (r"\\-x\media\a.msi", "not the name of a server"),
        ("http://x.example/a.msi", "http is not encrypted"),
        ("HTTP://x.example/a.msi", "http is not encrypted"),
        ("ftp://x.example/a.msi", "no way to fetch"),
        ("file:///etc/passwd", "no way to fetch"),
        ("https://x.example/a.msi#part", "no fragment"),
        ("https://me@x.example/a.msi", "no user and no password"),
        ("https://x.example/", "names a folder"),
        ("https://x.example", "names a folder"),
        ("https:///a.msi", "names no server"),
        ("https:a.msi", "names no server"),
        ("https://x.example:99999/a.msi", "server or port is wrong"),
        ("https://x.example/a b.msi", "write it as %XX"),
        ("https://x.example\\@evil.example/a.msi", "no user and no password"),
        ("https://x.example/%2e%2e", "no `..` in its path"),
        ("https://x.example/..%5Ca.msi", "no `..` in its path"),
        ("https://x.example/pub/../a.msi", "no `..` in its path"),
        ("https://x.example/pub/./a.msi", "no `..` in its path"),
        ("https://x.example/pub/%2E%2e/a.msi", "no `..` in its path"),
        ("https://x.example/pub/%252e%252e/a.msi", "no `..` in its path"),
        ("https://x.example/pub%2f..%2Fa.msi", "no `..` in its path"),
        ("https://x.example/pub/..;x=1/a.msi", "no `..` in its path"),
        ("https://x.example/pub/..%20/a.msi", "no `..` in its path"),
        ("https://x.example/pub/a%5Cb.msi", "not a path"),
        ("https://x.example/a%00.msi", "cannot stand"),
        ("https://x.example/nul.msi", "name of a device"),
    ],
)
def test_what_is_refused(written: str, said: str) -> None:
    with pytest.raises(BadSource, match=said):
        parse_source(written)


@pytest.mark.parametrize(
    "address",
    [
        "https://me:S3cret-Word@x.example/a.msi",
        "http://me:S3cret-Word@x.example/a.msi",
        "https://me:S3cret-Word@x.example/a b.msi",
        "https://me:S3cret-Word@x.example/a.msi#x",
        "https://me:S3cret-Word@[x/a.msi",
        "https://S3cret-Word:@x.example/",
    ],
)
def test_a_password_in_an_address_is_not_repeated(address: str) -> None:
    with pytest.raises(BadSource) as caught:
        parse_source(address)
    assert "S3cret-Word" not in str(caught.value)


@given(st.text(max_size=60) | st.from_regex(r"[a-zA-Z0-9 ./\\:~$@%#?-]{0,60}", fullmatch=True))
def test_what_is_taken_stays_as_it_is_and_within_the_folder(text: str) -> None:
    with suppress(BadSource):
        source = parse_source(text)
        assert parse_source(source.text) == source
        assert "\\" not in source.text or isinstance(source, SharedFile)
        if isinstance(source, ProjectFile):
            assert not set(source.names) & {"", ".", ".."}
