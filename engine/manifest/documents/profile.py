"""profiles/<name>.yaml."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from engine.manifest.documents.base import Document, Identifier, ProfileUse, Text, VariableValue


class Parameter(Document):
    """A value that whoever applies the profile gives."""

    type: Literal["text", "number", "switch", "list", "choice"] = "text"
    """`text`, `number` (a whole number), `switch` (`true` or `false`), `list` (of texts), or `choice`: one of
    the `choices`."""
    description: Annotated[Text | None, Field(examples=["The printer's queue on the school's server"])] = None
    """What it is for."""
    default: Annotated[VariableValue | None, Field(examples=["L114-Laser", 9100, True])] = None
    """Its value where none is given. A parameter without default must be given."""
    choices: Annotated[
        Annotated[tuple[Text, ...], Field(min_length=1)] | None, Field(examples=[["quiet", "loud"]])
    ] = None
    """The only texts allowed, for a `choice` or for each item of a `list`."""

    @model_validator(mode="after")
    def _choices_fit(self) -> Self:
        if self.type == "choice" and self.choices is None:
            raise ValueError("a `choice` lists its `choices`")
        if self.choices is not None and self.type not in ("choice", "list"):
            raise ValueError(f"`choices` are for `type: choice` or `type: list`, not for `{self.type}`")
        return self


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
