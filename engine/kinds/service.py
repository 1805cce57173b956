"""Windows services."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.kinds.paths import PlainName
from engine.model.resource import Spec


def _service_name(name: str) -> str:
    if re.search(r'[\\/"]', name):
        raise ValueError(f"not the name of a service: {name!r}")
    return name


class ServiceSpec(Spec):
    """How a service that is installed on the host starts, and if it runs now.

    Services come with Windows or with software: a service that is not installed is reported and is not
    created. When it is no longer declared, it stays as it is.
    """

    name: Annotated[PlainName, AfterValidator(_service_name), Field(max_length=256, examples=["Spooler"])]
    """The service's short name, as `Get-Service` shows it; not the name for people."""
    start: Annotated[
        Literal["automatic", "delayed", "manual", "disabled"] | None, Field(examples=["disabled"])
    ] = None
    """When Windows starts it: with the computer (`automatic`), two minutes later (`delayed`), when something
    asks for it (`manual`), or never (`disabled`). Left out, it is not managed."""
    state: Annotated[Literal["running", "stopped"] | None, Field(examples=["stopped"])] = None
    """If it runs. Left out, it is not managed. A service that running ones depend on is not stopped."""

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if self.start is None and self.state is None:
            raise ValueError("say start, state, or both")
        if self.start == "disabled" and self.state == "running":
            raise ValueError("a disabled service cannot be started")
        return self
