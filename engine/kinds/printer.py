"""Print queues."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, Field, model_validator

from engine.kinds.contract import Dependency, Difference, Kind, Removal
from engine.kinds.paths import PlainName, spelled_like
from engine.kinds.replies import flag, single_or_absent, text, unknown_if_unreadable
from engine.model.base import State
from engine.model.command import Argument, Statement
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers, Ask, PsObject
from engine.model.resource import Spec
from engine.model.step import Invoke, Step
from engine.model.words import quoted


def _queue_name(name: str) -> str:
    if bad := next((each for each in "\\/,!" if each in name), None):
        raise ValueError(f"{quoted(bad)} cannot stand in the name of a printer: {quoted(name)}")
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


_NOT_FOUND = ("CmdletizationQuery_NotFound_Name", "CmdletizationQuery_NotFound")
_PARAMETERS = {
    "driver": "DriverName",
    "port": "PortName",
    "shared": "Shared",
    "share_name": "ShareName",
    "location": "Location",
    "comment": "Comment",
}


def _query(spec: PrinterSpec) -> Ask:
    return Ask(
        statement=Statement.of("Get-Printer", {"Name": spec.name}),
        properties=("Name", *_PARAMETERS.values()),
        together="Name",
    )


def _queue(spec: PrinterSpec, answers: Answers) -> PsObject | None:
    return single_or_absent(answers, _query(spec), _NOT_FOUND)


@unknown_if_unreadable
def _parse(spec: PrinterSpec, answers: Answers) -> Observation:
    queue = _queue(spec, answers)
    if queue is None:
        return Absent()
    shared = flag(queue, "Shared")
    return Present(
        state={
            "driver": text(queue, "DriverName"),
            "port": text(queue, "PortName"),
            "shared": shared,
            "share_name": text(queue, "ShareName") if shared else "",  # Windows keeps it when sharing ends
            "location": text(queue, "Location"),
            "comment": text(queue, "Comment"),
        }
    )


@unknown_if_unreadable
def _wanted(spec: PrinterSpec, answers: Answers) -> State:
    queue = _queue(spec, answers)
    optional: State = {
        "shared": spec.shared,
        "share_name": spec.share_name,
        "location": spec.location,
        "comment": spec.comment,
    }
    return {
        "driver": spelled_like(spec.driver, queue and text(queue, "DriverName")),
        "port": spelled_like(spec.port, queue and text(queue, "PortName")),
        **{field: value for field, value in optional.items() if value is not None},
    }


def _parameters(spec: PrinterSpec, wanted: State) -> dict[str, Argument]:
    parameters: dict[str, Argument] = {"Name": spec.name}
    for field, parameter in _PARAMETERS.items():
        value = wanted.get(field)
        if isinstance(value, bool | str):
            parameters[parameter] = value
    if wanted.get("shared") and "ShareName" not in parameters:
        parameters["ShareName"] = spec.share_name or spec.name
    return parameters


def _steps(spec: PrinterSpec, difference: Difference) -> tuple[Step, ...]:
    match difference.action:
        case Action.CREATE:
            parameters = _parameters(spec, difference.wanted)
            # Add-Printer's Shared is a switch, and its texts may not be empty: both are the default.
            kept = {name: value for name, value in parameters.items() if value}
            statement = Statement.of("Add-Printer", kept)
        case Action.UPDATE:
            changed = {field: difference.wanted[field] for field in difference.changed}
            statement = Statement.of("Set-Printer", _parameters(spec, changed))
        case Action.DELETE:
            statement = Statement.of("Remove-Printer", {"Name": spec.name})
        case _:
            return ()
    return (Invoke(statements=(statement,)),)


PRINTER = Kind(
    name="printer",
    spec=PrinterSpec,
    removal=Removal.DELETE,
    identity=lambda spec: spec.name,
    observe=lambda spec: (_query(spec),),
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
    dependencies=lambda spec: (
        Dependency("printer_port", spec.port),
        Dependency("printer_driver", spec.driver),
    ),
)
