"""Which manifests a plan was made from."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath

from engine.app.history.blobs import is_checked_out, is_link_to
from engine.app.history.git import GitProblem, Repository, ask_git, commit_of, repository_of
from engine.app.history.gitfiles import TreeEntry, tree_entries
from engine.app.project import Project


def revision_of(project: Project) -> str:
    """The commit, where the manifests and templates are as committed; else a digest of the files.

    They are as committed where every file of the commit is there as a checkout would write it, and no other
    one but those that git is told to ignore. `git status` is not asked: it starts the filters that a
    repository's settings name.
    """
    try:
        repository = repository_of(project.manifests)
        commit = commit_of(project.manifests, "HEAD")
        if _is_committed(repository.top, commit, _folders(repository)):
            return commit
    except (GitProblem, OSError):
        pass  # no git, no repository, no commit yet, or a file that cannot be read
    folders = [f for f in (project.manifests, project.folder / "templates") if f.is_dir()]
    return f"files-{_digest(folders)[:40]}"


def _folders(repository: Repository) -> tuple[str, ...]:
    """The manifests and the templates, from the repository's top; an empty one is the top itself."""
    if not repository.prefix:  # what is beside the top has no history
        return ("",)
    manifests = PurePosixPath(repository.prefix)
    return str(manifests), str(manifests.with_name("templates"))


def _is_committed(top: Path, commit: str, folders: Sequence[str]) -> bool:
    known = {entry.path: entry for folder in folders for entry in tree_entries(top, commit, folder)}
    there = {path for folder in folders for path in _files(top, folder)}
    if known.keys() - there:
        return False
    more = there - known.keys()
    if more and more - _ignored(top, folders):
        return False
    return all(_is_as_in(top, entry) for entry in known.values())


def _is_as_in(top: Path, entry: TreeEntry) -> bool:
    path = top / entry.path
    if entry.type == "file":
        return not path.is_symlink() and path.is_file() and is_checked_out(path, entry)
    return entry.type == "link" and path.is_symlink() and is_link_to(path, entry)


def _files(top: Path, folder: str) -> Iterator[str]:
    """The files below a folder of the repository, from its top; links are not followed."""
    for here, folders, names in os.walk(top / folder):
        at = Path(here)
        links = [name for name in folders if (at / name).is_symlink()]
        folders[:] = [name for name in folders if name not in links and name.casefold() != ".git"]
        for name in (*names, *links):
            if name.casefold() != ".git":
                yield (at / name).relative_to(top).as_posix()


def _ignored(top: Path, folders: Sequence[str]) -> frozenset[str]:
    """The files that git is told to ignore."""
    paths = [f":(literal){folder}" if folder else "." for folder in folders]
    listed = ask_git(top, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", *paths)
    return frozenset(os.fsdecode(raw) for raw in listed.split(b"\0") if raw)


def _digest(folders: list[Path]) -> str:
    """SHA-256 over the names and contents of all files, in order of name."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(p for p in folder.rglob("*") if p.is_file()):
            name = path.relative_to(folder.parent).as_posix().encode()
            with path.open("rb") as stream:
                content = hashlib.file_digest(stream, "sha256").digest()
            digest.update(len(name).to_bytes(4, "big") + name + content)
    return digest.hexdigest()
