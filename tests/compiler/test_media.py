"""Files by their path below a folder: the same on every controller, and never anything else."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

import pytest

from engine.compiler.media import Located, Media, MediaFile, MediaProblem
from tests.support.small_district import problems, write_district

DATA = b"an installer"


@pytest.fixture
def media(tmp_path: Path) -> Media:
    root = tmp_path / "manifests"
    (root / "media").mkdir(parents=True)
    (root / "media/Tool.msi").write_bytes(DATA)
    return Media(root)


def _refused(media: Media, path: str) -> str:
    with pytest.raises(MediaProblem) as caught:
        media.find(path)
    return str(caught.value)


def test_a_file_is_found_by_either_slash_and_told_by_one(media: Media) -> None:
    for written in ("media/Tool.msi", r"media\Tool.msi"):
        found = media.find(written)
        assert found == MediaFile(media.root / "media/Tool.msi", len(DATA), "media/Tool.msi")
        with media.open(found) as stream:
            assert stream.read() == DATA


@pytest.mark.parametrize("written", ["media/tool.msi", "Media/Tool.msi", r"MEDIA\TOOL.MSI"])
def test_another_case_is_refused_on_every_file_system(media: Media, written: str) -> None:
    told = "there is no file " + written.replace("\\", "/") + ": it is spelled media/Tool.msi"
    assert _refused(media, written) == told


def test_a_file_system_that_ignores_case_does_not_hide_the_mistake(
    media: Media, monkeypatch: pytest.MonkeyPatch
) -> None:
    # As such a file system answers: the file opens by the other name too, and the folder lists the one.
    os.link(media.root / "media/Tool.msi", media.root / "media/tool.msi")
    whole = Path.iterdir
    monkeypatch.setattr(Path, "iterdir", lambda path: (p for p in whole(path) if p.name != "tool.msi"))
    assert "it is spelled media/Tool.msi" in _refused(media, "media/tool.msi")
    assert media.find("media/Tool.msi").size == len(DATA)


def test_what_is_no_file(media: Media) -> None:
    os.mkfifo(media.root / "media/pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(media.root / "media/socket"))
    (media.root / "media/null").symlink_to("/dev/null")
    assert _refused(media, "media/pipe") == "media/pipe is not a file"
    assert _refused(media, "media/socket") == "media/socket is not a file"
    assert _refused(media, "media") == "media is not a file"
    assert _refused(media, "media/null") == "media/null leads out of the folder manifests by a link"
    assert _refused(media, "media/Tool.msi/more") == "there is no file media/Tool.msi/more"
    assert _refused(media, "media/none.msi") == "there is no file media/none.msi"


def test_links(media: Media, tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (media.root / "media/current.msi").symlink_to("Tool.msi")
    (media.root / "out").symlink_to(tmp_path)
    (media.root / "loop").symlink_to("loop")
    (media.root / "one").symlink_to("two")
    (media.root / "two").symlink_to("one")
    assert media.find("media/current.msi").source == "media/current.msi"
    assert _refused(media, "out/secret") == "out/secret leads out of the folder manifests by a link"
    assert _refused(media, "loop") == "there is no file loop"
    assert _refused(media, "one/x") == "there is no file one/x"


def test_a_file_that_became_a_pipe_is_not_waited_for(media: Media) -> None:
    found = media.find("media/Tool.msi")
    found.path.unlink()
    os.mkfifo(found.path)
    with pytest.raises(MediaProblem, match=r"^media/Tool\.msi is not a file$"):
        media.open(found)
    found.path.unlink()
    with pytest.raises(MediaProblem, match=r"^media/Tool\.msi cannot be read: No such file"):
        media.digest(found)


def test_a_new_file_is_seen(media: Media) -> None:
    assert "no file" in _refused(media, "media/new.msi")
    (media.root / "media/new.msi").write_bytes(DATA)
    assert media.find("media/new.msi").size == len(DATA)


def test_a_file_on_a_server_is_not_asked_for(media: Media) -> None:
    address = "https://127.0.0.1:9/media/tool.msi"
    assert media.locate(address, 12) == Located(address, "tool.msi", 12)
    assert media.locate(r"\\FS\m\tool.msi", 12) == Located(r"\\FS\m\tool.msi", "tool.msi", 12)
    with pytest.raises(MediaProblem, match="size must be written down"):
        media.locate(address, None)
    assert "only installers are fetched" in _refused(media, address)


def test_a_declared_size_is_compared(media: Media) -> None:
    assert media.locate("media/Tool.msi", None) == media.locate("media/Tool.msi", len(DATA))
    with pytest.raises(MediaProblem, match=r"^media/Tool\.msi has 12 bytes, and 13 are declared$"):
        media.locate("media/Tool.msi", 13)


def test_a_copied_file_comes_from_the_folder_only(tmp_path: Path) -> None:
    def told(source: str) -> str:
        text = f"files:\n  - {{path: 'C:\\x.dat', hosts: lab, source: '{source}'}}\n"
        (problem,) = problems(write_district(tmp_path, {"schools/alpha/more.yaml": text}))
        return problem.removeprefix("manifests/schools/alpha/more.yaml:2:36: ").removesuffix(
            " [missing-file]"
        )

    assert told("https://x.example/a.dat") == (
        "https://x.example/a.dat is on a server: only installers are fetched from there"
    )
    assert told("media/TOOL-1.msi") == "there is no file media/TOOL-1.msi: it is spelled media/tool-1.msi"
    assert told("district.yaml:x") == (
        "district.yaml:x: ':' cannot stand in a Windows file name: 'district.yaml:x'"
    )


def test_the_digest_is_of_the_bytes(media: Media) -> None:
    assert media.digest(media.find("media/Tool.msi")) == hashlib.sha256(DATA).hexdigest()
