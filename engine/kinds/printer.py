"""Print queues."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from engine.kinds.paths import PlainName
from engine.model.resource import Spec


def _queue_name(name: str) -> str:
    if bad := next((each for each in "\\/,!" if each in name), None):
        raise ValueError(f"{bad!r} cannot stand in the name of a printer: {name!r}")
    return name


QueueName = Annotated[PlainName, AfterValidator(_queue_name), Field(max_length=220)]


class PrinterSpec(Spec):
    """A print queue: the printer as people see it. It needs its port and its driver.

    Fields that are left out are not managed.
    """

    name: Annotated[QueueName, Field(examples=["L114-Laser"])]
    """The queue's name."""
    driver: Annotated[PlainName, Field(examples=["HP Universal Printing PCL 6"])]
    """The driver's name, exactly as Windows shows it."""
    port: Annotated[PlainName, Field(examples=["IP_10.114.0.21"])]
    """The name of the port that it prints to."""
    shared: Annotated[bool | None, Field(examples=[True])] = None
    """Offer it to other computers."""
    share_name: Annotated[QueueName | None, Field(examples=["L114-Laser"])] = None
    """The name under which it is shared; a new share without one gets the queue's name."""
    location: Annotated[str | None, Field(max_length=255, examples=["Room 114"])] = None
    """Where it stands."""
    comment: Annotated[str | None, Field(max_length=255, examples=["Duplex, no colour"])] = None
    """Anything people should know."""

    @model_validator(mode="after")
    def _share_name_is_used(self) -> Self:
        if self.share_name is not None and not self.shared:
            raise ValueError("share_name has a meaning only with shared: true")
        return self
