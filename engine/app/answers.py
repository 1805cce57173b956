"""What a command gave, as text for people."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime

from engine.model.query import EnumValue, PsObject, PsValue


def lines_of(values: Iterable[PsValue]) -> Iterator[str]:
    """One line a plain value; objects as a list of their properties, with an empty line between."""
    for number, value in enumerate(values):
        if isinstance(value, PsObject) and value.properties:
            if number:
                yield ""
            width = max(len(name) for name in value.properties)
            for name, inner in value.properties.items():
                yield f"{name:<{width}} : {_in_line(inner)}"
        else:
            yield _in_line(value)


def _in_line(value: PsValue) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value)
        case EnumValue(text=text):
            return text
        case PsObject():
            return value.text or value.type_name
        case bytes():
            return value.hex(" ")
        case datetime():
            return value.isoformat()
        case tuple():
            return "{" + ", ".join(_in_line(item) for item in value) + "}"
        case _:
            return str(value)
