"""What was fetched is kept whole, under its digest, and for nobody else; or not at all."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.app.cache import Cache, WrongFile
from engine.compiler.media import MediaProblem

DATA = b"an installer"
DIGEST = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / ".rollcall" / "cache")


def _names(cache: Cache) -> list[str]:
    return sorted(path.name for path in cache.folder.iterdir())


def test_a_file_is_kept_under_its_digest(cache: Cache) -> None:
    assert not cache.holds(DIGEST, len(DATA))
    cache.fill(DIGEST, len(DATA), [DATA[:5], b"", DATA[5:]])
    assert cache.holds(DIGEST, len(DATA))
    assert _names(cache) == [DIGEST]
    with cache.open(DIGEST) as stream:
        assert stream.read() == DATA


def test_only_its_owner_can_look_into_it(cache: Cache) -> None:
    cache.folder.mkdir(parents=True, mode=0o777)
    cache.folder.chmod(0o777)
    cache.fill(DIGEST, len(DATA), [DATA])
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((cache.folder / DIGEST).stat().st_mode) == 0o600
    assert (cache.folder.parent / ".gitignore").read_text() == "*\n"


@given(pieces=st.lists(st.binary(max_size=8), max_size=4), size=st.integers(0, 20))
def test_no_other_bytes_than_those_that_were_meant(
    tmp_path_factory: pytest.TempPathFactory, pieces: list[bytes], size: int
) -> None:
    cache = Cache(tmp_path_factory.mktemp("cache") / "cache")
    whole = b"".join(pieces)
    meant = hashlib.sha256(whole[:7]).hexdigest()
    try:
        cache.fill(meant, size, pieces)
    except WrongFile:
        assert size != len(whole) or len(whole) > 7
        assert _names(cache) == []
    else:
        assert (size, whole) == (len(whole), whole[:7])


def test_more_than_was_declared_is_not_even_asked_for(cache: Cache) -> None:
    def endless() -> Iterator[bytes]:
        for number in range(100):
            assert number < 3
            yield b"12345"

    with pytest.raises(WrongFile, match="longer than the 12 bytes"):
        cache.fill(DIGEST, len(DATA), endless())
    assert _names(cache) == []


@pytest.mark.parametrize("end", [KeyboardInterrupt, OSError, SystemExit])
def test_nothing_is_left_of_what_was_interrupted(cache: Cache, end: type[BaseException]) -> None:
    def broken() -> Iterator[bytes]:
        yield DATA[:5]
        raise end

    with pytest.raises(end):
        cache.fill(DIGEST, len(DATA), broken())
    assert _names(cache) == []
    cache.fill(DIGEST, len(DATA), [DATA])
    assert cache.holds(DIGEST, len(DATA))


def test_a_spoiled_file_is_taken_away(cache: Cache) -> None:
    for spoiled in (b"another one!", b"short"):
        cache.fill(DIGEST, len(DATA), [DATA])
        (cache.folder / DIGEST).write_bytes(spoiled)
        assert not cache.holds(DIGEST, len(DATA))
        assert _names(cache) == []


def test_parts_of_killed_processes_go_when_they_are_old(cache: Cache) -> None:
    cache.fill(DIGEST, len(DATA), [DATA])
    for name, age in ((".old.new", 2 * 24 * 3600), (".new.new", 60)):
        (cache.folder / name).write_bytes(b"half")
        os.utime(cache.folder / name, (time.time() - age, time.time() - age))
    cache.fill(DIGEST, len(DATA), [DATA])
    assert _names(cache) == [".new.new", DIGEST]


@pytest.mark.parametrize("digest", ["", "..", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 64 + "\n"])
def test_a_digest_that_is_none_leads_nowhere(cache: Cache, digest: str) -> None:
    assert not cache.holds(digest, 1)
    with pytest.raises(MediaProblem, match="digest"):
        cache.open(digest)
    with pytest.raises(MediaProblem, match="digest"):
        cache.fill(digest, 1, [b"x"])


def test_a_pipe_in_its_place_is_not_waited_for(cache: Cache) -> None:
    cache.fill(DIGEST, len(DATA), [DATA])
    (cache.folder / DIGEST).unlink()
    os.mkfifo(cache.folder / DIGEST)
    assert not cache.holds(DIGEST, len(DATA))


@pytest.mark.parametrize("linked", [".rollcall", ".rollcall/cache"])
def test_a_linked_folder_of_somebody_else_is_not_touched(tmp_path: Path, linked: str) -> None:
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    for name in (".old.new", DIGEST):
        (theirs / name).write_bytes(b"theirs")
        os.utime(theirs / name, (0, 0))
    (tmp_path / linked).parent.mkdir(exist_ok=True)
    (tmp_path / linked).symlink_to(theirs)
    if linked == ".rollcall":
        (theirs / "cache").mkdir(mode=0o755)
        (theirs / "cache" / DIGEST).write_bytes(b"theirs")
    before = sorted(path.relative_to(theirs) for path in theirs.rglob("*"))
    cache = Cache(tmp_path / ".rollcall" / "cache")
    assert not cache.holds(DIGEST, 6)
    with pytest.raises(OSError, match="is a link"):
        cache.fill(DIGEST, len(DATA), [DATA])
    assert sorted(path.relative_to(theirs) for path in theirs.rglob("*")) == before
    assert stat.S_IMODE(theirs.stat().st_mode) == 0o755
