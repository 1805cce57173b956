"""profiles/<name>.yaml."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.manifest.documents.base import Document, Identifier, ProfileUse, Text, VariableValue


class Parameter(Document):
    """A value that whoever applies the profile gives."""

    type: Literal["text", "number", "switch", "list"] = "text"
    """`text`, `number` (a whole number), `switch` (`true` or `false`) or `list` (of texts)."""
    description: Annotated[Text | None, Field(examples=["The printer's queue on the school's server"])] = None
    """What it is for."""
    default: Annotated[VariableValue | None, Field(examples=["L114-Laser", 9100, True])] = None
    """Its value where none is given. A parameter without default must be given."""
    choices: Annotated[
        Annotated[tuple[Text, ...], Field(min_length=1)] | None, Field(examples=[["quiet", "loud"]])
    ] = None
    """The only texts allowed."""


class ProfileDocument(Document):
    """A named bundle of resources. Its resources stand under their sections, as in a school's file."""

    profile: Annotated[Identifier, Field(examples=["computer-lab"])]
    """The profile's name: the name of its file."""
    description: Annotated[Text | None, Field(examples=["A computer lab with a default printer"])] = None
    """What it makes of a host."""
    parameters: dict[str, Parameter] = Field(
        default_factory=dict, examples=[{"default_printer": {"type": "text"}}]
    )
    """What whoever applies it may or must say; resources use it as `{{ parameters.NAME }}`."""
    profiles: Annotated[tuple[ProfileUse, ...], Field(examples=[[{"use": "workstation"}]])] = ()
    """Other profiles that it brings along."""
