"""Keeping a part of a host's state as a JSON file that is never seen half written."""

from __future__ import annotations

import json
import os
from pathlib import Path

from pydantic import JsonValue


class StateCorrupt(Exception):
    """A state file exists and cannot be read; it was not written by this version or was edited."""


def load(path: Path) -> JsonValue:
    """What was saved, or None where nothing ever was.

    Raises:
        StateCorrupt: the file holds something else than JSON.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return None
    try:
        value: JsonValue = json.loads(text)
    except ValueError as error:
        raise StateCorrupt(f"{path}: {error}") from error
    return value


def save(path: Path, value: JsonValue) -> None:
    """Replace the file in one step: a reader, or a start after a crash, sees the old or the new state."""
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_suffix(path.suffix + ".new")
    with beside.open("w", encoding="utf-8") as stream:
        json.dump(value, stream, ensure_ascii=False, separators=(",", ":"))
        stream.flush()
        os.fsync(stream.fileno())
    beside.replace(path)
