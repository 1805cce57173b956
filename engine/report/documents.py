"""The documents themselves: JSON out, and JSON back in."""

from __future__ import annotations

from pydantic import TypeAdapter, ValidationError

from engine.model.plan import Plan
from engine.model.result import RunResult

Document = Plan | RunResult

_DOCUMENT: TypeAdapter[Document] = TypeAdapter(Document)


class NotADocument(ValueError):
    """The bytes are no plan and no result of a run that this version can read."""


def to_json(document: Document) -> str:
    """The document as indented JSON, ending in a newline."""
    return document.model_dump_json(indent=2) + "\n"


def from_json(data: bytes) -> Document:
    """Read back what `to_json` wrote.

    Raises:
        NotADocument: it is something else.
    """
    try:
        return _DOCUMENT.validate_json(data)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise NotADocument(f"not a plan or run of Rollcall: {first['msg']}") from None
