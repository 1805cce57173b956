"""Steps: the typed acts of which a change is made. A plan holds them; apply only walks them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.model.base import Frozen
from engine.model.command import Statement
from engine.model.security import SecurityDescriptor
from engine.model.source import SourceText


class Invoke(Frozen):
    """Run statements in order in one pipeline; the first error ends it and fails the change."""

    type: Literal["invoke"] = "invoke"
    statements: tuple[Statement, ...]


class ExitCodes(Frozen):
    """What an installer's exit codes mean; any other code is a failure."""

    success: tuple[int, ...] = (0, 1707)
    reboot: tuple[int, ...] = (3010, 1641)  # done, and a restart is due
    retry: tuple[int, ...] = (1618,)  # another installation is running


class RunProcess(Frozen):
    """Run a native program over WinRS and wait for it."""

    type: Literal["run_process"] = "run_process"
    executable: str
    arguments: tuple[str, ...]
    timeout_seconds: int
    exit_codes: ExitCodes = ExitCodes()
    log: str | None = None  # a file on the host whose tail explains a failure


class InlineContent(Frozen):
    """Bytes that the plan itself carries, in base64: rendered templates and other small files."""

    type: Literal["inline"] = "inline"
    base64: str


class SourceContent(Frozen):
    """A file that the controller sends, too big for the plan; its digest is checked again before it is sent.

    Told as manifests tell it, so that a plan fits every checkout: see `engine.model.source`.
    """

    type: Literal["source"] = "source"
    source: SourceText


FileContent = Annotated[InlineContent | SourceContent, Field(discriminator="type")]


class PutFile(Frozen):
    """Stage a file beside its target, verify its SHA-256, move it into place, keeping the target's ACL."""

    type: Literal["put_file"] = "put_file"
    path: str
    content: FileContent
    sha256: str  # hex, lower case
    size: int  # bytes


class MakeDirectory(Frozen):
    """Create a folder and the folders above it; a folder that exists is left as it is."""

    type: Literal["make_directory"] = "make_directory"
    path: str


class SetSecurity(Frozen):
    """Write owner and discretionary ACL of a folder or file. Inherited entries are never sent."""

    type: Literal["set_security"] = "set_security"
    path: str
    descriptor: SecurityDescriptor


class RemoveFile(Frozen):
    """Delete one file; one that is gone already is no error."""

    type: Literal["remove_file"] = "remove_file"
    path: str


class RemoveDirectory(Frozen):
    """Delete a folder only if it is empty; a folder with anything in it is a failure that says so."""

    type: Literal["remove_directory"] = "remove_directory"
    path: str


FileStep = PutFile | MakeDirectory | SetSecurity | RemoveFile | RemoveDirectory
Step = Annotated[
    Invoke | RunProcess | PutFile | MakeDirectory | SetSecurity | RemoveFile | RemoveDirectory,
    Field(discriminator="type"),
]
