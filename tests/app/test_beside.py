"""Files take their places whole or not at all, and nothing is written through links."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.app import beside
from engine.app.beside import (
    ChangedMeanwhile,
    create_file,
    leads_out,
    move_new,
    private_folder,
    replace_file,
    write_beside,
)


def _modes(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_keeps_its_permissions_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"a:  1\n")
    file.chmod(0o640)
    replace_file(file, b"a: 1\n", was=b"a:  1\n")
    assert file.read_bytes() == b"a: 1\n"
    assert _modes(file) == 0o640
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_cannot_be_moved_into_place_leaves_the_old_one(tmp_path: Path) -> None:
    folder = tmp_path / "a.yaml"
    folder.mkdir()
    with pytest.raises(OSError, match=r"a\.yaml"):
        replace_file(folder, b"a: 1\n")
    assert list(tmp_path.iterdir()) == [folder]


def test_what_somebody_else_wrote_in_the_meantime_stays(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_bytes(b"theirs")
    with pytest.raises(ChangedMeanwhile):
        replace_file(file, b"ours", was=b"before")
    assert file.read_bytes() == b"theirs"
    assert list(tmp_path.iterdir()) == [file]


def test_a_new_file_takes_nobody_s_place_and_no_link_s(tmp_path: Path) -> None:
    create_file(tmp_path / "deep" / "a", b"1")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    for taken in (tmp_path / "deep" / "a", tmp_path / "link"):
        with pytest.raises(FileExistsError):
            create_file(taken, b"2")
    assert (tmp_path / "deep" / "a").read_bytes() == b"1"
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["a", "deep", "link"]


def test_the_same_holds_where_there_are_no_hard_links(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr("engine.app.beside.os.link", refuse)
    create_file(tmp_path / "a", b"1")
    with pytest.raises(FileExistsError):
        create_file(tmp_path / "a", b"2")
    assert (tmp_path / "a").read_bytes() == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["a"]


@pytest.mark.parametrize("end", [KeyboardInterrupt, OSError])
def test_nothing_is_left_of_what_was_interrupted(tmp_path: Path, end: type[BaseException]) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise end

    with pytest.raises(end):
        write_beside(tmp_path / "a", broken())
    assert list(tmp_path.iterdir()) == []


def test_names_beside_are_not_to_be_guessed_and_modes_hold(tmp_path: Path) -> None:
    first, second = (write_beside(tmp_path / ("x" * 250), (b"",), mode=0o600) for _ in range(2))
    assert first != second
    assert _modes(first) == 0o600
    assert set(tmp_path.glob(beside.ALL)) == {first, second}
    move_new(first, tmp_path / "a")
    assert not first.exists()


def test_a_path_out_of_a_folder_is_told(tmp_path: Path) -> None:
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (inside / "folder").symlink_to(outside)
    (inside / "file").symlink_to(outside / "new")
    (inside / "near").symlink_to(inside / "other")
    assert leads_out(inside, inside / "folder" / "a")
    assert leads_out(inside, inside / "file")
    assert not leads_out(inside, inside / "near")
    assert not leads_out(inside, inside / "not" / "there")


def test_a_private_folder_is_tightened_and_never_a_link(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    folder.mkdir(mode=0o755)
    private_folder(folder)
    assert _modes(folder) == 0o700
    theirs = tmp_path / "theirs"
    theirs.mkdir(mode=0o755)
    (tmp_path / "link").symlink_to(theirs)
    with pytest.raises(OSError, match="is a link"):
        private_folder(tmp_path / "link")
    assert _modes(theirs) == 0o755
    (tmp_path / "file").touch(0o644)
    with pytest.raises(NotADirectoryError):
        private_folder(tmp_path / "file")
    assert _modes(tmp_path / "file") == 0o644
