"""Use case: put manifests into their canonical form."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.app.beside import ChangedMeanwhile, replace_file
from engine.app.errors import NotAManifest
from engine.app.project import Project
from engine.manifest.files import place, walk_yaml
from engine.manifest.roundtrip.rewriting import (
    NotRewritten,
    Source,
    formatted,
    read_source,
)
from engine.model.origin import Finding


@dataclass(frozen=True, slots=True)
class Reformatted:
    """A file whose form is not the canonical one, with both texts (line feeds only)."""

    file: str
    before: str
    after: str

    def diff(self) -> str:
        """The change in the unified form, as `git diff` shows it."""
        lines = difflib.unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            f"a/{self.file}",
            f"b/{self.file}",
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )


@dataclass(frozen=True, slots=True)
class Formatting:
    """What was looked at, what is (or was) not in the canonical form, and what could not be formatted."""

    files: int
    changed: tuple[Reformatted, ...]
    findings: tuple[Finding, ...]


def format_manifests(project: Project, paths: Sequence[Path] = (), *, write: bool) -> Formatting:
    """Format the files at `paths`, or all; without `write` only tell which ones would change.

    A file with a mistake is told about and left alone; the others are formatted all the same.

    Raises:
        NotAManifest: a path is not below the manifests folder, does not exist or is no .yaml file.
    """
    root = project.manifests.resolve()
    findings: list[Finding] = []
    changed: list[Reformatted] = []
    files = sorted({file for path in paths or (root,) for file in _files(root, path, findings)})
    for file in files:
        source, problems = read_source(root, file)
        findings.extend(problems)
        if source is not None and (change := _reformat(source, findings, write=write)) is not None:
            changed.append(change)
    return Formatting(len(files), tuple(changed), tuple(sorted(set(findings))))


def _files(root: Path, path: Path, findings: list[Finding]) -> Iterator[str]:
    whole = path.absolute() if path.is_symlink() else path.resolve()
    if not whole.is_relative_to(root):
        raise NotAManifest(f"{path} is not below {root}")
    relative = whole.relative_to(root).as_posix()
    if path.is_dir():
        found: list[Finding] = []
        yield from walk_yaml(root, relative, found)
        # Which files are no manifests is what `validate` tells: installers and pictures are none either.
        findings.extend(finding for finding in found if finding.rule != "file-name")
    elif not path.exists():
        raise NotAManifest(f"{path} does not exist")
    elif path.suffix != ".yaml":
        raise NotAManifest(f"{path} is no manifest: their names end in .yaml")
    else:
        yield relative


def _reformat(source: Source, findings: list[Finding], *, write: bool) -> Reformatted | None:
    origin = place(source.root, source.file)
    try:
        data = formatted(source)
    except NotRewritten as why:
        message = f"the file is left as it is: {why}"
        findings.append(Finding(origin, "not-formatted", message, "write this part in a plainer way"))
        return None
    if data == source.data:
        return None
    if write:
        try:
            replace_file(source.path, data, was=source.data)
        except ChangedMeanwhile:
            message = "the file was changed by somebody else just now, and is left as it is"
            findings.append(Finding(origin, "not-formatted", message, "format it again"))
            return None
        except OSError as error:
            message = f"the file cannot be written: {error.strerror or error}"
            findings.append(Finding(origin, "file-unwritable", message))
            return None
    before = source.data.decode("utf-8", "replace").replace("\r\n", "\n")
    return Reformatted(origin.file, before, data.decode().replace("\r\n", "\n"))
