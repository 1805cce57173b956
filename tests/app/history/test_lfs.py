"""Installers and files that a commit has as pointers of Git LFS, or not at all."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from engine.app.history.diffing import diff_intents
from engine.app.project import Project
from tests.support.git import commit, git, repository
from tests.support.small_district import DIGEST, FILES, INSTALLER, write_district

TOOL = "catalog/software/tool.yaml"
SIZED = FILES[TOOL].replace(f"sha256: {DIGEST}}}", f"sha256: {DIGEST}, size: {len(INSTALLER)}}}")
COPIED = "files:\n  - {path: 'C:\\x', source: x.bin, hosts: server}\n"
OLD = b"\0old" * 100


def _pointer(data: bytes) -> str:
    digest = hashlib.sha256(data).hexdigest()
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize {len(data)}\n"


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A district with installers and a copied file in LFS: pointers in the commit, files in the folder."""
    manifests = write_district(repository(tmp_path), {TOOL: SIZED, "schools/alpha/files.yaml": COPIED})
    kept = {"media/tool-1.msi": INSTALLER, "media/tool-2.msi": INSTALLER, "x.bin": OLD}
    for name, data in kept.items():
        (manifests / name).write_text(_pointer(data))
    commit(tmp_path)
    for name, data in kept.items():
        (manifests / name).write_bytes(data)
    return Project(manifests)


def test_nothing_changed_where_the_files_are_those_of_the_pointers(project: Project) -> None:
    found = diff_intents(project, "HEAD")
    assert (found.empty, found.files_differ, found.base_mistakes) == (True, 0, ())


def test_a_new_installer_is_told_by_the_catalog(project: Project) -> None:
    new = b"a newer one" * 30
    (project.manifests / "media/tool-2.msi").write_bytes(new)
    text = SIZED.replace(DIGEST, hashlib.sha256(new).hexdigest()).replace(
        f"size: {len(INSTALLER)}", f"size: {len(new)}"
    )
    (project.manifests / TOOL).write_text(SIZED[: SIZED.index("2.10")] + text[text.index("2.10") :])
    (change,) = diff_intents(project, "HEAD").changes
    assert {field.field: (field.before, field.after) for field in change.fields} == {
        "installer.sha256": (DIGEST, hashlib.sha256(new).hexdigest()),
        "installer.size": (len(INSTALLER), len(new)),
    }


def test_a_copied_file_that_changes_is_told_by_its_digest_and_size(project: Project) -> None:
    new = b"\0new" * 200
    (project.manifests / "x.bin").write_bytes(new)
    (change,) = diff_intents(project, "HEAD").changes
    assert {field.field: (field.before, field.after) for field in change.fields} == {
        "content.sha256": (hashlib.sha256(OLD).hexdigest(), hashlib.sha256(new).hexdigest()),
        "content.size": (len(OLD), len(new)),
    }


def test_two_commits_with_pointers_are_compared(project: Project) -> None:
    (project.manifests / "schools/alpha/files.yaml").write_text(COPIED.replace("'C:\\x'", "'C:\\y'"))
    commit(project.folder)
    for name in ("media/tool-1.msi", "media/tool-2.msi", "x.bin"):
        git(project.folder, "checkout", "--quiet", "HEAD~1", "--", f"manifests/{name}")
    commit(project.folder)
    (project.manifests / "x.bin").unlink()
    found = diff_intents(project, "HEAD~2", "HEAD")
    assert [change.action for change in found.changes] == ["remove", "add"]


def test_an_installer_that_is_gone_does_not_matter_for_the_base(tmp_path: Path) -> None:
    manifests = write_district(repository(tmp_path), {TOOL: SIZED})
    (tmp_path / ".gitignore").write_text("*.msi\n.rollcall/\n")
    commit(tmp_path)
    (manifests / "media/tool-2.msi").rename(manifests / "media/tool-3.msi")
    (manifests / TOOL).write_text(SIZED.replace("tool-2", "tool-3"))
    found = diff_intents(Project(manifests), "HEAD")
    assert found.base_mistakes == ()
    assert [change.fields[0].field for change in found.changes] == ["installer.file"]
