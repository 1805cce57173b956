"""Small git repositories for tests. Nothing of the user's own settings is used."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

_ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_AUTHOR_NAME": "A Teacher",
    "GIT_AUTHOR_EMAIL": "teacher@school.example",
    "GIT_COMMITTER_NAME": "A Teacher",
    "GIT_COMMITTER_EMAIL": "teacher@school.example",
}


def git(folder: Path, *arguments: str, given: bytes = b"") -> str:
    """Run git in a folder; what it prints, without the last line feed."""
    done = subprocess.run(
        ["git", "-C", str(folder), *arguments],  # noqa: S607  the git of this computer
        input=given,
        env=os.environ | _ENVIRONMENT,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode(errors="surrogateescape").removesuffix("\n")


def repository(folder: Path) -> Path:
    """Make a repository with a first branch `main`."""
    folder.mkdir(parents=True, exist_ok=True)
    git(folder, "init", "--quiet", "--initial-branch=main", ".")
    return folder


def commit(folder: Path, message: str = "change") -> str:
    """Commit everything; the commit's name."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", message)
    return git(folder, "rev-parse", "HEAD")


def commit_tree(folder: Path, entries: list[tuple[str, str, str, bytes]]) -> str:
    """Commit a tree as it is given, also one that git itself would not make.

    Each entry: mode, type, name, and the name of its object in hexadecimal, as ASCII bytes.
    """
    raw = b"".join(
        f"{mode.lstrip('0')} {name}".encode() + b"\0" + bytes.fromhex(blob.decode())
        for mode, _, name, blob in entries
    )
    tree = git(folder, "hash-object", "-t", "tree", "-w", "--stdin", "--literally", given=raw)
    return git(folder, "commit-tree", tree, "-m", "odd")


def blob(folder: Path, data: bytes) -> bytes:
    """Store a blob; its name."""
    return git(folder, "hash-object", "-w", "--stdin", given=data).encode()
