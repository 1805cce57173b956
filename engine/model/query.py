"""Questions to a host and their answers. All questions of a host travel together in one batch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from typing_extensions import TypeAliasType

from engine.model.base import Frozen
from engine.model.command import Statement
from engine.model.security import SecurityDescriptor


class Ask(Frozen):
    """Run a statement that reads; answered by a `Reply`.

    Questions that differ in the text of one parameter alone may travel in one statement, which then has all
    of their texts in it. That parameter, which the last command must take as a string[], is named by
    `together`. Each output says which question it answers in the property of that name, each error by its
    target, both without case.

    Where `properties` are named, only these of each output object are brought back, and errors without what
    surrounds them: a whole object or error record takes a few kilobytes on the wire. A null is then None, an
    enum its name, and anything that is no number, Boolean, text or list of texts is the text that it shows.
    """

    type: Literal["ask"] = "ask"
    statement: Statement
    properties: tuple[str, ...] = ()
    together: str = ""

    @model_validator(mode="after")
    def _can_be_told_apart(self) -> Self:
        if self.together and self.together not in self.properties:
            raise ValueError(f"outputs without {self.together} cannot be told apart")
        return self


class ReadSecurity(Frozen):
    """Read a folder's or file's security descriptor over SMB; answered by `Security` or `Missing`."""

    type: Literal["read_security"] = "read_security"
    path: str  # on the host: D:\Shares\Staff


class ReadFile(Frozen):
    """Read a file over SMB; answered by `Content` or `Missing`."""

    type: Literal["read_file"] = "read_file"
    path: str
    limit: int  # bytes to bring back; size and digest are of the whole file


Query = Annotated[Ask | ReadSecurity | ReadFile, Field(discriminator="type")]


@dataclass(frozen=True, slots=True)
class EnumValue:
    """A .NET enum as PowerShell sends it: its name for people and its number."""

    text: str
    value: int


# A deserialised PowerShell object as plain data. Property names keep Windows' case; look up with `prop`.
PsValue = TypeAliasType(
    "PsValue",
    "bool | int | float | str | bytes | datetime | EnumValue | tuple[PsValue, ...] | PsObject | None",
)


@dataclass(frozen=True, slots=True)
class PsObject:
    """An object that came over the wire."""

    type_name: str  # the most specific .NET or CIM type name, without the Deserialized. prefix
    properties: Mapping[str, PsValue]
    text: str = ""  # what ToString() gave on the host

    def prop(self, name: str) -> PsValue:
        """The property `name`, found without case as PowerShell does; None where there is none."""
        if name in self.properties:
            return self.properties[name]
        folded = name.casefold()
        return next((v for k, v in self.properties.items() if k.casefold() == folded), None)


@dataclass(frozen=True, slots=True)
class CommandError:
    """One PowerShell error record."""

    error_id: str  # FullyQualifiedErrorId
    category: str  # CategoryInfo.Category, for example ObjectNotFound
    message: str
    target: str  # CategoryInfo.TargetName
    command: str  # CategoryInfo.Activity


@dataclass(frozen=True, slots=True)
class Reply:
    """What one statement gave. `errors` hold everything that may have kept `output` from being complete."""

    output: tuple[PsValue, ...]
    errors: tuple[CommandError, ...] = ()


@dataclass(frozen=True, slots=True)
class Security:
    """A security descriptor, and what it belongs to."""

    descriptor: SecurityDescriptor
    is_directory: bool


@dataclass(frozen=True, slots=True)
class Content:
    """A file's size and SHA-256 (hex, lower case), with its first `limit` bytes."""

    size: int
    sha256: str
    head: bytes


@dataclass(frozen=True, slots=True)
class Missing:
    """The host said clearly that there is no such object."""


@dataclass(frozen=True, slots=True)
class Unread:
    """The question was not answered, and why: access denied, a stopped batch, a lost connection."""

    reason: str


Answer = Reply | Security | Content | Missing | Unread
Answers = Mapping[Query, Answer]
