"""The documents themselves: JSON out, and JSON back in."""

from __future__ import annotations

import json

from pydantic import TypeAdapter, ValidationError

from engine.model.intent import IntentDiff
from engine.model.plan import Plan
from engine.model.result import RunResult

Document = Plan | RunResult

_WORDS = {"missing": "is missing", "extra_forbidden": "is not known"}  # by pydantic's types of errors
_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


class NotADocument(ValueError):
    """The bytes are no plan and no result of a run that this version can read."""


def to_json(document: Document) -> str:
    """The document as indented JSON, ending in a newline."""
    return document.model_dump_json(indent=2) + "\n"


def intent_json(diff: IntentDiff) -> str:
    """A difference of intents as indented JSON, ending in a newline."""
    return diff.model_dump_json(indent=2) + "\n"


def from_json(data: bytes) -> Document:
    """Read back what `to_json` wrote.

    Raises:
        NotADocument: it is something else.
    """
    try:
        return _DOCUMENT.validate_json(data)
    except ValidationError:
        raise NotADocument(_why(data)) from None


def _why(data: bytes) -> str:
    """What is wrong with bytes that are no document. The input itself is left out: it may be anything."""
    if not data.strip():
        return "the file is empty"
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return "it is no JSON, and so neither a plan nor the result of a run"
    if not isinstance(found, dict) or not {"changes", "results", "format_version"} & found.keys():
        return "it is neither a plan nor the result of a run"
    what, kind = ("the result of a run", RunResult) if "results" in found else ("a plan", Plan)
    try:
        TypeAdapter[Document](kind).validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        if first["type"] == "value_error":
            return first["msg"].removeprefix("Value error, ")
        place = ".".join(map(str, first["loc"]))[:80]
        return f"it is not as {what} is: {place} {_WORDS.get(first['type'], 'is not as it must be')}"
    return "it is neither a plan nor the result of a run"
