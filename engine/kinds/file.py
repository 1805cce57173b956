"""Files that are delivered to a host: rendered templates, and files that are copied as they are."""

from __future__ import annotations

import base64
import hashlib
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.kinds.contract import Dependency, Difference, Impossible, Kind, Part, Removal
from engine.kinds.encoding import Encoding, LineEndings, decode, encode
from engine.kinds.paths import LocalEntryPath, Sha256, ancestors, is_drive_root, parent_path
from engine.kinds.replies import Unreadable, unknown_if_unreadable
from engine.model.base import State
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers, Content, Missing, Query, ReadFile, Unread
from engine.model.resource import Spec
from engine.model.source import ProjectSourceText
from engine.model.step import InlineContent, MakeDirectory, PutFile, RemoveFile, SourceContent, Step

_TEXT_LIMIT = 256 * 1024  # bytes that a plan and a ledger of many resources can well carry


class TextContent(Part):
    """Text that the manifest or a template gave."""

    type: Literal["text"] = "text"
    text: str
    """The text, with any line endings."""
    encoding: Encoding = "utf-8"
    """How it is stored: `utf-8`, `utf-8-bom`, `utf-16` (little endian, with mark), `ascii` or `cp1252`."""
    line_endings: LineEndings = "crlf"
    """How its lines end: `crlf`, as Windows' own programs expect, or `lf`."""

    @model_validator(mode="after")
    def _can_be_stored(self) -> Self:
        if len(encode(self.text, self.encoding, self.line_endings)) > _TEXT_LIMIT:
            raise ValueError(f"more than {_TEXT_LIMIT // 1024} KB of text; deliver it as a source file")
        return self


class SourceFile(Part):
    """A file of the manifests folder, copied byte by byte."""

    type: Literal["source"] = "source"
    source: Annotated[ProjectSourceText, Field(examples=["files/wallpaper.jpg"])]
    """Its path below the manifests folder."""
    sha256: Sha256
    """Its SHA-256: 64 hexadecimal digits."""
    size: Annotated[int, Field(ge=0)]
    """Its size in bytes."""


class Delivered(Part):
    """What the ledger keeps of a file: enough to tell whether it is still the one that was delivered."""

    type: Literal["delivered"] = "delivered"
    sha256: Sha256
    """SHA-256 of the delivered bytes."""


class FileSpec(Spec):
    """A file with exactly this content.

    Its permissions are those of its folder, or those it has already. When it is no longer declared it is
    deleted, unless it has been changed on the host since: then it stays, unmanaged. Declared absent, it is
    deleted whatever it holds.
    """

    path: Annotated[LocalEntryPath, Field(examples=[r"C:\ProgramData\Bcps\labs.ini"])]
    """The file's full path on the host. The folders above it are created as needed."""
    content: Annotated[TextContent | SourceFile | Delivered | None, Field(discriminator="type")] = None
    """What it holds. Left out only where the file is declared absent."""


def _query(spec: FileSpec) -> ReadFile:
    limit = _TEXT_LIMIT if isinstance(spec.content, TextContent) else 0
    return ReadFile(path=spec.path, limit=limit)


def _observe(spec: FileSpec) -> tuple[Query, ...]:
    return (_query(spec),)


def _digest_text(sha256: str) -> str:
    return f"sha256:{sha256}"


@unknown_if_unreadable
def _parse(spec: FileSpec, answers: Answers) -> Observation:
    match answers.get(_query(spec)):
        case Missing():
            return Absent()
        case Content() as content:
            return Present(state={"content": _observed_content(spec, content)})
        case Unread(reason=reason):
            raise Unreadable(f"content: {reason}")
        case _:
            raise Unreadable("content: not answered")


def _observed_content(spec: FileSpec, content: Content) -> str:
    """The text, where these bytes are a text in the wanted encoding: then equal texts are equal bytes."""
    if isinstance(spec.content, TextContent) and len(content.head) == content.size:
        text = decode(content.head, spec.content.encoding)
        if text is not None:
            return text
    return _digest_text(content.sha256)


def _bytes(content: TextContent) -> bytes:
    return encode(content.text, content.encoding, content.line_endings)


def _wanted(spec: FileSpec, _answers: Answers) -> State:
    match spec.content:
        case TextContent() as content:
            text = decode(_bytes(content), content.encoding)
            return {"content": _digest_text(_sha256(content)) if text is None else text}
        case SourceFile(sha256=sha256) | Delivered(sha256=sha256):
            return {"content": _digest_text(sha256)}
        case None:
            return {}


def _sha256(content: TextContent) -> str:
    return hashlib.sha256(_bytes(content)).hexdigest()


def _steps(spec: FileSpec, difference: Difference) -> tuple[Step, ...]:
    match difference.action:
        case Action.CREATE:
            folder = parent_path(spec.path)
            make = () if is_drive_root(folder) else (MakeDirectory(path=folder),)
            return (*make, _put(spec))
        case Action.UPDATE:
            return (_put(spec),)
        case Action.DELETE:
            return (RemoveFile(path=spec.path),)
        case _:
            return ()


def _put(spec: FileSpec) -> PutFile:
    match spec.content:
        case TextContent() as content:
            data = _bytes(content)
            inline = InlineContent(base64=base64.b64encode(data).decode("ascii"))
            return PutFile(path=spec.path, content=inline, sha256=_sha256(content), size=len(data))
        case SourceFile(source=source, sha256=sha256, size=size):
            return PutFile(path=spec.path, content=SourceContent(source=source), sha256=sha256, size=size)
        case _:
            raise Impossible("nothing says what the file is to hold")


def _remembered(spec: FileSpec) -> FileSpec:
    match spec.content:
        case TextContent() as content:
            return FileSpec(path=spec.path, content=Delivered(sha256=_sha256(content)))
        case SourceFile(sha256=sha256):
            return FileSpec(path=spec.path, content=Delivered(sha256=sha256))
        case _:
            return spec


def _keeps(spec: FileSpec, observed: State) -> bool:
    """A file that is no longer as it was delivered holds somebody's work."""
    return not isinstance(spec.content, Delivered) or observed.get("content") != _digest_text(
        spec.content.sha256
    )


FILE = Kind(
    name="file",
    spec=FileSpec,
    removal=Removal.DELETE,
    identity=lambda spec: spec.path,
    observe=_observe,
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
    dependencies=lambda spec: tuple(Dependency("directory", path) for path in ancestors(spec.path)),
    remembered=_remembered,
    keeps=_keeps,
)
