"""Which manifests a plan was made from."""

from __future__ import annotations

import hashlib
from pathlib import Path

from engine.app.git import GitProblem, ask_git
from engine.app.project import Project


def revision_of(project: Project) -> str:
    """The commit, where the manifests and templates are as committed; else a digest of the files."""
    folders = [f for f in (project.manifests, project.manifests.parent / "templates") if f.is_dir()]
    try:
        commit = ask_git(project.manifests, "rev-parse", "--verify", "HEAD^{commit}").decode().strip()
        if not ask_git(project.manifests, "status", "--porcelain", "--", *map(str, folders)):
            return commit
    except GitProblem:
        pass  # no git, no repository, or no commit yet
    return f"files-{_digest(folders)[:40]}"


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
