"""Print queues."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Self, get_args

from pydantic import AfterValidator, Field, model_validator

from engine.kinds.contract import Dependency, Difference, Essential, Kind, Removal, essential
from engine.kinds.paths import PlainName, spelled_like
from engine.kinds.replies import (
    flag,
    single,
    single_or_absent,
    text,
    unknown_if_unreadable,
    word,
)
from engine.model.base import State
from engine.model.command import Argument, Statement
from engine.model.observation import Absent, Observation, Present
from engine.model.plan import Action
from engine.model.printing import Duplex, Paper
from engine.model.query import Answers, Ask, PsObject, Query
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
    driver: Annotated[PlainName | None, Essential(), Field(examples=["HP Universal Printing PCL 6"])] = None
    """The driver's name, exactly as Windows shows it."""
    port: Annotated[PlainName | None, Essential(), Field(examples=["IP_10.114.0.21"])] = None
    """The name of the port that it prints to."""
    shared: Annotated[bool | None, Field(examples=[True])] = None
    """Offer it to other computers."""
    share_name: Annotated[QueueName | None, Field(examples=["L114-Laser"])] = None
    """The name under which it is shared; a new share without one gets the queue's name."""
    location: Annotated[str | None, Field(max_length=255, examples=["Room 114"])] = None
    """Where it stands."""
    comment: Annotated[str | None, Field(max_length=255, examples=["Duplex, no colour"])] = None
    """Anything people should know."""
    duplex: Annotated[Duplex | None, Field(examples=["long_edge"])] = None
    """`one_sided`; or both sides, turned like a book (`long_edge`) or like a pad (`short_edge`)."""
    colour: Annotated[bool | None, Field(examples=[False])] = None
    """Print in colour where a program does not ask for anything else."""
    paper: Annotated[Paper | None, Field(examples=["Letter", "A4"])] = None
    """The paper, as Windows names it."""

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


# By number, as MSFT_PrinterConfiguration counts them; the papers' are those of DEVMODE's dmPaperSize
# (wingdi.h), where 0 and two numbers within mean no paper in particular.
_DUPLEX: Mapping[int, str] = MappingProxyType({0: "OneSided", 1: "TwoSidedLongEdge", 2: "TwoSidedShortEdge"})
_DUPLEX_WORDS: Mapping[str, Duplex] = MappingProxyType(
    {"OneSided": "one_sided", "TwoSidedLongEdge": "long_edge", "TwoSidedShortEdge": "short_edge"}
)
_BEFORE_RESERVED = 47
PAPERS: Mapping[int, str] = MappingProxyType(
    dict(
        enumerate(
            (
                "Custom",
                *get_args(Paper)[:_BEFORE_RESERVED],
                "Reserved48",
                "Reserved49",
                *get_args(Paper)[_BEFORE_RESERVED:],
            )
        )
    )
)
_OPTIONS = {"duplex": "DuplexingMode", "colour": "Color", "paper": "PaperSize"}


def _options_query(spec: PrinterSpec) -> Ask | None:
    """How the queue prints by default, where that is declared. It travels in the batch of all questions."""
    if spec.duplex is None and spec.colour is None and spec.paper is None:
        return None
    return Ask(
        statement=Statement.of("Get-PrintConfiguration", {"PrinterName": spec.name}),
        properties=("PrinterName", *_OPTIONS.values()),
    )


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
            **_options(spec, answers),
        }
    )


def _options(spec: PrinterSpec, answers: Answers) -> State:
    """The declared ones as they are; a driver need not know the others."""
    query = _options_query(spec)
    if query is None:
        return {}
    found = single(answers, query)
    state: State = {}
    if spec.duplex is not None:
        state["duplex"] = _DUPLEX_WORDS[word(found, "DuplexingMode", _DUPLEX)]
    if spec.colour is not None:
        state["colour"] = flag(found, "Color")
    if spec.paper is not None:
        state["paper"] = word(found, "PaperSize", PAPERS)
    return state


@unknown_if_unreadable
def _wanted(spec: PrinterSpec, answers: Answers) -> State:
    queue = _queue(spec, answers)
    optional: State = {
        "shared": spec.shared,
        "share_name": spec.share_name,
        "location": spec.location,
        "comment": spec.comment,
        "duplex": spec.duplex,
        "colour": spec.colour,
        "paper": spec.paper,
    }
    return {
        "driver": spelled_like(essential(spec.driver, "driver"), queue and text(queue, "DriverName")),
        "port": spelled_like(essential(spec.port, "port"), queue and text(queue, "PortName")),
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


def _set_options(spec: PrinterSpec, wanted: State) -> tuple[Statement, ...]:
    """Nothing where none of them is wanted."""
    duplex = next((name for name, each in _DUPLEX_WORDS.items() if each == wanted.get("duplex")), None)
    values = {"DuplexingMode": duplex, "Color": wanted.get("colour"), "PaperSize": wanted.get("paper")}
    parameters: dict[str, Argument] = {
        name: value for name, value in values.items() if isinstance(value, bool | str)
    }
    if not parameters:
        return ()
    return (Statement.of("Set-PrintConfiguration", {"PrinterName": spec.name, **parameters}),)


def _update(spec: PrinterSpec, difference: Difference) -> tuple[Statement, ...]:
    """Only what differs. Another driver brings its own defaults, so the options are set anew with it."""
    changed = {field: difference.wanted[field] for field in difference.changed}
    queue = _parameters(spec, changed)
    of_queue = (Statement.of("Set-Printer", queue),) if len(queue) > 1 else ()
    return (*of_queue, *_set_options(spec, difference.wanted if "driver" in changed else changed))


def _steps(spec: PrinterSpec, difference: Difference) -> tuple[Step, ...]:
    match difference.action:
        case Action.CREATE:
            parameters = _parameters(spec, difference.wanted)
            # Add-Printer's Shared is a switch, and its texts may not be empty: both are the default.
            kept = {name: value for name, value in parameters.items() if value}
            statements = (
                Statement.of("Add-Printer", kept),
                *_set_options(spec, difference.wanted),
            )
        case Action.UPDATE:
            statements = _update(spec, difference)
        case Action.DELETE:
            statements = (Statement.of("Remove-Printer", {"Name": spec.name}),)
        case _:
            return ()
    return (Invoke(statements=statements),)


def _remembered(spec: PrinterSpec) -> PrinterSpec:
    return spec.model_copy(update=dict.fromkeys(_OPTIONS))


def _observe(spec: PrinterSpec) -> tuple[Query, ...]:
    options = _options_query(spec)
    return (_query(spec),) if options is None else (_query(spec), options)


def _dependencies(spec: PrinterSpec) -> tuple[Dependency, ...]:
    needed = (("printer_port", spec.port), ("printer_driver", spec.driver))
    return tuple(Dependency(kind, name) for kind, name in needed if name is not None)


PRINTER = Kind(
    name="printer",
    spec=PrinterSpec,
    removal=Removal.DELETE,
    identity=lambda spec: spec.name,
    observe=_observe,
    remembered=_remembered,
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
    dependencies=_dependencies,
)
