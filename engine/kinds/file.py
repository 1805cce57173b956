"""Files that are delivered to a host: rendered templates, and files that are copied as they are."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.kinds.contract import Part
from engine.kinds.encoding import Encoding, LineEndings, encode
from engine.kinds.paths import LocalEntryPath, Sha256
from engine.model.resource import Spec

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
    """A file on the controller, copied byte by byte."""

    type: Literal["source"] = "source"
    source: Annotated[str, Field(min_length=1, examples=["files/wallpaper.jpg"])]
    """Where the file is on the controller."""
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
