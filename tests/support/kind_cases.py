"""Cases of kinds as JSON: a spec, what a host answers, and what is to be made of it.

A case is an object with:
- `about`: what it shows, where its name does not say it;
- `spec`: the kind's spec;
- `answers`: one answer for each question of the kind, found by the command's name and, where a command is
  asked more than once, by its `name` parameter: `{"to": "Get-SmbShare", "output": [...], "errors": [...]}`,
  `{"to": "security", ...}`, `{"to": "file", ...}`, or with `"missing": true` or `"unread": "why"`.
  Objects are property tables; `{"enum": "Manual", "value": 1}` is a .NET enum;
- `observed`: `"absent"`, `{"present": {...}}` or `{"unknown": "a part of the reason"}`;
- `wanted`: the state, or `{"unknown": "a part of the reason"}`;
- `steps`: of the action that follows from the two, or of `"action"`; a string is what `Impossible` says;
- `keeps`: if an object that is no longer declared is kept;
- `waits`: why a change would have to wait, or an empty text;
- `exit_codes`: the meaning of exit codes in all steps that run a program.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from pydantic import JsonValue

from engine.kinds.contract import Difference, Kind
from engine.kinds.table import KINDS, spec_from_json
from engine.model.base import State
from engine.model.observation import Absent, Observation, Present, Unknown
from engine.model.plan import Action
from engine.model.query import (
    Answer,
    Answers,
    Ask,
    CommandError,
    Content,
    EnumValue,
    Missing,
    PsObject,
    PsValue,
    Query,
    ReadFile,
    ReadSecurity,
    Reply,
    Security,
    Unread,
)
from engine.model.resource import Spec
from engine.model.security import SecurityDescriptor
from engine.model.step import (
    Invoke,
    MakeDirectory,
    PutFile,
    RemoveDirectory,
    RemoveFile,
    RunProcess,
    SetSecurity,
    Step,
)

Json = dict[str, JsonValue]
FILES = sorted((Path(__file__).parents[1] / "kinds" / "cases").glob("*/*.json"))


@dataclass(frozen=True, slots=True)
class Case:
    """One case, with what the kind makes of its answers."""

    body: Json
    kind: Kind[Spec]
    spec: Spec
    answers: Answers
    observed: Observation
    wanted: State | Unknown

    def steps(self) -> tuple[Step, ...]:
        """The steps of the case's action.

        Raises:
            Impossible: the kind says that there are none.
        """
        assert not isinstance(self.observed, Unknown)
        assert not isinstance(self.wanted, Unknown)
        before = self.observed.state if isinstance(self.observed, Present) else {}
        changed = frozenset(name for name in self.wanted if before.get(name) != self.wanted[name])
        if "action" in self.body:
            action = Action(str(self.body["action"]))
        elif isinstance(self.observed, Absent):
            action = Action.CREATE
        else:
            assert changed, "nothing differs, so there are no steps"
            action = Action.REPLACE if self.kind.replaces(self.spec, changed) else Action.UPDATE
        wanted = {} if action is Action.DELETE else self.wanted
        return self.kind.steps(self.spec, Difference(action, self.observed, wanted, changed, self.answers))


def load(path: Path) -> Case:
    """Read a case and ask its kind."""
    body = cast("Json", json.loads(path.read_text(encoding="utf-8")))
    kind = KINDS[path.parent.name]
    spec = spec_from_json(kind.name, cast("Json", body["spec"]))
    answers = answers_of(kind, spec, cast("list[Json]", body["answers"]))
    observed = kind.parse(spec, answers)
    wanted = kind.wanted(spec, answers) if "wanted" in body else {}
    return Case(body, kind, spec, answers, observed, wanted)


def answers_of(kind: Kind[Spec], spec: Spec, given: list[Json]) -> Answers:
    """The case's answers by the kind's own questions; every answer must be to one of them."""
    queries = kind.observe(spec)
    answers: dict[Query, Answer] = {}
    for each in given:
        matching = [query for query in queries if _answers(query, each)]
        assert len(matching) == 1, f"{each['to']} answers {len(matching)} of the kind's questions"
        answers[matching[0]] = _answer(each)
    return answers


def _answers(query: Query, given: Json) -> bool:
    match query:
        case ReadSecurity():
            return given["to"] == "security"
        case ReadFile():
            return given["to"] == "file"
        case Ask(statement=statement):
            command = statement.commands[0]
            named = "name" not in given or dict(command.parameters).get("Name") == given["name"]
            return command.name == given["to"] and named


def _answer(given: Json) -> Answer:
    if given.get("missing"):
        return Missing()
    if "unread" in given:
        return Unread(reason=str(given["unread"]))
    if given["to"] == "security":
        descriptor = SecurityDescriptor.model_validate(given["descriptor"])
        return Security(descriptor=descriptor, is_directory=bool(given.get("directory", True)))
    if given["to"] == "file":
        head = bytes.fromhex(str(given["head"]))
        return Content(size=cast("int", given["size"]), sha256=str(given["sha256"]), head=head)
    return Reply(
        output=tuple(_value(each) for each in cast("list[JsonValue]", given.get("output", []))),
        errors=tuple(_error(each) for each in cast("list[Json]", given.get("errors", []))),
    )


def _value(given: JsonValue) -> PsValue:
    match given:
        case {"enum": str(text), "value": int(value)}:
            return EnumValue(text=text, value=value)
        case dict():
            return PsObject(type_name="Sample", properties={name: _value(v) for name, v in given.items()})
        case list():
            return tuple(_value(each) for each in given)
        case _:
            return given


def _error(given: Mapping[str, JsonValue]) -> CommandError:
    error_id = str(given["id"])
    return CommandError(
        error_id=error_id,
        category=str(given.get("category", "NotSpecified")),
        message=str(given.get("message", "")),
        target="",
        command=error_id.partition(",")[2],
    )


def shown(step: Step) -> JsonValue:
    """A step in few words, to compare and to read."""
    match step:
        case Invoke(statements=statements):
            commands = [each.commands[0] for each in statements]
            return {"invoke": [[each.name, _parameters(each.parameters)] for each in commands]}
        case RunProcess(executable=executable, arguments=arguments):
            return {"run": [executable, *arguments]}
        case PutFile(path=path, size=size):
            return {"put": path, "size": size}
        case MakeDirectory(path=path):
            return {"make": path}
        case SetSecurity(path=path, descriptor=descriptor):
            return {"secure": path, "descriptor": descriptor.model_dump(mode="json", exclude_defaults=True)}
        case RemoveFile(path=path):
            return {"remove_file": path}
        case RemoveDirectory(path=path):
            return {"remove_directory": path}


def _parameters(parameters: tuple[tuple[str, object], ...]) -> dict[str, JsonValue]:
    listed = ((name, list(value) if isinstance(value, tuple) else value) for name, value in parameters)
    return {name: cast("JsonValue", value) for name, value in listed}
