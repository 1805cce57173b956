"""JSON for people who review it: short things on one line, the same text for the same data."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from pydantic import JsonValue

_WIDTH = 110
_DEEPEST = 5  # levels that are opened however short their lines could be


def json_text(value: JsonValue | Mapping[str, JsonValue]) -> str:
    """Indented JSON in which what fits stays on one line, and so does what lies deep."""
    return _drawn(value, 0) + "\n"


def _drawn(value: JsonValue | Mapping[str, JsonValue], depth: int) -> str:
    inline = json.dumps(value, ensure_ascii=False)
    if depth >= _DEEPEST or len(inline) + 2 * depth <= _WIDTH or not value:
        return inline
    indent = "  " * (depth + 1)
    if isinstance(value, Mapping):
        parts = [
            f"{json.dumps(key, ensure_ascii=False)}: {_drawn(each, depth + 1)}" for key, each in value.items()
        ]
        return "{\n" + ",\n".join(indent + part for part in parts) + "\n" + "  " * depth + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        parts = [_drawn(each, depth + 1) for each in value]
        return "[\n" + ",\n".join(indent + part for part in parts) + "\n" + "  " * depth + "]"
    return inline
