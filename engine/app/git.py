"""Questions to git about the repository that the manifests lie in. Nothing is written, nothing is fetched."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from engine.manifest.suggest import did_you_mean
from engine.model.words import quoted

SECONDS = 60.0  # for one answer

# Its messages in English, no questions to a terminal, no locks, no objects fetched from elsewhere, and none
# put in the place of others.
_ENVIRONMENT = {
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_NO_REPLACE_OBJECTS": "1",
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
# A repository's own settings can name programs that git would start.
_NO_PROGRAMS = ("-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")


class GitProblem(Exception):
    """Git did not answer, or said no: `str()` is what it said, in one line."""


@dataclass(frozen=True, slots=True)
class Repository:
    """The git repository that a folder lies in."""

    top: Path  # absolute: the folder of the work tree
    prefix: str  # of the folder below the top, with forward slashes and one at the end; empty at the top


def repository_of(folder: Path) -> Repository:
    """The repository of a folder.

    Raises:
        GitProblem: there is no git, or the folder lies in no work tree.
    """
    said = ask_git(folder, "rev-parse", "--show-toplevel", "--show-prefix").decode(errors="surrogateescape")
    top, prefix = said.split("\n")[:2]
    return Repository(Path(top), prefix)


def git_command(folder: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """What to start, and in which environment.

    Raises:
        GitProblem: there is no git.
    """
    git = shutil.which("git")
    if git is None:
        raise GitProblem("there is no git on this computer")
    return [git, "-C", str(folder), *_NO_PROGRAMS, *arguments], os.environ | _ENVIRONMENT


def ask_git(folder: Path, *arguments: str) -> bytes:
    """What git prints.

    Raises:
        GitProblem: see there.
    """
    command, environment = git_command(folder, *arguments)
    try:
        done = subprocess.run(  # noqa: S603 - no shell; what people gave is checked before or comes after `--`
            command, capture_output=True, check=False, timeout=SECONDS, env=environment
        )
    except OSError as error:
        raise GitProblem(f"git cannot be started: {error.strerror}") from None
    except subprocess.TimeoutExpired:
        raise GitProblem(f"git gave no answer in {SECONDS:.0f} s") from None
    if done.returncode:
        raise GitProblem(said_by(done.stderr) or f"git ended with {done.returncode}")
    return done.stdout


def said_by(stderr: bytes) -> str:
    """Git's complaint without its own prefix, in one line."""
    return " ".join(stderr.decode(errors="replace").split()).removeprefix("fatal: ")


def commit_of(folder: Path, revision: str) -> str:
    """The name of the commit that a revision means: a branch, a tag, a commit, `HEAD~3` and so on.

    Raises:
        GitProblem: there is no such commit in this clone; the message says what may help.
    """
    try:
        if revision.startswith("-"):  # an option, not a revision
            raise GitProblem(revision)
        return ask_git(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}").decode().strip()
    except GitProblem:
        raise GitProblem(f"there is no revision {quoted(revision)}{_instead(folder, revision)}") from None


def _instead(folder: Path, revision: str) -> str:
    """What may have been meant, or why it may not be there."""
    listed = ask_git(folder, "for-each-ref", "--count=5000", "--format=%(refname:short)").decode(
        errors="replace"
    )
    known = listed.split()
    elsewhere = [name for name in known if name.endswith(f"/{revision}")]
    hint = f"did you mean `{elsewhere[0]}`?" if elsewhere else did_you_mean(revision, known)
    if hint:
        return f" ({hint})"
    if ask_git(folder, "rev-parse", "--is-shallow-repository").strip() == b"true":
        return (
            "; this clone is shallow and lacks older commits: fetch them with `git fetch --unshallow`, or "
            "let the pipeline check out with a depth of 0"
        )
    return ""
