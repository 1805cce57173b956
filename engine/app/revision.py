"""Which manifests a plan was made from."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from engine.app.project import Project

_GIT_SECONDS = 20.0


def revision_of(project: Project) -> str:
    """The commit, where the manifests and templates are as committed; else a digest of the files."""
    folders = [f for f in (project.manifests, project.manifests.parent / "templates") if f.is_dir()]
    commit = _git(project.manifests, "rev-parse", "HEAD")
    if commit and _git(project.manifests, "status", "--porcelain", "--", *map(str, folders)) == "":
        return commit
    return f"files-{_digest(folders)[:40]}"


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints; None where there is no git or no repository."""
    git = shutil.which("git")
    if git is None:
        return None
    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments and our own folders
            [git, "-C", str(folder), *arguments],
            capture_output=True,
            check=True,
            timeout=_GIT_SECONDS,
            text=True,
        )
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return done.stdout.strip()


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
