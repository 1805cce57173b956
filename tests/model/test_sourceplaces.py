"""Where files on servers may come from: below the folders that are named, by whole names only."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from engine.model.form import WRITTEN_OUT
from engine.model.source import BadSource, ProjectFile, check_address, parse_source
from engine.model.sourceplaces import SourcePlaces, SourcePlaceText

SHARE = r"\\fs01.bcps.example\software"
WEB = "https://download.example/pub/"
PLACES = SourcePlaces.of([SHARE, WEB, "https://other.example:8443/"])
TEXTS: TypeAdapter[str] = TypeAdapter(SourcePlaceText)


def _allowed(text: str, places: SourcePlaces = PLACES) -> bool:
    source = parse_source(text)
    assert not isinstance(source, ProjectFile)
    return places.allow(source)


@pytest.mark.parametrize(
    "text",
    [
        r"\\fs01.bcps.example\software\a.msi",
        r"\\FS01.bcps.EXAMPLE\Software\deeper\a.msi",
        "https://download.example/pub/a.msi",
        "https://download.example/pub/b/c/a.msi?v=1",
        "https://Download.EXAMPLE:443/pub/a.msi",
        "https://download.example/%70ub/a.msi",
        "HTTPS://other.example:8443/a.msi",
        "https://other.example:8443/@scope/a.msi",
    ],
)
def test_what_lies_below_a_place_is_allowed(text: str) -> None:
    assert _allowed(text)


@pytest.mark.parametrize(
    "text",
    [
        r"\\attacker\share\x.msi",
        r"\\fs01\software\a.msi",
        r"\\fs01.bcps.example.attacker.example\software\a.msi",
        r"\\attacker.fs01.bcps.example\software\a.msi",
        r"\\xn--fs01-.bcps.example\software\a.msi",
        r"\\fs01.bcps.example\software-old\a.msi",
        r"\\fs01.bcps.example\softwar\a.msi",
        r"\\fs01.bcps.example\c$\software\a.msi",
        "\\\\fs01.bcps.example\\\u017foftware\\a.msi",
        r"\\download.example\pub\a.msi",
        "https://fs01.bcps.example/software/a.msi",
        "https://attacker.example/pub/a.msi",
        "https://download.example.attacker.example/pub/a.msi",
        "https://attacker.example/download.example/pub/a.msi",
        "https://attacker.example/?https://download.example/pub/a.msi",
        "https://download.example:8443/pub/a.msi",
        "https://download.example:0/pub/a.msi",
        "https://other.example/a.msi",
        "https://other.example:443/a.msi",
        "https://download.example/public/a.msi",
        "https://download.example/pub",
        "https://download.example/Pub/a.msi",
        "https://download.example/a.msi",
        "https://download.example//pub/a.msi",
        "https://download.example/pub;x=1/a.msi",
        "https://download.example/pub%2Fsub/a.msi",
    ],
)
def test_everything_else_is_not(text: str) -> None:
    try:
        assert not _allowed(text)
    except BadSource:
        assert "?" in text  # an address without a path names no file anyway


def test_names_whose_bytes_are_no_text_are_told_apart() -> None:
    places = SourcePlaces.of(["https://download.example/%ff/"])
    assert _allowed("https://download.example/%FF/a.msi", places)
    assert not _allowed("https://download.example/%fe/a.msi", places)


def test_a_server_may_be_written_in_other_ways_where_a_redirect_leads() -> None:
    assert PLACES.allow_address("https://download.example/pub/?name=a")
    assert not PLACES.allow_address("https://download.example/pub")
    assert not PLACES.allow_address("https://download.example")
    assert PLACES.allow_address("https://other.example:8443")


def test_without_places_nothing_is_allowed() -> None:
    for text in (rf"{SHARE}\a.msi", f"{WEB}a.msi"):
        assert not _allowed(text, SourcePlaces.of([]))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "write a folder"),
        ("media", "write a folder"),
        (r"\\fs01", r"as `\\server\share`"),
        (r"\\fs01" + "\\", r"as `\\server\share`"),
        (r"\\fs01\..\c$", r"as `\\server\share`"),
        (r"\\fs01\a" + "\\\\", r"as `\\server\share`"),
        (r"\\fs01.\software", r"as `\\server\share`"),
        (r"\\?\C:\software", r"as `\\server\share`"),
        (r"\\*\software", r"as `\\server\share`"),
        ("//fs01/software", "write a folder"),
        ("http://download.example/", "write a folder"),
        ("ftp://download.example/", "write a folder"),
        ("https://", "names no server"),
        ("https://*.example/", "names no server"),
        ("https://download.example./", "names no server"),
        ("https://d\u043ewnload.example/", "may not have"),
        ("https://download.example", "ends in `/`"),
        ("https://download.example/pub", "ends in `/`"),
        ("https://download.example/pub/?x=/", "no `?`"),
        ("https://download.example/#/", "no `?`"),
        ("https://download.example//", "two `/`"),
        ("https://download.example/pub/../", "no `..`"),
        ("https://download.example/pub/%2e%2E/", "no `..`"),
    ],
)
def test_what_is_no_place(text: str, said: str) -> None:
    with pytest.raises(BadSource) as caught:
        SourcePlaces.of([text])
    assert said in str(caught.value)
    with pytest.raises(ValidationError):
        TEXTS.validate_python(text)


@pytest.mark.parametrize(
    "text",
    [
        "https://me:S3cret@download.example/",
        "https://me:S3/cret@download.example/",
        "http://me:S3cret@download.example/",
        r"\\me:S3cret@fs01\software",
        "me:S3cret@download.example",
    ],
)
def test_a_logon_in_a_place_is_told_as_one_and_not_repeated(text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        TEXTS.validate_python(text)
    (error,) = caught.value.errors()
    assert error["type"] == WRITTEN_OUT
    assert "S3cret" not in error["msg"]


@pytest.mark.parametrize("text", [SHARE, SHARE + "\\", WEB, "https://download.example/"])
def test_a_place_stays_as_it_was_written(text: str) -> None:
    assert TEXTS.validate_python(text) == text


_NAMES = st.from_regex(r"[a-z%.;\\/]{1,8}", fullmatch=True)


@given(st.lists(_NAMES, max_size=5).map("/".join))
def test_no_spelling_of_a_path_leads_out_of_a_place(path: str) -> None:
    """What is allowed starts with the place's own folder, and has nothing that could be taken for `..`."""
    url = f"https://download.example/{path}"
    with suppress(BadSource):
        check_address(url)
        assert ".." not in url.replace("%2e", ".").split("/")
        if PLACES.allow_address(url):
            assert path.startswith("pub/")
