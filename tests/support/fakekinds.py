"""Kinds for tests of the planner and the executor: one of commands, one of files, one of programs."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping

from engine.kinds.contract import Dependency, Difference, Kind, Removal
from engine.kinds.table import for_any_spec
from engine.model.address import Address
from engine.model.base import FieldValue, State
from engine.model.command import Statement
from engine.model.ledger import LedgerEntry
from engine.model.observation import Absent, Observation, Present, Unknown
from engine.model.plan import Action
from engine.model.query import Answers, Ask, Content, Missing, PsObject, Query, ReadFile, Reply
from engine.model.resource import Spec
from engine.model.step import InlineContent, Invoke, PutFile, RemoveFile, RunProcess, Step


class ThingSpec(Spec):
    """An object of commands. The field `shape` can only change by making it anew."""

    name: str
    fields: dict[str, str]
    on: str = ""  # another thing that it stands on


class PaperSpec(Spec):
    """A file with a text; people's data, so that it is kept when no longer declared."""

    path: str
    text: str


class ProgramSpec(Spec):
    """Something installed by running a program."""

    name: str
    version: str
    waits_for: str = ""  # a process that must not be running


def ask(command: str, name: str) -> Ask:
    return Ask(statement=Statement.of(command, {"Name": name}))


def _reported(query: Ask, answers: Answers) -> Observation:
    answer = answers.get(query)
    if not isinstance(answer, Reply):
        return Unknown(reason=f"{query.statement.commands[0].name} was not answered")
    if answer.errors:
        return Unknown(reason=answer.errors[0].message)
    if not answer.output:
        return Absent()
    found = answer.output[0]
    if not isinstance(found, PsObject):
        return Unknown(reason="not an object")
    state: State = {name: str(value) for name, value in found.properties.items()}
    return Present(state=state)


def _thing_parse(spec: ThingSpec, answers: Answers) -> Observation:
    """A field that was never set is an empty text, as in many a Windows object."""
    found = _reported(ask("Get-Thing", spec.name), answers)
    if not isinstance(found, Present):
        return found
    return Present(state={**dict.fromkeys(spec.fields, ""), **found.state})


def _thing_steps(spec: ThingSpec, difference: Difference) -> tuple[Step, ...]:
    remove = Statement.of("Remove-Thing", {"Name": spec.name})
    wanted = json.dumps(difference.wanted, sort_keys=True)
    write = Statement.of("Set-Thing", {"Name": spec.name, "Fields": wanted})
    statements = {Action.DELETE: (remove,), Action.REPLACE: (remove, write)}
    return (Invoke(statements=statements.get(difference.action, (write,))),)


THING: Kind[ThingSpec] = Kind(
    name="thing",
    spec=ThingSpec,
    removal=Removal.DELETE,
    identity=lambda spec: spec.name,
    observe=lambda spec: (ask("Get-Thing", spec.name),),
    parse=_thing_parse,
    wanted=lambda spec, _answers: _wanted_fields(spec),
    steps=_thing_steps,
    replaces=lambda _spec, fields: "shape" in fields,
    dependencies=lambda spec: (Dependency("thing", spec.on),) if spec.on else (),
)


def _wanted_fields(spec: ThingSpec) -> State:
    fields: dict[str, FieldValue] = {**spec.fields}
    return fields


def _paper_parse(spec: PaperSpec, answers: Answers) -> Observation:
    match answers.get(ReadFile(path=spec.path, limit=1000)):
        case Missing():
            return Absent()
        case Content(head=head):
            return Present(state={"text": head.decode()})
        case other:
            return Unknown(reason=f"no content but {type(other).__name__}")


def _paper_steps(spec: PaperSpec, difference: Difference) -> tuple[Step, ...]:
    if difference.action is Action.DELETE:
        return (RemoveFile(path=spec.path),)
    return (put_file(spec.path, spec.text),)


def put_file(path: str, text: str) -> PutFile:
    data = text.encode()
    return PutFile(
        path=path,
        content=InlineContent(base64=base64.b64encode(data).decode()),
        sha256=hashlib.sha256(data).hexdigest(),
        size=len(data),
    )


PAPER: Kind[PaperSpec] = Kind(
    name="paper",
    spec=PaperSpec,
    removal=Removal.FORGET,
    identity=lambda spec: spec.path,
    observe=lambda spec: (ReadFile(path=spec.path, limit=1000),),
    parse=_paper_parse,
    wanted=lambda spec, _answers: {"text": spec.text},
    steps=_paper_steps,
)


def _program_steps(spec: ProgramSpec, difference: Difference) -> tuple[Step, ...]:
    package = put_file(f"stage/{spec.name}", spec.version)
    setup = RunProcess(
        executable="setup.exe",
        arguments=(spec.name, "" if difference.action is Action.DELETE else spec.version),
        timeout_seconds=60,
        log=f"log/{spec.name}",
    )
    return (package, setup, RemoveFile(path=package.path))


def _program_watches(spec: ProgramSpec) -> tuple[Query, ...]:
    return (ask("Get-Running", spec.waits_for),) if spec.waits_for else ()


def _program_waits(spec: ProgramSpec, answers: Answers) -> str:
    replies = (answers.get(query) for query in _program_watches(spec))
    running = any(isinstance(reply, Reply) and reply.output for reply in replies)
    return f"{spec.waits_for} is running" if running else ""


PROGRAM: Kind[ProgramSpec] = Kind(
    name="program",
    spec=ProgramSpec,
    removal=Removal.DELETE,
    identity=lambda spec: spec.name,
    observe=lambda spec: (ask("Get-Program", spec.name), *_program_watches(spec)),
    parse=lambda spec, answers: _reported(ask("Get-Program", spec.name), answers),
    wanted=lambda spec, _answers: {"version": spec.version},
    steps=_program_steps,
    watches=_program_watches,
    waits=_program_waits,
)

KINDS: Mapping[str, Kind[Spec]] = {
    THING.name: for_any_spec(THING),
    PAPER.name: for_any_spec(PAPER),
    PROGRAM.name: for_any_spec(PROGRAM),
}

LEDGER: Query = Ask(statement=Statement.of("Get-Entry"))


def record(entry: LedgerEntry) -> Statement:
    return Statement.of("Set-Entry", {"Name": entry.address, "Entry": entry.model_dump_json()})


def erase(address: Address) -> Statement:
    return Statement.of("Remove-Entry", {"Name": address})
