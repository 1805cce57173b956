"""Questions to git about the repository that the manifests lie in. Nothing is written, nothing is fetched."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
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
# What says which repository, index or objects are meant, whatever folder is asked about: a hook or
# a `git rebase --exec` hands them on. As `git rev-parse --local-env-vars` lists them, and how paths are read.
_NOT_HANDED_ON = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_CONFIG",
        "GIT_CONFIG_COUNT",
        "GIT_CONFIG_PARAMETERS",
        "GIT_DIR",
        "GIT_GLOB_PATHSPECS",
        "GIT_GRAFT_FILE",
        "GIT_ICASE_PATHSPECS",
        "GIT_IMPLICIT_WORK_TREE",
        "GIT_INDEX_FILE",
        "GIT_INTERNAL_SUPER_PREFIX",
        "GIT_LITERAL_PATHSPECS",
        "GIT_NAMESPACE",
        "GIT_NOGLOB_PATHSPECS",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
_PROGRAM = "git.exe" if os.name == "nt" else "git"
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
    handed_on = {name: value for name, value in os.environ.items() if name not in _NOT_HANDED_ON}
    return [str(_program(folder)), "-C", str(folder), *_NO_PROGRAMS, *arguments], handed_on | _ENVIRONMENT


def _program(folder: Path) -> Path:
    """The git of this computer.

    Only folders that PATH names in full are looked at, and none that a repository may fill: not the current
    folder, where Windows would look first, nor the work tree that is asked about.
    """
    filled = [each for each in (Path.cwd(), _work_tree(folder.resolve())) if each != each.parent]
    for place in _search_path():
        program = place / _PROGRAM
        if not (program.is_file() and os.access(program, os.X_OK)):
            continue
        if not any(path.is_relative_to(each) for path in (place, program.resolve()) for each in filled):
            return program
    raise GitProblem(
        "there is no git on this computer; one in the current folder or among the manifests is not used"
    )


def _search_path() -> Iterator[Path]:
    for text in os.environ.get("PATH", os.defpath).split(os.pathsep):
        place = Path(text)
        if place.is_absolute():
            yield place.resolve()


def _work_tree(folder: Path) -> Path:
    """The nearest folder that looks like a repository's; else the one that holds the manifests."""
    above = (each for each in (folder, *folder.parents) if (each / ".git").exists())
    return next(above, folder.parent)


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
