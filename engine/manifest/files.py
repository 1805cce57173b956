"""Files of the manifests folder, read with suspicion: size, encoding, links out of the tree."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

from engine.manifest import limits
from engine.manifest.confidential import confidential_lines
from engine.manifest.opening import open_regular
from engine.model.origin import Finding, Origin

_UTF8_MARK = b"\xef\xbb\xbf"
# What editors and other tools make of `.yaml`, without case.
_ENDINGS = (".yaml.txt", ".yml.txt", ".yaml", ".yml", ".json")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


def place(root: Path, relative: str, line: int = 1, column: int = 1) -> Origin:
    """A place in a file below `root`, told as people see it: with the folder's own name before it."""
    return Origin(str(PurePosixPath(root.name, relative)), line, column)


def read_text(root: Path, relative: str) -> tuple[str, Finding | None]:
    """The text of a file below `root`, or why it may not be read.

    `root` must be resolved. A UTF-8 byte order mark, as Windows Notepad writes it, is dropped; line endings
    become line feeds.
    """
    data, problem = read_bytes(root, relative, limits.FILE_BYTES)
    return ("", problem) if problem is not None else decoded(root, relative, data)


def decoded(root: Path, relative: str, data: bytes) -> tuple[str, Finding | None]:
    """The text that a file's bytes are, as `read_text` gives it, or why they are none."""
    data = data.removeprefix(_UTF8_MARK)
    if data.startswith(_UTF16):
        return "", _finding(root, relative, "file-encoding", "the file is in UTF-16", "save it as UTF-8")
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        return "", _not_utf_8(root, relative, data, error.start)
    return text.replace("\r\n", "\n").replace("\r", "\n"), None


def _not_utf_8(root: Path, relative: str, data: bytes, at: int) -> Finding:
    """Where the first byte is that cannot be read, counted in characters as everywhere."""
    before = _lines(data[:at].decode())
    number = len(before)
    message = f"the byte 0x{data[at]:02X} is not UTF-8"
    confidential = confidential_lines(_lines(data.decode("utf-8", errors="replace")))
    origin = replace(
        place(root, relative, number, len(before[-1]) + 1), is_confidential=number in confidential
    )
    return Finding(origin, "file-encoding", message, "save the file as UTF-8")


def _lines(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def read_bytes(root: Path, relative: str, limit: int) -> tuple[bytes, Finding | None]:
    """The bytes of a file below `root`; never more than `limit`, never through a link out of the tree."""
    path = root / relative
    try:
        if not path.resolve(strict=True).is_relative_to(root):
            message = "the path leads out of the folder, by a link or by `..`"
            return b"", _finding(
                root, relative, "file-outside", message, "keep the file itself in the folder"
            )
        with open_regular(path) as stream:
            data = stream.read(limit + 1)
    except RuntimeError:  # a loop of links, before Python 3.13
        return b"", _finding(
            root, relative, "file-unreadable", "the file is a link that leads back to itself"
        )
    except OSError as error:
        message = f"the file cannot be read: {error.strerror or type(error).__name__}"
        return b"", _finding(root, relative, "file-unreadable", message, "")
    if len(data) > limit:
        return b"", _finding(
            root, relative, "file-size", f"the file is bigger than {limit:,} bytes", "split it"
        )
    return data, None


def walk_yaml(root: Path, relative: str, findings: list[Finding]) -> Iterator[str]:
    """The .yaml files below a folder, sorted, as paths relative to `root` with forward slashes."""
    seen = 0
    for folder, folders, names in os.walk(root / relative):
        here = Path(folder)
        depth = len(here.relative_to(root).parts)
        _drop_folders(root, here, folders, depth, findings)
        for name in sorted(names):
            path = (here / name).relative_to(root).as_posix()
            if _is_hidden(name):
                continue
            seen += 1
            if seen > limits.FILES:
                findings.append(_finding(root, path, "file-limit", f"more than {limits.FILES:,} files"))
                return
            if name.endswith(".yaml"):
                yield path
            else:
                findings.append(no_manifest(root, path))


def no_manifest(root: Path, file: str) -> Finding:
    """What is said of a file in a folder for manifests that is none by its name: nobody would read it."""
    name = PurePosixPath(file).name
    ending = next((each for each in _ENDINGS if name.casefold().endswith(each)), None)
    if ending is None:
        message, fix = "this is no manifest, so nobody would read it", "move it to another folder"
    else:
        message, fix = "manifests end in .yaml", f"rename it to {name[: -len(ending)]}.yaml"
    return _finding(root, file, "file-name", message, fix)


def other_files(root: Path, folder: str) -> Iterator[str]:
    """The visible files directly in a folder that are no manifests by their names, sorted."""
    try:
        entries = sorted(entry.name for entry in (root / folder).iterdir() if not entry.is_dir())
    except OSError:
        return
    for name in entries:
        if not name.endswith(".yaml") and not _is_hidden(name):
            yield f"{folder}/{name}"


def _is_hidden(name: str) -> bool:
    """Whether people do not see the file: the last two are what Windows leaves in folders."""
    return name.startswith(".") or name.casefold() in ("thumbs.db", "desktop.ini")


def _drop_folders(root: Path, here: Path, folders: list[str], depth: int, findings: list[Finding]) -> None:
    """Links to folders are not followed: say so instead of silently leaving their files out."""
    for name in list(folders):
        path = here / name
        if path.is_symlink():
            relative = path.relative_to(root).as_posix()
            findings.append(_finding(root, relative, "file-outside", "links to folders are not followed"))
    folders[:] = sorted(
        name
        for name in folders
        if not name.startswith(".") and not (here / name).is_symlink() and depth < limits.FOLDER_DEPTH
    )


def _finding(root: Path, file: str, rule: str, message: str, suggestion: str = "") -> Finding:
    return Finding(place(root, file), rule, message, suggestion)
