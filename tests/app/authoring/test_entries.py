"""Which version of an entry is meant, and how the installer and the entry get in place together."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.app.authoring.adding import Wishes, add_package
from engine.app.authoring.media import Placing, placed_file
from engine.app.errors import NotWritten, WouldReplace
from engine.app.project import Project
from tests.support.packages import package
from tests.support.small_district import write_district

VERSION = """\
  - version: {version}
    installer:
      type: msi
      source: media/demo-{version}.msi
      sha256: {digest}
      arguments: [FROM={version}]
    detection:
      upgrade_code: '{{AAAAAAAA-2222-3333-4444-555555555555}}'
"""


def _entry(*versions: str, extra: str = "") -> str:
    items = "".join(VERSION.format(version=version, digest="1" * 64) for version in versions)
    return f"software: demo-tool\ntitle: Demo Tool\npublisher: Example\n{extra}versions:\n{items}"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(write_district(tmp_path))


def _entry_file(project: Project) -> Path:
    return project.manifests / "catalog/software/demo-tool.yaml"


def _download(project: Project, data: bytes, name: str = "demo.msi") -> Path:
    file = project.manifests.parent / name
    file.write_bytes(data)
    return file


@pytest.mark.parametrize(
    ("versions", "extra", "like"),
    [
        (("1.10", "1.2", "1.9"), "", "1.10"),
        (("1.2", "1.10"), "compared_parts: 2\n", "1.10"),
        (("2024-b", "2024-a"), "comparison: text\n", "2024-a"),
    ],
)
def test_a_further_version_is_like_the_newest_and_not_like_the_last_in_the_file(
    project: Project, versions: tuple[str, ...], extra: str, like: str
) -> None:
    _entry_file(project).write_text(_entry(*versions, extra=extra))
    add_package(project, _download(project, package({"ProductVersion": "7.1.0"})), Wishes())
    added = _entry_file(project).read_text().partition("version: 7.1.0")[2]
    assert f"arguments: [FROM={like}]" in added


@pytest.mark.parametrize(
    ("extra", "there", "new", "same"),
    [
        ("compared_parts: 2\n", "1.2.3", "1.2.9", True),
        ("", "1.2.3", "1.2.9", False),
        ("", "1.2", "1.2.0", True),
        ("comparison: text\n", "1.2", "1.2.0", False),
    ],
)
def test_versions_are_the_same_as_the_product_compares_them(
    project: Project, extra: str, there: str, new: str, same: bool
) -> None:
    _entry_file(project).write_text(_entry(there, extra=extra))
    file = _download(project, package({"ProductVersion": new}))
    if same:
        with pytest.raises(WouldReplace, match="--replace"):
            add_package(project, file, Wishes())
    else:
        assert add_package(project, file, Wishes()).outcome == "extended"


def test_a_planted_link_beside_the_place_is_not_written_through(project: Project, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_bytes(b"theirs")
    (project.manifests / "media/.demo.msi.new").symlink_to(outside)
    add_package(project, _download(project, package()), Wishes())
    assert outside.read_bytes() == b"theirs"
    assert not (project.manifests / "media/demo.msi").is_symlink()


def test_the_file_is_in_its_place_before_an_entry_names_it(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = project.manifests / "media/demo.msi"
    seen: list[bool] = []

    def refuse(_: object) -> None:
        seen.append(target.is_file())
        raise NotWritten("the disk is full")

    monkeypatch.setattr("engine.app.authoring.adding.save", refuse)
    with pytest.raises(NotWritten, match="disk is full"):
        add_package(project, _download(project, package()), Wishes())
    assert seen == [True]
    assert not target.exists()


def test_a_file_that_was_replaced_is_put_back_where_the_entry_fails(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_package(project, _download(project, package()), Wishes())
    target = project.manifests / "media/demo.msi"
    before = target.read_bytes()
    entry = _entry_file(project).read_bytes()

    def refuse(_: object) -> None:
        assert target.read_bytes() != before
        raise KeyboardInterrupt

    monkeypatch.setattr("engine.app.authoring.adding.save", refuse)
    other = _download(project, package({"ProductName": "Demo Tool"}, streams={"Other": b"x" * 100}))
    with pytest.raises(KeyboardInterrupt):
        add_package(project, other, Wishes(replace=True))
    assert target.read_bytes() == before
    assert _entry_file(project).read_bytes() == entry
    assert sorted(path.name for path in target.parent.iterdir() if path.name.startswith(".")) == []


def test_what_cannot_be_taken_back_is_told(tmp_path: Path) -> None:
    file, target = tmp_path / "demo.msi", tmp_path / "media" / "demo.msi"
    file.write_bytes(b"new")
    target.parent.mkdir()
    target.write_bytes(b"old")
    placing = Placing("media/demo.msi", target, is_needed=True)

    def fail() -> None:
        with placed_file(file, placing, hashlib.sha256(b"new").hexdigest()):
            target.unlink()
            target.mkdir()
            (target / "in the way").touch()
            raise NotWritten("the entry cannot be written")

    with pytest.raises(NotWritten, match=r"entry cannot be written; .* cannot be taken back: .*\.old beside"):
        fail()


def test_a_file_that_changes_while_it_is_copied_is_not_put_in_place(tmp_path: Path) -> None:
    file, target = tmp_path / "demo.msi", tmp_path / "media" / "demo.msi"
    file.write_bytes(b"another")
    placing = Placing("media/demo.msi", target, is_needed=True)
    with (
        pytest.raises(NotWritten, match="changed while it was read"),
        placed_file(file, placing, hashlib.sha256(b"meant").hexdigest()),
    ):
        pytest.fail("the block must not run")
    assert list(target.parent.iterdir()) == []
