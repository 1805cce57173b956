"""Which manifests a plan says that it was made from."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.app.history.revision import revision_of
from engine.app.project import Project
from tests.support.git import commit, git, repository
from tests.support.small_district import write_district


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A committed district, with installers that git ignores."""
    manifests = write_district(repository(tmp_path))
    (tmp_path / ".gitignore").write_text(".rollcall/\n*.msi\n")
    (tmp_path / "templates/x.j2").write_bytes(b"one\ntwo\n")
    (manifests / "link").symlink_to("district.yaml")
    commit(tmp_path)
    return Project(manifests)


def _head(project: Project) -> str:
    return git(project.folder, "rev-parse", "HEAD")


def _write(name: str, data: bytes) -> Callable[[Path], object]:
    return lambda folder: (folder / name).write_bytes(data)


def _stage(folder: Path) -> None:
    (folder / "manifests/new.msi").write_bytes(b"x")
    git(folder, "add", "--force", "manifests/new.msi")


def _lead_elsewhere(folder: Path) -> None:
    (folder / "manifests/link").unlink()
    (folder / "manifests/link").symlink_to("schools")


@pytest.mark.parametrize(
    "change",
    [
        _write("templates/x.j2", b"one\ntwo!"),
        _write("templates/x.j2", b"one\0two\n"),
        _write("manifests/schools/alpha/new.yaml", b""),
        lambda folder: (folder / "templates/x.j2").unlink(),
        _stage,
        _lead_elsewhere,
    ],
)
def test_a_file_that_is_not_as_committed_makes_it_a_digest(
    project: Project, change: Callable[[Path], object]
) -> None:
    change(project.folder)
    assert revision_of(project).startswith("files-")


@pytest.mark.parametrize(
    "change",
    [
        lambda _: None,
        _write("manifests/media/more.msi", b"ignored"),
        _write("readme.md", b"beside the manifests"),
        _write("templates/x.j2", b"one\r\ntwo\r\n"),  # as git checks texts out on Windows
    ],
)
def test_what_a_checkout_makes_of_a_commit_is_the_commit(
    project: Project, change: Callable[[Path], object]
) -> None:
    change(project.folder)
    assert revision_of(project) == _head(project)


def test_a_file_of_git_lfs_is_what_its_pointer_says(project: Project) -> None:
    data = b"a big installer" * 1000
    installer = project.manifests / "media/big.exe"
    digest = hashlib.sha256(data).hexdigest()
    installer.write_text(
        f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(data)}\n"
    )
    commit(project.folder)
    installer.write_bytes(data)
    assert revision_of(project) == _head(project)
    installer.write_bytes(data[::-1])
    assert revision_of(project).startswith("files-")


def test_a_repository_that_is_the_manifests_folder_itself(tmp_path: Path) -> None:
    manifests = repository(write_district(tmp_path))
    committed = commit(manifests)
    assert revision_of(Project(manifests)) == committed
    (manifests / "more.yaml").touch()
    assert revision_of(Project(manifests)).startswith("files-")
