"""profiles/<name>.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.manifest.documents.base import Document, Identifier, ProfileUse, Text, VariableValue


class Parameter(Document):
    """A value that whoever applies the profile gives."""

    type: Literal["text", "number", "switch", "list"] = "text"
    """`text`, `number` (a whole number), `switch` (`true` or `false`) or `list` (of texts)."""
    description: Text | None = None
    """What it is for."""
    default: VariableValue | None = None
    """Its value where none is given. A parameter without default must be given."""
    choices: Annotated[tuple[Text, ...], Field(min_length=1)] | None = None
    """The only texts allowed."""


class ProfileDocument(Document):
    """A named bundle of resources. Its resources stand under their sections, as in a school's file."""

    profile: Identifier
    """The profile's name: the name of its file."""
    description: Text | None = None
    """What it makes of a host."""
    parameters: dict[str, Parameter] = Field(default_factory=dict)
    """What whoever applies it may or must say; resources use it as `{{ parameters.NAME }}`."""
    profiles: tuple[ProfileUse, ...] = ()
    """Other profiles that it brings along."""
