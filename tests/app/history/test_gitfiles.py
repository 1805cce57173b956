"""Files of commits that nobody would make by accident: nothing is read or written where it should not be."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine.app.history import gitfiles
from engine.app.history.diffing import diff_intents
from engine.app.history.git import GitProblem
from engine.app.history.gitfiles import tree_entries, write_tree
from engine.app.history.revision import revision_of
from engine.app.project import Project
from tests.support.git import blob, commit, commit_tree, git, repository
from tests.support.small_district import write_district


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return repository(tmp_path / "top")


def _written(top: Path, name: str, into: Path, same: Path | None = None) -> Path:
    write_tree(top, tree_entries(top, name, ""), into, "", same)
    return into


def test_files_are_written_as_they_are(top: Path, tmp_path: Path) -> None:
    content = {
        "a.txt": b"one\r\ntwo\n",
        "b/\xc3\xa9.bin": bytes(range(256)),
        "b/empty": b"",
        "$Id$": b"$Id$ $Format:%H$",
    }
    (top / "b").mkdir()
    for name, data in content.items():
        (top / name).write_bytes(data)
    commit(top)  # before there are attributes, so that git stores what is given
    (top / ".gitattributes").write_text("* text=auto eol=crlf ident export-subst\nb export-ignore\n")
    (top / "b/program").symlink_to("empty")
    into = _written(top, commit(top), tmp_path / "into")
    assert {name: (into / name).read_bytes() for name in content} == content
    assert (into / "b/program").readlink() == Path("empty")


@pytest.mark.parametrize("name", ["..", ".", ".git", ".GIT", "a\\b", "../x"])
def test_a_name_that_leads_elsewhere_is_refused(top: Path, tmp_path: Path, name: str) -> None:
    odd = commit_tree(top, [("100644", "blob", name, blob(top, b"x"))])
    with pytest.raises(GitProblem):
        _written(top, odd, tmp_path / "into")
    assert not (tmp_path / "x").exists()


def test_nothing_is_written_through_a_link(top: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    inner = git(top, "mktree", given=b"100644 blob " + blob(top, b"x") + b"\tfile\n").encode()
    link = blob(top, os.fsencode(elsewhere))
    odd = commit_tree(top, [("120000", "blob", "a", link), ("40000", "tree", "a", inner)])
    with pytest.raises((GitProblem, OSError)):
        _written(top, odd, tmp_path / "into")
    assert list(elsewhere.iterdir()) == []


def test_a_link_out_of_the_folder_is_not_followed_when_manifests_are_read(tmp_path: Path) -> None:
    manifests = write_district(repository(tmp_path))
    secret = tmp_path.parent / f"{tmp_path.name}-secret"
    secret.write_text("root:x:0\n")
    (manifests / "schools/alpha/passwd.yaml").symlink_to(secret)
    commit(tmp_path)
    (manifests / "schools/alpha/passwd.yaml").unlink()
    (mistake,) = diff_intents(Project(manifests), "HEAD").base_mistakes
    assert "leads out of the folder" in mistake
    assert "root" not in mistake


def test_ignored_files_are_not_put_where_a_link_of_the_commit_leads(tmp_path: Path) -> None:
    manifests = write_district(repository(tmp_path / "top"))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    for path in (manifests / "media").iterdir():
        path.unlink()
    (manifests / "media").rmdir()
    (manifests / "media").symlink_to(elsewhere)
    commit(tmp_path / "top")
    (manifests / "media").unlink()
    write_district(tmp_path / "top")
    (tmp_path / "top/.gitignore").write_text("media/\n.rollcall/\n")
    assert diff_intents(Project(manifests), "HEAD").base_mistakes_count == 1
    assert list(elsewhere.iterdir()) == []


def test_ignored_files_are_not_written_through_a_link_of_the_commit(tmp_path: Path) -> None:
    manifests = write_district(repository(tmp_path / "top"))
    victim = tmp_path / "victim"
    installer = manifests / "media/tool-1.msi"
    data = installer.read_bytes()
    installer.unlink()
    installer.symlink_to(victim)  # dangling: there is nothing yet
    commit(tmp_path / "top")
    git(tmp_path / "top", "rm", "--quiet", "--cached", "manifests/media/tool-1.msi")
    installer.unlink()
    installer.write_bytes(data)
    (tmp_path / "top/.gitignore").write_text("media/\n.rollcall/\n")
    diff_intents(Project(manifests), "HEAD")
    assert not victim.exists()


def test_a_file_of_the_commit_keeps_its_place_where_ignored_files_have_a_folder(tmp_path: Path) -> None:
    manifests = write_district(repository(tmp_path))
    for path in (manifests / "media").iterdir():
        path.unlink()
    (manifests / "media").rmdir()
    (manifests / "media").write_text("a file")
    commit(tmp_path)
    (manifests / "media").unlink()
    write_district(tmp_path)
    (tmp_path / ".gitignore").write_text("media/\n.rollcall/\n")
    git(tmp_path, "rm", "--quiet", "--cached", "manifests/media")
    found = diff_intents(Project(manifests), "HEAD")
    assert [where.school for where in found.schools_whole] == ["alpha"]
    assert all("there is no file media/" in mistake for mistake in found.base_mistakes)


def test_a_submodule_is_refused(top: Path, tmp_path: Path) -> None:
    odd = commit_tree(top, [("160000", "commit", "module", b"1" * 40)])
    with pytest.raises(GitProblem, match="submodule"):
        _written(top, odd, tmp_path / "into")


@pytest.mark.parametrize(("limit", "message"), [("FILES_LIMIT", "more than 2 files"), ("BYTES_LIMIT", "GiB")])
def test_more_than_a_district_needs_is_refused_before_it_is_written(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, message: str
) -> None:
    for name in ("a", "b", "c"):
        (top / name).write_text(name)
    name = commit(top)
    monkeypatch.setattr(gitfiles, limit, 2)
    with pytest.raises(GitProblem, match=message):
        _written(top, name, tmp_path / "into")
    assert not (tmp_path / "into").exists()


def test_an_object_that_the_clone_lacks_is_named(top: Path, tmp_path: Path) -> None:
    (top / "file").write_text("x")
    name = commit(top)
    lost = git(top, "rev-parse", "HEAD:file")
    (top / ".git/objects" / lost[:2] / lost[2:]).unlink()
    with pytest.raises(GitProblem):
        _written(top, name, tmp_path / "into")


def test_a_big_file_that_is_there_already_is_linked_and_another_one_written(
    top: Path, tmp_path: Path
) -> None:
    data = os.urandom(300_000)
    (top / "same.msi").write_bytes(data)
    (top / "other.msi").write_bytes(data[::-1])
    name = commit(top)
    (top / "other.msi").write_bytes(data)
    into = _written(top, name, tmp_path / "into", top)
    assert (into / "same.msi").samefile(top / "same.msi")
    assert not (into / "other.msi").samefile(top / "other.msi")
    assert (into / "other.msi").read_bytes() == data[::-1]


def test_no_program_that_a_repository_names_is_started(tmp_path: Path) -> None:
    manifests = write_district(repository(tmp_path))
    started = tmp_path / "started"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\necho >> '{started}'\ncat\n")
    program.chmod(0o755)
    committed = commit(tmp_path)
    for setting in (
        "core.fsmonitor",
        "filter.x.smudge",
        "filter.x.clean",
        "diff.external",
        "core.sshCommand",
    ):
        git(tmp_path, "config", setting, str(program))
    (tmp_path / ".gitattributes").write_text("* filter=x\n")
    (manifests / "district.yaml").touch()
    assert diff_intents(Project(manifests), "HEAD").empty
    assert revision_of(Project(manifests)) == committed
    assert not started.exists()
    git(tmp_path, "status")
    assert started.exists()  # so there was something to be started


def test_files_beside_the_manifests_may_have_any_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifests = write_district(repository(tmp_path))
    (tmp_path / "odd\\name").write_text("x")
    (tmp_path / "big").write_bytes(bytes(5_000))
    commit(tmp_path)
    monkeypatch.setattr(gitfiles, "BYTES_LIMIT", 4_000)
    assert diff_intents(Project(manifests), "HEAD").empty
    git(tmp_path, "mv", "manifests", "moved")  # so that every folder of the commit is looked through
    assert diff_intents(Project(tmp_path / "moved"), "HEAD").empty


def test_what_a_killed_command_left_is_removed_after_a_day(tmp_path: Path) -> None:
    manifests = write_district(repository(tmp_path))
    commit(tmp_path)
    outside = tmp_path / "outside"
    state = Project(manifests).state
    for folder in (outside, state / "rollcall-old/1", state / "rollcall-new", state / "rehearsal"):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    (state / "rollcall-old/1/link").symlink_to(outside)
    (state / "rollcall-link").symlink_to(outside)
    for name in ("rollcall-old", "rollcall-link", "rehearsal"):
        os.utime(state / name, (0, 0), follow_symlinks=False)
    diff_intents(Project(manifests), "HEAD")
    assert {path.name for path in state.iterdir()} == {
        ".gitignore",
        "rehearsal",
        "rollcall-link",
        "rollcall-new",
    }
    assert (outside / "file").exists()
