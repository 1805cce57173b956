"""Files of a commit, written into a folder as they are, whatever the commit holds.

Blobs are read one by one: attributes, filters and line endings of the repository change nothing, and no
program that it names is started. Names that lead elsewhere are refused before anything is written.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import IO, Literal

from engine.app.history.blobs import is_pointed_to, is_same
from engine.app.history.git import SECONDS, GitProblem, ask_git, git_command
from engine.compiler.pastmedia import POINTER_LIMIT

FILES_LIMIT = 50_000
BYTES_LIMIT = 8 * 1024**3  # of all files together
_LISTING_LIMIT = 64 * 1024**2  # bytes
_LINKED_FROM = 256 * 1024  # bytes; smaller files are written sooner than compared
_CHUNK = 1024 * 1024
_MODES: dict[bytes, Literal["file", "link", "submodule"]] = {
    b"100644": "file",
    b"100664": "file",
    b"100755": "file",
    b"120000": "link",
    b"160000": "submodule",
}
_ENTRY = re.compile(rb"([0-9]{6}) [a-z]+ ([0-9a-f]{40,64}) +([0-9]+|-)\t(.+)", re.DOTALL)
_LINK_LIMIT = 4096  # bytes of a link's target


@dataclass(frozen=True, slots=True)
class TreeEntry:
    """One file of a commit."""

    path: str  # from the top of the repository, with forward slashes
    type: Literal["file", "link", "submodule"]
    blob: str
    size: int  # bytes


def tree_entries(top: Path, commit: str, folder: str) -> tuple[TreeEntry, ...]:
    """The files of a commit below a folder (empty: all of them), by path.

    Raises:
        GitProblem: git cannot say, or there are more files, or bigger ones, than manifests have.
    """
    entries = tuple(map(_entry, _listing(top, commit, folder)))
    if len(entries) > FILES_LIMIT:
        raise GitProblem(f"{commit[:12]} holds more than {FILES_LIMIT:,} files below {folder or 'its top'}")
    if sum(entry.size for entry in entries) > BYTES_LIMIT:
        raise GitProblem(
            f"the files of {commit[:12]} below {folder or 'its top'} have more than "
            f"{BYTES_LIMIT // 1024**3} GiB together"
        )
    return entries


def folders_with(top: Path, commit: str, name: str, expected: str) -> tuple[str, ...]:
    """The folders of a commit that hold a file of this name, from the top: `expected` where it does.

    The other files of the repository are nobody's concern: they may have any names and sizes.

    Raises:
        GitProblem: git cannot say.
    """
    if any(_listing(top, commit, f"{expected}/{name}" if expected else name)):
        return (expected,)
    found = (_ENTRY.fullmatch(raw) for raw in _listing(top, commit, ""))
    paths = (each[4].split(b"/") for each in found if each is not None and each[1].startswith(b"100"))
    return tuple(os.fsdecode(b"/".join(path[:-1])) for path in paths if path[-1] == name.encode())


def _listing(top: Path, commit: str, path: str) -> Iterator[bytes]:
    """What a commit has at and below a path (empty: everything), as git lists it."""
    paths = ("--", f":(literal){path}") if path else ()
    listing = ask_git(top, "ls-tree", "-r", "-z", "-l", "--full-tree", commit, *paths)
    if len(listing) > _LISTING_LIMIT:
        raise GitProblem(f"{commit[:12]} holds too many files below {path or 'its top'} for a district")
    return filter(None, listing.split(b"\0"))


def _entry(raw: bytes) -> TreeEntry:
    found = _ENTRY.fullmatch(raw)
    kind = _MODES.get(found[1]) if found is not None else None
    if found is None or kind is None:
        raise GitProblem("git lists something that is no file")
    path = os.fsdecode(found[4])
    parts = path.split("/")
    if any(part in ("", ".", "..") or part.casefold() == ".git" or "\\" in part for part in parts):
        raise GitProblem(f"the commit holds a file with a name that leads elsewhere: {path}")
    return TreeEntry(path, kind, found[2].decode(), 0 if found[3] == b"-" else int(found[3]))


def write_tree(top: Path, entries: Sequence[TreeEntry], into: Path, below: str, same: Path | None) -> None:
    """Write files below the folder `below` of the repository into the folder `into`, which is to be new.

    A big file that is the very same in the folder `same` is linked from there where the file system can, so
    that installers need not be copied. Links of the commit become links, once everything else is written.

    Raises:
        GitProblem: an object is missing, or the commit holds what cannot be looked at.
        OSError: the folder cannot be written.
    """
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _blobs(top) as blobs:
        for entry in sorted(entries, key=lambda entry: entry.type == "link"):
            if entry.type == "submodule":
                raise GitProblem(f"{entry.path} is a submodule; what it holds cannot be compared")
            path = into / PurePosixPath(entry.path).relative_to(below or ".")
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if not path.parent.resolve().is_relative_to(into.resolve()):
                raise GitProblem(f"the commit holds a file below a link: {entry.path}")
            if entry.type == "link":
                _link(path, b"".join(blobs.read(entry, _LINK_LIMIT)))
            elif same is None or not _linked(entry, same / path.relative_to(into), path):
                with path.open("xb") as stream:
                    stream.writelines(blobs.read(entry, BYTES_LIMIT))


def _link(path: Path, target: bytes) -> None:
    if b"\0" in target or not target:
        raise GitProblem(f"the commit holds a link that leads nowhere: {path.name}")
    path.symlink_to(os.fsdecode(target))


def _linked(entry: TreeEntry, known: Path, path: Path) -> bool:
    """Whether the file could be put there from one that holds the same, or what its pointer stands for.

    Of Git LFS a commit has pointers only. Where the file is the one that is meant, it is no change.
    """
    try:
        if known.is_symlink() or not known.is_file():
            return False
        if entry.size <= POINTER_LIMIT:
            if not is_pointed_to(known, entry):
                return False
        elif entry.size < _LINKED_FROM or not is_same(known, entry):
            return False
        os.link(known, path)
    except OSError:  # another file system, or one without links
        return False
    return True


class _Blobs:
    """A running `git cat-file --batch`, asked for one blob after the other."""

    def __init__(self, asked: IO[bytes], answers: IO[bytes]) -> None:
        self._asked = asked
        self._answers = answers

    def read(self, entry: TreeEntry, limit: int) -> Iterator[bytes]:
        """A blob's bytes, in pieces."""
        self._asked.write(f"{entry.blob}\n".encode())
        self._asked.flush()
        head = self._answers.readline(1024).split()
        if len(head) != 3 or head[1] != b"blob" or int(head[2]) != entry.size:
            raise GitProblem(
                f"this clone does not hold {entry.path}: it was cloned with --filter; fetch it first"
            )
        if entry.size > limit:
            raise GitProblem(f"{entry.path} is bigger than {limit:,} bytes")
        left = entry.size
        while left:
            chunk = self._answers.read(min(left, _CHUNK))
            if not chunk:
                raise GitProblem("git ended in the middle of a file")
            left -= len(chunk)
            yield chunk
        self._answers.read(1)  # the line feed after each


@contextmanager
def _blobs(top: Path) -> Iterator[_Blobs]:
    command, environment = git_command(top, "cat-file", "--batch")
    try:
        process = subprocess.Popen(  # noqa: S603 - no shell, fixed arguments
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
    except OSError as error:
        raise GitProblem(f"git cannot be started: {error.strerror}") from None
    with process:
        if process.stdin is None or process.stdout is None:
            raise GitProblem("git cannot be talked to")
        try:
            yield _Blobs(process.stdin, process.stdout)
            process.stdin.close()
            process.wait(SECONDS)
        except (BrokenPipeError, subprocess.TimeoutExpired) as error:
            raise GitProblem("git ended before all files were read") from error
        finally:
            process.kill()
