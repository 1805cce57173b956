"""Windows services."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from engine.kinds.contract import Difference, Impossible, Kind, Removal
from engine.kinds.paths import PlainName
from engine.kinds.registry import Place, stored, value_query
from engine.kinds.replies import Unreadable, single, single_or_absent, unknown_if_unreadable, word
from engine.model.base import State
from engine.model.command import Argument, Statement
from engine.model.observation import Observation, Present
from engine.model.plan import Action
from engine.model.query import Answers, Ask, Query
from engine.model.resource import Spec
from engine.model.step import ExitCodes, Invoke, RunProcess, Step
from engine.model.words import quoted


def _service_name(name: str) -> str:
    if re.search(r'[\\/"]', name):
        raise ValueError(f"not the name of a service: {quoted(name)}")
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
    def _can_be(self) -> Self:
        if self.start == "disabled" and self.state == "running":
            raise ValueError("a disabled service cannot be started")
        return self


_NOT_INSTALLED = ("NoServiceFoundForGivenName",)
# Microsoft, "ServiceControllerStatus Enum" and "ServiceStartMode Enum"; the texts are those of the enums.
_STATUS = {
    1: "Stopped",
    2: "StartPending",
    3: "StopPending",
    4: "Running",
    5: "ContinuePending",
    6: "PausePending",
    7: "Paused",
}
_START_TYPE = {0: "Boot", 1: "System", 2: "Automatic", 3: "Manual", 4: "Disabled"}
_STARTUP = {"automatic": "Automatic", "manual": "Manual", "disabled": "Disabled"}
_SC_TIMEOUT = 60  # seconds


def _service_query(spec: ServiceSpec) -> Ask:
    return Ask(
        statement=Statement.of("Get-Service", {"Name": spec.name}),
        properties=("Name", "Status", "StartType"),
        together="Name",
    )


def _delayed_query(spec: ServiceSpec) -> Ask:
    """Get-Service of PowerShell 5.1 does not tell a delayed start from an automatic one; this value does."""
    subkey = rf"SYSTEM\CurrentControlSet\Services\{spec.name}"
    return value_query(Place(hive="HKLM", subkey=subkey, name="DelayedAutostart"))


def _observe(spec: ServiceSpec) -> tuple[Query, ...]:
    return (_service_query(spec), _delayed_query(spec))


def _marked_delayed(spec: ServiceSpec, answers: Answers) -> bool:
    value = stored(single(answers, _delayed_query(spec)))
    return value is not None and value.type == "dword" and value.data != 0


@unknown_if_unreadable
def _parse(spec: ServiceSpec, answers: Answers) -> Observation:
    delayed = _marked_delayed(spec, answers)
    service = single_or_absent(answers, _service_query(spec), _NOT_INSTALLED)
    if service is None:
        raise Unreadable(f"the service {spec.name} is not installed on this host")
    start = word(service, "StartType", _START_TYPE).lower()
    if start == "automatic" and delayed:
        start = "delayed"
    return Present(state={"start": start, "state": word(service, "Status", _STATUS).lower()})


def _wanted(spec: ServiceSpec, _answers: Answers) -> State:
    wanted: State = {"start": spec.start, "state": spec.state}
    return {field: value for field, value in wanted.items() if value is not None}


def _steps(spec: ServiceSpec, difference: Difference) -> tuple[Step, ...]:
    if difference.action is not Action.UPDATE:
        raise Impossible("services come and go with Windows or with software; declare that instead")
    steps: list[Step] = []
    if "start" in difference.changed and spec.start is not None:
        steps.append(_start_step(spec, spec.start, delayed=_marked_delayed(spec, difference.answers)))
    if "state" in difference.changed:
        paused = isinstance(difference.observed, Present) and difference.observed.state["state"] == "paused"
        steps.append(_state_step(spec, paused=paused))
    return tuple(steps)


def _start_step(spec: ServiceSpec, start: str, *, delayed: bool) -> Step:
    """`Set-Service` of PowerShell 5.1 neither sets nor clears the mark of a delayed start; sc.exe does."""
    if start != "delayed" and not (start == "automatic" and delayed):
        parameters: dict[str, Argument] = {"Name": spec.name, "StartupType": _STARTUP[start]}
        return Invoke(statements=(Statement.of("Set-Service", parameters),))
    return RunProcess(
        executable="sc.exe",
        arguments=("config", spec.name, "start=", "delayed-auto" if start == "delayed" else "auto"),
        timeout_seconds=_SC_TIMEOUT,
        exit_codes=ExitCodes(success=(0,), reboot=(), retry=()),
    )


def _state_step(spec: ServiceSpec, *, paused: bool) -> Step:
    command = "Stop-Service"
    if spec.state == "running":
        command = "Resume-Service" if paused else "Start-Service"
    return Invoke(statements=(Statement.of(command, {"Name": spec.name}),))


SERVICE = Kind(
    name="service",
    spec=ServiceSpec,
    removal=Removal.FORGET,
    identity=lambda spec: spec.name,
    observe=_observe,
    parse=_parse,
    wanted=_wanted,
    steps=_steps,
)
