"""What a host says a resource is now."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from engine.model.base import Frozen, State


class Present(Frozen):
    """The resource exists and looks like this, in canonical form."""

    type: Literal["present"] = "present"
    state: State


class Absent(Frozen):
    """The host said clearly that the resource does not exist."""

    type: Literal["absent"] = "absent"


class Unknown(Frozen):
    """It could not be read, or what came back makes no sense. Never treated as absent."""

    type: Literal["unknown"] = "unknown"
    reason: str


Observation = Annotated[Present | Absent | Unknown, Field(discriminator="type")]
