"""Files: a template, a text or a file of the repository becomes the content that a host should have."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import ConfigDict, Field, model_validator

from engine.compiler.lowering.kinds import Entry, Lowered, Lowering, Sources
from engine.compiler.lowering.places import NO_PLACES, Places
from engine.compiler.media import MediaFile, MediaProblem, open_regular
from engine.kinds.encoding import Encoding, LineEndings, decode, encode
from engine.kinds.file import FileSpec, TextContent
from engine.manifest.documents.base import Document, Text
from engine.manifest.files import place, read_text
from engine.manifest.nodes import Entry as NodeEntry
from engine.manifest.nodes import MappingNode, ScalarNode, text_node
from engine.manifest.schema import check
from engine.manifest.templates import TemplateProblem
from engine.model.origin import Finding, Origin

_SHOWN = 64 * 1024  # bytes of a copied text that a plan carries itself
_TEXT_ENCODINGS: tuple[Encoding, ...] = ("utf-8-bom", "utf-16", "utf-8")
_LINE_ENDINGS: tuple[LineEndings, ...] = ("crlf", "lf")


class FileEntry(Document):
    """A file that a host should have, from exactly one of `template`, `text` and `source`."""

    model_config = ConfigDict(json_schema_extra={"exactly_one": ["template", "text", "source"]})

    path: Annotated[Text, Field(examples=[r"C:\ProgramData\BCPS\lab-rules.txt"])]
    """The file's full path on the host."""
    template: Annotated[Text | None, Field(examples=["welcome.txt.j2"])] = None
    """A file of the templates folder, rendered for the host."""
    text: Annotated[str | None, Field(examples=["Room {{ host.room }}\n"])] = None
    """The text itself."""
    source: Annotated[Text | None, Field(examples=["files/lab-rules.txt"])] = None
    """A file of the manifests folder, copied as it is."""
    encoding: Literal["utf-8", "utf-8-bom", "utf-16", "ascii", "cp1252"] | None = None
    """How a text is stored; by default `utf-8`."""
    line_endings: Literal["crlf", "lf"] | None = None
    """How the lines of a text end; by default `crlf`, as Windows' own programs expect."""

    @model_validator(mode="after")
    def _one_content(self) -> Self:
        given = [word for word in (self.template, self.text, self.source) if word is not None]
        if len(given) > 1:
            raise ValueError("give exactly one of `template`, `text` and `source`")
        if self.source is not None and (self.encoding or self.line_endings):
            raise ValueError("a `source` is copied as it is; `encoding` and `line_endings` are for texts")
        return self


def lower_file(entry: Entry, sources: Sources, /) -> Lowering:
    """The file's spec with its content."""
    file, findings = check(FileEntry, entry.body, entry.what)
    if file is None:
        return None, findings
    body = entry.body.only(("path",))
    places = _places(entry.body) if entry.present else NO_PLACES
    if entry.present:
        content, findings = _content(file, entry, sources)
        if content is None:
            return None, findings
        body = body.having("content", content)
    spec, findings = check(FileSpec, body, entry.what)
    return (None if spec is None else Lowered(spec, places=places)), findings


def _places(body: MappingNode) -> Places:
    """Where the content is named, and how it is stored. What `source` holds is not in a manifest."""
    places: dict[str, Origin] = {}
    for word in ("template", "text", "source"):
        if body.get(word) is not None:  # a small `source` becomes a text
            places = dict.fromkeys(("content", "content.text", "content.source"), body.at(word))
    for word in ("encoding", "line_endings"):
        if body.get(word) is not None:
            places[f"content.{word}"] = body.at(word)
    return places


def _content(
    file: FileEntry, entry: Entry, sources: Sources
) -> tuple[MappingNode | None, tuple[Finding, ...]]:
    body = entry.body
    if file.source is not None:
        return _source(file.source, body.place("source"), sources)
    if file.template is not None:
        origin, (text, problem) = body.place("template"), _render(file.template, entry, sources)
        if problem is not None:
            return None, (problem,)
    elif file.text is not None:
        origin, text = body.place("text"), file.text
    else:
        message = f"{entry.what} needs its content: `template`, `text` or `source`"
        return None, (Finding(body.origin, "missing-field", message),)
    content = _mapping(origin, {"type": "text", "text": text})
    for field in ("encoding", "line_endings"):
        value = body.get(field)
        content = content if value is None else content.having(field, value)
    return content, ()


def _mapping(origin: Origin, texts: dict[str, str]) -> MappingNode:
    entries = {key: NodeEntry(key, origin, text_node(text, origin)) for key, text in texts.items()}
    return MappingNode(entries, origin)


def _source(source: str, origin: Origin, sources: Sources) -> tuple[MappingNode | None, tuple[Finding, ...]]:
    try:
        found = sources.media.find(source)
        if (shown := small_text(found)) is not None:
            return _mapping(origin, shown.model_dump()), ()
        digest = sources.media.digest(found)
    except MediaProblem as problem:
        return None, (Finding(origin, "missing-file", str(problem)),)
    content = _mapping(origin, {"type": "source", "source": found.source, "sha256": digest})
    return content.having("size", ScalarNode(str(found.size), found.size, origin)), ()


def small_text(file: MediaFile) -> TextContent | None:
    """A small text file as text that stands for just its bytes; None where it is something else.

    A plan can show the lines of a text that change; of other files it shows the digest.
    """
    if file.size > _SHOWN:
        return None
    try:
        with open_regular(file.path, file.source) as stream:
            data = stream.read(_SHOWN + 1)
    except (MediaProblem, OSError):
        return None  # taking its digest will say why
    if len(data) != file.size:
        return None  # it has changed meanwhile, or a pointer of Git LFS stands for it
    for encoding in _TEXT_ENCODINGS:
        text = decode(data, encoding)
        if text is None or not text.replace("\n", "").replace("\r", "").replace("\t", "").isprintable():
            continue
        for endings in _LINE_ENDINGS:
            if encode(text, encoding, endings) == data:
                return TextContent(text=text, encoding=encoding, line_endings=endings)
    return None


def _render(name: str, entry: Entry, sources: Sources) -> tuple[str, Finding | None]:
    text, problem = template_text(name, entry.body.place("template"), sources)
    if problem is not None:
        return "", problem
    try:
        return sources.templates.render_file(text, entry.context), None
    except TemplateProblem as error:
        at = place(sources.delivered.root, name, error.line)
        return "", Finding(at, "template", error.message, error.suggestion)


def template_text(name: str, origin: Origin, sources: Sources) -> tuple[str, Finding | None]:
    """The text of a file of the templates folder."""
    try:
        found = sources.delivered.find(name)
    except MediaProblem as problem:
        return "", Finding(origin, "missing-file", str(problem))
    root = sources.delivered.root
    text, wrong = read_text(root, found.path.relative_to(root).as_posix())
    if wrong is None:
        return text, None
    return "", Finding(origin, wrong.rule, f"{name}: {wrong.message}", wrong.suggestion)
