"""The two states of the manifests that are compared: as they are in the folder, and as commits have them."""

from __future__ import annotations

import os
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from engine.app.errors import NotComparable
from engine.app.history.git import GitProblem, Repository, ask_git, commit_of, repository_of
from engine.app.history.gitfiles import folders_with, tree_entries, write_tree
from engine.app.project import DISTRICT_FILE, Project, make_state

WORKING_TREE = "working tree"
_TEMPLATES = "templates"
_PREFIX = "rollcall-"
_OLD = 24 * 60 * 60  # seconds; no command takes so long


@dataclass(frozen=True, slots=True)
class Side:
    """One state of the manifests, as files."""

    name: str  # for people: the revision as it was asked for, or `working tree`
    commit: str  # or `working tree`
    manifests: Path
    templates: Path


@contextmanager
def both_sides(project: Project, base: str, head: str | None) -> Iterator[tuple[Side, Side]]:
    """The manifests at two revisions; without `head`, as they are in the folder now.

    Commits are written into a private folder, which is removed at the end.

    Raises:
        NotComparable: there is no repository or revision, or no manifests in it.
    """
    try:
        repository = repository_of(project.manifests)
        commits = [(name, commit_of(project.manifests, name)) for name in (base, head) if name is not None]
        with tempfile.TemporaryDirectory(prefix=_PREFIX, dir=_place_beside(project)) as folder:
            sides = [
                _written(project, repository, name, commit, Path(folder) / str(number))
                for number, (name, commit) in enumerate(commits)
            ]
            if head is None:
                sides.append(Side(WORKING_TREE, WORKING_TREE, project.manifests, project.folder / _TEMPLATES))
            yield sides[0], sides[1]
    except GitProblem as problem:
        raise NotComparable(str(problem)) from None


def _place_beside(project: Project) -> Path | None:
    """A folder on the file system of the manifests, so that big files can be linked; else any."""
    try:
        state = make_state(project.state)
        _sweep(state)
    except OSError:
        return None
    return state


def _sweep(state: Path) -> None:
    """Remove folders of commands that were ended before they could do it. Links are not followed."""
    for path in state.glob(f"{_PREFIX}*"):
        about = path.lstat()
        if stat.S_ISDIR(about.st_mode) and time.time() - about.st_mtime > _OLD:
            shutil.rmtree(path, ignore_errors=True)


def _written(project: Project, repository: Repository, name: str, commit: str, into: Path) -> Side:
    top = repository.top
    below = _manifests_in(repository, name, commit)
    manifests = into / (PurePosixPath(below).name or project.manifests.name)
    templates = into / _TEMPLATES
    templates.mkdir(parents=True)
    try:
        write_tree(top, tree_entries(top, commit, below), manifests, below, project.manifests)
        if below:
            beside = str(PurePosixPath(below).with_name(_TEMPLATES))
            write_tree(top, tree_entries(top, commit, beside), templates, beside, None)
        else:  # the repository is the manifests folder: what is beside it has no history
            templates = project.folder / _TEMPLATES
        _add_ignored(project, manifests)
    except OSError as error:
        raise NotComparable(f"the files of {name} cannot be written: {error.strerror}") from None
    return Side(name, commit, manifests, templates)


def _manifests_in(repository: Repository, name: str, commit: str) -> str:
    """Where a commit has the manifests: where they are now, or the one place that they were moved from."""
    now = repository.prefix.rstrip("/")
    districts = folders_with(repository.top, commit, DISTRICT_FILE, now)
    if len(districts) == 1:
        return districts[0]
    if not districts:
        raise NotComparable(f"{name} has no {DISTRICT_FILE}, so there is nothing to compare with")
    raise NotComparable(
        f"{name} has no {now}/{DISTRICT_FILE}, but others: {', '.join(sorted(districts)[:5])}"
    )


def _add_ignored(project: Project, manifests: Path) -> None:
    """Files that git is told to ignore, such as installers, have no history: both sides have the same."""
    listed = ask_git(
        project.manifests, "ls-files", "-z", "--others", "--ignored", "--exclude-standard", "--", "."
    )
    for raw in listed.split(b"\0"):
        relative = os.fsdecode(raw)
        known, path = project.manifests / relative, manifests / relative
        if not relative or os.path.lexists(path) or path.suffix in (".yaml", ".yml") or not _is_plain(known):
            continue
        if not path.parent.resolve().is_relative_to(manifests.resolve()):
            continue  # the commit has a link there that leads out
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        except (FileExistsError, NotADirectoryError):
            continue  # the commit has a file there
        try:
            os.link(known, path)
        except OSError:
            _copy(known, path)


def _copy(known: Path, path: Path) -> None:
    """Copy a file to a place where nothing is, not even a link that leads nowhere."""
    with known.open("rb") as stream, path.open("xb") as copy:
        shutil.copyfileobj(stream, copy)


def _is_plain(path: Path) -> bool:
    return path.is_file() and not path.is_symlink()
