"""New and changed manifests: checked as text first, then written in one move."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from engine.app.beside import ChangedMeanwhile, create_file, replace_file
from engine.app.errors import InvalidInput, NotWritten, WouldReplace
from engine.manifest.files import place
from engine.manifest.nodes import Node
from engine.manifest.roundtrip.layout import Collection
from engine.manifest.roundtrip.reading import NoLayout, read_layout
from engine.manifest.roundtrip.rewriting import NotRewritten, Source, drawn, in_line_endings
from engine.manifest.schema import check
from engine.manifest.yaml import parse_yaml
from engine.model.origin import Finding


@dataclass(frozen=True, slots=True)
class Draft:
    """A manifest to be written. `source` is the file as it is now; None where it is new."""

    root: Path
    file: str  # relative to `root`, with forward slashes
    text: str  # with line feeds
    source: Source | None = None

    @property
    def path(self) -> Path:
        return self.root / self.file if self.source is None else self.source.path

    def diff(self) -> str:
        """What changes, in the unified form, as `git diff` shows it."""
        name = place(self.root, self.file).file
        before = [] if self.source is None else self.source.text.splitlines(keepends=True)
        lines = difflib.unified_diff(
            before,
            self.text.splitlines(keepends=True),
            "/dev/null" if self.source is None else f"a/{name}",
            f"b/{name}",
        )
        return "".join(line if line.endswith("\n") else f"{line}\n" for line in lines)


@dataclass(frozen=True, slots=True)
class Started:
    """A new file, what should be known about it, and what is not right yet."""

    file: str  # as places name it
    notes: tuple[str, ...] = ()
    findings: tuple[Finding, ...] = ()


def checked_draft(root: Path, file: str, text: str, model: type[BaseModel], what: str) -> Draft:
    """A new file in the canonical form, whose text fits the model.

    Raises:
        InvalidInput: it does not; the findings say why, at places of the file that would have been written.
        NotWritten: its folder is a link that leads out of the manifests.
        WouldReplace: the file is there already.
    """
    if not (root / file).parent.resolve().is_relative_to(root):
        raise NotWritten(f"{place(root, file).file} would be outside of the manifests, by a link")
    if (root / file).exists() or (root / file).is_symlink():
        raise WouldReplace(f"{place(root, file).file} is there already; nothing was written")
    node = _checked(root, file, text, model, what)
    return Draft(root, file, _in_form(text, node))


def changed_draft(
    source: Source, layout: Collection, meant: Node, model: type[BaseModel], what: str
) -> Draft:
    """A file that is there, with a layout that was changed and must mean `meant`.

    Raises:
        InvalidInput: what is meant does not fit the model.
        NotWritten: the layout means something else.
    """
    try:
        text = drawn(layout, meant)
    except NotRewritten as why:
        name = place(source.root, source.file).file
        raise NotWritten(f"{name} is left as it is: {why}; make this change by hand") from None
    _checked(source.root, source.file, text, model, what)
    return Draft(source.root, source.file, text, source)


def save(draft: Draft) -> None:
    """Write a draft.

    Raises:
        NotWritten: the file was changed by somebody else in the meantime, or cannot be written.
        WouldReplace: a new one's place was taken in the meantime.
    """
    name = place(draft.root, draft.file).file
    try:
        if draft.source is None:
            create_file(draft.path, draft.text.encode())
        else:
            data = in_line_endings(draft.text, draft.source.data)
            replace_file(draft.path, data, was=draft.source.data)
    except ChangedMeanwhile:
        raise NotWritten(f"{name} was changed by somebody else just now; nothing was written") from None
    except FileExistsError:
        raise WouldReplace(f"{name} is there already; nothing was written") from None
    except OSError as error:
        raise NotWritten(f"{name} cannot be written: {error.strerror or error}") from None


def _checked(root: Path, file: str, text: str, model: type[BaseModel], what: str) -> Node:
    node, findings = parse_yaml(text, place(root, file).file)
    if node is None or findings:
        raise InvalidInput(findings)
    document, findings = check(model, node, what)
    if document is None:
        raise InvalidInput(findings)
    return node


def _in_form(text: str, node: Node) -> str:
    try:
        return drawn(read_layout(text), node)
    except (NoLayout, NotRewritten) as why:
        raise NotWritten(f"the new text cannot be put into its form: {why}") from None
